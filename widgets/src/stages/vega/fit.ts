/** Makes a Vega-Lite chart fit the panel it is shown in, and readable on a dark page. */

/** What is written for Vega itself is drawn as it stands. */
const isVega = (spec: Spec): boolean =>
  typeof spec.$schema === "string" && spec.$schema.includes("/schema/vega/v");
/** Charts of several parts have no width of their own. */
const PARTS = ["hconcat", "vconcat", "concat", "facet", "repeat", "spec"];
const LEAST = 200;
/** A narrow chart is at most this high, as a part of its width. */
const TALLEST = 0.8;

export type Spec = Record<string, unknown>;

export const isRecord = (it: unknown): it is Spec =>
  typeof it === "object" && it !== null && !Array.isArray(it);

/** A chart of Vega-Lite made for `width` pixels; what is written for Vega stays as it is. */
export function fitted(spec: Spec, width: number, isDark: boolean): Spec {
  return isVega(spec) ? spec : themed(sized(spec, width), isDark);
}

function sized(spec: Spec, width: number): Spec {
  const isWhole = !PARTS.some((part) => part in spec) && !hasFacets(spec.encoding);
  if (!isWhole || width < LEAST) return spec;
  const own = typeof spec.width === "number" ? spec.width : Number.POSITIVE_INFINITY;
  if (own < width) return spec;
  const most = Math.round(width * TALLEST);
  const height =
    typeof spec.height === "number" ? { height: Math.min(spec.height, most) } : {};
  const autosize = { type: "fit", contains: "padding" };
  return { ...spec, ...height, width, autosize };
}

const hasFacets = (encoding: unknown): boolean =>
  isRecord(encoding) &&
  ["row", "column", "facet"].some((channel) => channel in encoding);

/** Texts and lines that are dark unless told otherwise. What the chart says itself stays. */
export const ON_DARK: Spec = {
  background: "transparent",
  title: { color: "#e4e6ea", subtitleColor: "#b9bec7" },
  axis: {
    labelColor: "#b9bec7",
    titleColor: "#d4d7dd",
    gridColor: "#ffffff24",
    domainColor: "#ffffff4d",
    tickColor: "#ffffff4d",
  },
  legend: { labelColor: "#b9bec7", titleColor: "#d4d7dd" },
  header: { labelColor: "#b9bec7", titleColor: "#d4d7dd" },
  text: { color: "#e4e6ea" },
  view: { stroke: "#ffffff24" },
};

function themed(spec: Spec, isDark: boolean): Spec {
  if (!isDark) return spec;
  return { ...spec, config: merged(ON_DARK, isRecord(spec.config) ? spec.config : {}) };
}

function merged(under: Spec, over: Spec): Spec {
  const all = { ...under, ...over };
  for (const [key, below] of Object.entries(under)) {
    const above = over[key];
    if (isRecord(below) && isRecord(above)) all[key] = merged(below, above);
  }
  return all;
}
