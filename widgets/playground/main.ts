/**
 * Every widget on a fake kernel: no Jupyter, no Python.
 *
 * The address says what to show: `?graph=asking|brief|broken|crowd|pair|many|empty`, `&theme=dark`,
 * `&views=2`, `&readonly=why`; `?live=3` asks a real kernel half on the server instead.
 */

import { FakeModel } from "../src/bridge/fake-model";
import { FakeKernel } from "./fake-kernel";
import { GRAPHS } from "./graphs";
import { liveModel } from "./live-model";

interface Widget {
  initialize(given: { model: FakeModel; signal: AbortSignal }): void;
  render(given: { model: FakeModel; el: HTMLElement; signal: AbortSignal }): () => void;
}

const wanted = new URLSearchParams(location.search);
const kernel = new FakeKernel();
GRAPHS[wanted.get("graph") ?? "brief"]?.(kernel);
kernel.keep();
kernel.readOnly = wanted.get("readonly") ?? "";

performance.mark("editor-begins");
const own_id = wanted.get("own") ?? "";
const fake = { own_id, height: 560, title: kernel.name, run_status: "" };
const live = wanted.get("live");
const model = live !== null ? liveModel(live) : new FakeModel(fake, kernel.answer);
const closed = new AbortController();
const { default: create } = (await import(
  new URL("./graph-editor.js", import.meta.url).href
)) as { default: () => Widget };
const widget = create();
widget.initialize({ model, signal: closed.signal });

function addView(): void {
  const el = document.createElement("div");
  el.className = "output";
  document.querySelector("main")?.append(el);
  widget.render({ model, el, signal: closed.signal });
}

function setTheme(theme: string): void {
  document.body.dataset.jpThemeLight = String(theme !== "dark");
}

setTheme(wanted.get("theme") ?? "light");
for (let view = 0; view < Number(wanted.get("views") ?? 1); view++) addView();

document.querySelector("#theme")?.addEventListener("click", () => {
  setTheme(document.body.dataset.jpThemeLight === "true" ? "dark" : "light");
});
document.querySelector("#view")?.addEventListener("click", addView);
document.querySelector("#restart")?.addEventListener("click", () => {
  model.isDead = true;
  model.emit("comm_live_update");
});

/** Keys that came out of the widget: in a notebook they would act on the cell. */
const leaked: string[] = [];
document.addEventListener("keydown", (event) => leaked.push(event.key));
document.addEventListener("contextmenu", () => leaked.push("contextmenu"));
Object.assign(window, { playground: { model, kernel, leaked, addView, setTheme } });
