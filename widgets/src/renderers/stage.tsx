/**
 * What is drawn by a library, in a frame of its own, wherever our views are: formulas,
 * diagrams, charts, documents. The library comes from the kernel when the first is shown.
 */

import { type ReactNode, useContext, useEffect, useRef, useState } from "react";
import { LateAsking } from "../ui/late-asking";
import { codeOf } from "../ui/late-code";
import { lookOf, openStage } from "../ui/stage-frame";
import { useDark } from "../ui/theme";
import type { Bundle } from "./mime-view";

interface Staged {
  /** The name of the late code. */
  name: string;
  /** What it is, in a sentence on why it is not drawn. */
  what: string;
  shows: RegExp;
  /** What is better than it where a bundle has that too. */
  yields?: string;
}

/** The best first. */
const STAGES: readonly Staged[] = [
  { name: "plotly", what: "chart", shows: /^application\/vnd\.plotly\.v1\+json$/ },
  {
    name: "vega",
    what: "chart",
    shows: /^application\/vnd\.(vega(lite)?\.v\d+|agentbench\.vega)[.+]json$/,
  },
  { name: "mermaid", what: "diagram", shows: /^text\/vnd\.mermaid$/ },
  { name: "graphviz", what: "graph", shows: /^text\/vnd\.graphviz$/ },
  { name: "pdf", what: "document", shows: /^application\/pdf$/ },
  { name: "latex", what: "formula", shows: /^text\/latex$/, yields: "text/html" },
];

export interface OnStage extends Staged {
  mime: string;
}

/** What of a bundle is drawn on a stage, if anything is. */
export function stageOf(data: Bundle): OnStage | undefined {
  for (const staged of STAGES) {
    const mime = Object.keys(data).find((it) => staged.shows.test(it));
    const isBetter = staged.yields === undefined || data[staged.yields] == null;
    if (mime !== undefined && data[mime] != null && isBetter)
      return { ...staged, mime };
  }
  return undefined;
}

interface StageProps {
  on: OnStage;
  data: Bundle;
  /** Shown until it is drawn. */
  meanwhile: ReactNode;
  /** Shown where it cannot be drawn. */
  instead: ReactNode;
}

type State = "coming" | "drawn" | "failed";

export function Stage({ on, data, meanwhile, instead }: StageProps) {
  const ask = useContext(LateAsking);
  const isDark = useDark();
  const place = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<State>(ask ? "coming" : "failed");
  const [fault, setFault] = useState("");
  useEffect(() => {
    const at = place.current;
    if (!at || !ask) return;
    setState("coming");
    setFault("");
    let close = () => {};
    let isGone = false;
    const fail = (why: string) => {
      if (isGone) return;
      setFault(why);
      setState("failed");
    };
    codeOf(on.name, ask).then(
      ({ js, css }) => {
        if (isGone) return;
        close = openStage(at, {
          js,
          css,
          data: data[on.mime],
          look: lookOf(at, isDark),
          title: on.what,
          onDrawn: () => setState("drawn"),
          onFault: fail,
        });
      },
      () => fail(""), // a kernel of before, or none: what is left is shown
    );
    return () => {
      isGone = true;
      close();
    };
  }, [ask, on.name, on.mime, on.what, data, isDark]);
  return (
    <>
      {state === "coming" && meanwhile}
      {state === "failed" && fault !== "" && (
        <p className="ab-bundle-none">
          This {on.what} cannot be drawn: {fault.slice(0, 300)}
        </p>
      )}
      {state === "failed" && instead}
      <div className="ab-stage-place" data-state={state} ref={place} />
    </>
  );
}
