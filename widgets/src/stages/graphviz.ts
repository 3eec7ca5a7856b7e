/** Graphs in the language of Graphviz, laid out by Graphviz itself. */

import { instance } from "@viz-js/viz";
import { stage, textOf } from "./stage";

stage(async (place, data, look) => {
  const ink = look.isDark ? "#d4d7dd" : "#33363d";
  const plain = { color: ink, fontcolor: ink };
  const viz = await instance();
  const drawn = viz.render(textOf(data), {
    format: "svg",
    graphAttributes: { bgcolor: "transparent", ...plain },
    nodeAttributes: { fontname: "Helvetica,Arial,sans-serif", ...plain },
    edgeAttributes: { fontname: "Helvetica,Arial,sans-serif", ...plain },
  });
  if (drawn.status !== "success") {
    throw new Error(
      drawn.errors.map((it) => it.message).join(" ") || "It is no graph.",
    );
  }
  const read = new DOMParser().parseFromString(drawn.output, "image/svg+xml");
  const svg = document.importNode(read.documentElement, true);
  svg.style.maxWidth = "100%";
  svg.style.height = "auto";
  place.replaceChildren(svg);
});
