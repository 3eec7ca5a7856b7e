/** The credentials as an anywidget. */

import { createRoot } from "react-dom/client";
import type { Model } from "../bridge/model";
import { saveLittle } from "../bridge/saved";
import { Desk } from "./desk";
import { Line } from "./wire";
import "../ui/tokens.css";
import "../ui/ui.css";
import "./styles.css";

interface Given {
  model: Model;
  el: HTMLElement;
}

/** The notebook's own keys (as `a` and `b`) are not for what is typed in here. */
function keepKeysInside(event: KeyboardEvent) {
  event.stopPropagation();
}

export default {
  initialize({ model }: Omit<Given, "el">) {
    void saveLittle(model);
  },

  render({ model, el }: Given) {
    const inside = document.createElement("div");
    inside.dataset.lmSuppressShortcuts = "true";
    inside.addEventListener("keydown", keepKeysInside);
    el.append(inside);
    const root = createRoot(inside);
    root.render(<Desk line={new Line(model)} />);
    return () => {
      root.unmount();
      inside.remove();
    };
  },
};
