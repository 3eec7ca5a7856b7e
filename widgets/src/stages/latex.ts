/** Formulas, by KaTeX: no commands that reach out, and none that grow without end. */

import renderMathInElement from "katex/contrib/auto-render";
import "katex/dist/katex.min.css";
import { stage, textOf } from "./stage";

stage((place, data) => {
  let fault = "";
  place.textContent = textOf(data);
  place.style.overflowX = "auto";
  place.style.overflowY = "hidden";
  renderMathInElement(place, {
    delimiters: [
      { left: "$$", right: "$$", display: true },
      { left: "\\[", right: "\\]", display: true },
      { left: "\\(", right: "\\)", display: false },
      ...["equation", "align", "gather", "alignat", "CD"].flatMap((name) =>
        [name, `${name}*`].map((it) => ({
          left: `\\begin{${it}}`,
          right: `\\end{${it}}`,
          display: true,
        })),
      ),
      { left: "$", right: "$", display: false },
    ],
    trust: false,
    strict: "ignore",
    maxExpand: 1000,
    maxSize: 20,
    throwOnError: true,
    errorCallback: (said) => {
      fault = said;
    },
  });
  if (fault === "" && !place.querySelector(".katex")) fault = "There is no formula.";
  if (fault !== "") throw new Error(fault.replace(/^KaTeX auto-render: /, ""));
});
