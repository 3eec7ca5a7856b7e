/**
 * A run as one page that needs no kernel and no network: the program in it.
 *
 * What it shows lies in the page as JSON. All of that is put on the page as text or as an
 * image, or drawn in a frame of no origin: nothing that a run has said is ever taken for
 * markup.
 */

import { openPanel } from "../film/panel";
import { LocalSource, type Shared } from "./local-source";
import { overview } from "./overview";
import "../ui/tokens.css";
import "./page.css";

function open(): void {
  const held = document.getElementById("run");
  const main = document.getElementById("film");
  if (!held?.textContent || !main) return;
  const shared = JSON.parse(held.textContent) as Shared;
  document.documentElement.classList.add("ab-has-program");
  const root = document.body;
  root.classList.add("ab-root", "ab-page");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const panel = document.createElement("section");
  panel.className = "ab-film";
  const source = new LocalSource(shared);
  main.replaceChildren(...overview(shared, source.late), panel);
  const { timeline } = openPanel(panel, source);
  const theme = () => {
    root.classList.toggle("ab-dark", dark.matches);
    timeline.repaint();
  };
  dark.addEventListener("change", theme);
  theme();
}

open();
