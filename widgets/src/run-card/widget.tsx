/**
 * The run card: one run in a cell, its status line and its drawing, live.
 *
 * Plain DOM and no React: a card comes with every run that is shown, so it has to be tiny.
 */

import type { Model } from "../bridge/model";
import { saveLittle } from "../bridge/saved";
import { type Wait, waitRow } from "./wait-row";
import "./styles.css";

interface Given {
  model: Model;
  el: HTMLElement;
}

export default {
  initialize({ model }: Omit<Given, "el">) {
    void saveLittle(model);
  },

  render({ model, el }: Given) {
    const card = document.createElement("div");
    card.className = "ab-run-card";
    const line = document.createElement("div");
    line.className = "ab-run-line";
    line.setAttribute("role", "status");
    const waits = document.createElement("div");
    waits.className = "ab-run-waits";
    const trouble = document.createElement("p");
    trouble.className = "ab-run-trouble";
    trouble.setAttribute("role", "alert");
    const picture = document.createElement("div");
    card.append(line, waits, trouble, picture);
    el.append(card);

    const text = (name: string) => String(model.get(name) ?? "");
    const tell = () => {
      line.dataset.status = text("status");
      line.textContent = text("line");
    };
    // The drawing is our own image, made by the kernel that runs the cell.
    const draw = () => {
      picture.innerHTML = text("drawing");
    };
    const ask = () => {
      const asked = (model.get("waits") as Wait[] | undefined) ?? [];
      waits.replaceChildren(
        ...asked.map((wait) => waitRow(wait, (answer) => model.send(answer))),
      );
    };
    const complain = () => {
      trouble.textContent = text("trouble");
      if (text("trouble")) ask(); // what was sent may be sent again
    };
    const changes = {
      "change:waits": ask,
      "change:trouble": complain,
      "change:line": tell,
      "change:status": tell,
      "change:drawing": draw,
    };
    for (const [change, show] of Object.entries(changes)) model.on(change, show);
    tell();
    draw();
    ask();
    complain();
    return () => {
      for (const [change, show] of Object.entries(changes)) model.off(change, show);
    };
  },
};
