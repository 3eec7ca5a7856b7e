/** The form in a cell, as an anywidget. */

import { createRoot } from "react-dom/client";
import { Asking } from "../bridge/asking";
import type { Model } from "../bridge/model";
import { saveLittle } from "../bridge/saved";
import { keepKeysInside } from "../ui/keep-keys";
import { Card } from "./card";
import "../ui/tokens.css";
import "../ui/ui.css";
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
    const inside = document.createElement("div");
    el.append(inside);
    const stop = new AbortController();
    keepKeysInside(el, stop.signal);
    const line = new Asking(model);
    const root = createRoot(inside);
    root.render(<Card model={model} line={line} />);
    return () => {
      root.unmount();
      line.close();
      stop.abort();
      inside.remove();
    };
  },
};
