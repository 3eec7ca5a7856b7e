/** Makes the Vega-Lite chart of a bundle fit where Jupyter's own renderer shows it. */

import { fitted as fittedSpec, isRecord } from "../stages/vega/fit";
import { type Bundle, jsonOf } from "./mime-view";

const VEGALITE = /^application\/vnd\.(vegalite\.v\d+|agentbench\.vega)[.+]json$/;

/** The data with its chart, if there is one, made for `width` pixels. */
export function fitted(data: Bundle, width: number, isDark: boolean): Bundle {
  const entries = Object.entries(data).map(([mime, it]) => {
    const spec = VEGALITE.test(mime) ? jsonOf(it) : undefined;
    return [mime, isRecord(spec) ? fittedSpec(spec, width, isDark) : it] as const;
  });
  return Object.fromEntries(entries);
}
