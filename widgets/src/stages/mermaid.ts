/** Diagrams in Mermaid, strictly: no clicks, no HTML in labels. */

import mermaid from "mermaid";
import { stage, textOf } from "./stage";

stage(async (place, data, look) => {
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    theme: look.isDark ? "dark" : "neutral",
    themeVariables: { background: "transparent" },
    fontFamily: "inherit",
    maxTextSize: 50_000,
    maxEdges: 500,
    suppressErrorRendering: true,
    deterministicIds: true,
    logLevel: "fatal",
  });
  const { svg } = await mermaid.render("diagram", textOf(data));
  place.innerHTML = svg;
});
