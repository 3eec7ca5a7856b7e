/** A value that a library draws: in a frame of its own once it is in sight, and as text below. */

import type { ValueLook } from "../protocol/messages";
import { lookOf, openStage } from "../ui/stage-frame";
import type { Late } from "./source";

const WHAT: Record<string, string> = {
  latex: "formula",
  mermaid: "diagram",
  graphviz: "graph",
  plotly: "chart",
  vega: "chart",
};

/** Until it is drawn, and where it cannot be, the text stands open. */
export function drawn(value: ValueLook, late: Late, text: Node): HTMLElement {
  const box = document.createElement("div");
  const place = document.createElement("div");
  place.className = "ab-drawn";
  const source = document.createElement("details");
  source.className = "ab-drawn-source";
  source.open = true;
  const summary = document.createElement("summary");
  summary.textContent = "As text";
  source.append(summary, text);
  box.append(place, source);

  const what = WHAT[value.stage] ?? "value";
  let shown: boolean | undefined;
  let close = () => {};
  const fail = (why: string) => {
    close();
    source.open = true;
    place.dataset.state = "failed";
    place.textContent = why && `This ${what} cannot be drawn: ${why.slice(0, 300)}`;
  };
  const draw = async () => {
    const isDark = place.closest(".ab-dark") !== null;
    if (shown === isDark) return;
    shown = isDark;
    try {
      const code = await late(value.stage);
      if (shown !== isDark || !place.isConnected) return;
      close();
      place.dataset.state = "coming";
      place.textContent = "";
      close = openStage(place, {
        js: code.js,
        css: code.css,
        data: dataOf(value),
        look: lookOf(place, isDark),
        title: what,
        onDrawn() {
          place.dataset.state = "drawn";
          source.open = false;
        },
        onFault: fail,
      });
    } catch {
      fail(""); // a kernel that is gone, or a page without the program
    }
  };

  const theme = new MutationObserver(() => void draw());
  const sight = new IntersectionObserver((entries) => {
    const isSeen = entries.some((it) => it.isIntersecting);
    if (isSeen && shown === undefined) {
      const root = place.closest(".ab-root");
      if (root) theme.observe(root, { attributes: true, attributeFilter: ["class"] });
      void draw();
    } else if (!place.isConnected && shown !== undefined) {
      theme.disconnect();
      sight.disconnect();
      close();
    }
  });
  sight.observe(box);
  return box;
}

/** Charts are objects: of WebGL among their traces the frame has to know. */
function dataOf({ stage, staged }: ValueLook): unknown {
  if (stage !== "plotly" && stage !== "vega") return staged;
  try {
    return JSON.parse(staged);
  } catch {
    return staged;
  }
}
