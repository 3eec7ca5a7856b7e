/** The timeline of a run as an anywidget: plain DOM, as small as the run card. */

import type { Model } from "../bridge/model";
import { saveLittle } from "../bridge/saved";
import { openPanel } from "../film/panel";
import { followTheme } from "../ui/theme";
import { KernelSource } from "./kernel-source";
import "../ui/tokens.css";

interface Given {
  model: Model;
  el: HTMLElement;
}

export default {
  initialize({ model }: Omit<Given, "el">) {
    void saveLittle(model);
  },

  render({ model, el }: Given) {
    const root = document.createElement("div");
    root.className = "ab-root ab-film";
    el.append(root);
    const source = new KernelSource(model);
    const panel = openPanel(root, source);
    const unfollow = followTheme((isDark) => {
      root.classList.toggle("ab-dark", isDark);
      panel.timeline.repaint();
    });
    return () => {
      unfollow();
      panel.close();
      source.close();
      root.remove();
    };
  },
};
