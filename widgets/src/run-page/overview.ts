/** What stands above the timeline of a shared run: its drawing, what went in and came out. */

import { beside, shownValue } from "../film/detail";
import type { Late } from "../film/source";
import type { Shared } from "./local-source";

export function* overview(shared: Shared, late: Late): Generator<Node> {
  const head = made("header", "ab-page-head");
  head.append(
    made("h1", "", shared.about.agent || "A run"),
    made("p", "", `${shared.about.run} · ${shared.when}`),
  );
  yield head;
  if (shared.reason) yield made("p", "ab-page-reason", shared.reason);
  for (const failure of shared.failures) yield made("p", "ab-page-failure", failure);
  if (/^data:image\/svg\+xml;base64,[A-Za-z0-9+/=]+$/.test(shared.drawing)) {
    const image = document.createElement("img");
    image.className = "ab-page-drawing";
    image.src = shared.drawing;
    image.alt = "The graph of the run";
    yield image;
  }
  const values = beside([
    ...shared.inputs.map((value) => shownValue("Input", value, late)),
    ...shared.outputs.map((value) => shownValue("Output", value, late)),
  ]);
  values.classList.add("ab-page-values");
  if (values.childElementCount) yield values;
}

function made(name: string, className: string, text = ""): HTMLElement {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}
