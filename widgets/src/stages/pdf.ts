/** Documents in PDF, page by page, drawn by pdf.js: no scripts, no links, no forms of theirs. */

import * as pdf from "pdfjs-dist/legacy/build/pdf.mjs";
import * as worker from "pdfjs-dist/legacy/build/pdf.worker.mjs";
import { stage, textOf } from "./stage";

// A frame that may load nothing has no worker either: it works where it stands.
Object.assign(globalThis, { pdfjsWorker: worker });

stage(async (place, data) => {
  const document = await pdf.getDocument({
    data: bytesOf(textOf(data)),
    isEvalSupported: false,
    useWasm: false,
    enableXfa: false,
    stopAtErrors: false,
    verbosity: 0,
  }).promise;
  const viewer = new Viewer(place, document);
  await viewer.show(1);
});

class Viewer {
  private readonly canvas = element("canvas", "page");
  private readonly said = element("span", "said");
  private readonly back = button("‹", "Previous page", () =>
    this.show(this.number - 1),
  );
  private readonly on = button("›", "Next page", () => this.show(this.number + 1));
  private number = 1;

  constructor(
    place: HTMLElement,
    private readonly document: pdf.PDFDocumentProxy,
  ) {
    const bar = element("div", "bar");
    bar.append(this.back, this.said, this.on);
    bar.hidden = document.numPages === 1;
    place.replaceChildren(bar, this.canvas);
    dress();
  }

  async show(number: number): Promise<void> {
    const { numPages } = this.document;
    this.number = Math.min(Math.max(number, 1), numPages);
    const page = await this.document.getPage(this.number);
    const whole = page.getViewport({ scale: 1 });
    const width = Math.min(globalThis.innerWidth - 2, whole.width * 1.25);
    const sharp = Math.min(globalThis.devicePixelRatio || 1, 2);
    const viewport = page.getViewport({ scale: (width / whole.width) * sharp });
    this.canvas.width = Math.min(viewport.width, 4000);
    this.canvas.height = Math.min(viewport.height, 6000);
    this.canvas.style.width = `${width}px`;
    const { items } = await page.getTextContent();
    const words = items.map((it) => ("str" in it ? it.str : "")).join(" ");
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute(
      "aria-label",
      `Page ${this.number}: ${words.slice(0, 2000)}`,
    );
    // As for print: what is for the screen waits for frames, and a hidden place has none.
    await page.render({ canvas: this.canvas, viewport, intent: "print" }).promise;
    this.said.textContent = `${this.number} of ${numPages}`;
    this.back.disabled = this.number === 1;
    this.on.disabled = this.number === numPages;
  }
}

function element<Tag extends "canvas" | "span" | "div">(tag: Tag, name: string) {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}

function button(sign: string, words: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.textContent = sign;
  made.title = words;
  made.setAttribute("aria-label", words);
  made.addEventListener("click", act);
  return made;
}

function dress(): void {
  const style = document.createElement("style");
  style.textContent = `
    .bar { display: flex; align-items: center; gap: 6px; padding-bottom: 6px; }
    .bar[hidden] { display: none; }
    .bar button { border: 0; border-radius: 4px; width: 24px; height: 22px; color: inherit;
      background: color-mix(in srgb, currentColor 10%, transparent); font: inherit; }
    .bar button:disabled { opacity: 0.4; }
    .said { font-variant-numeric: tabular-nums; }
    .page { display: block; max-width: 100%; background: #fff;
      outline: 1px solid color-mix(in srgb, currentColor 20%, transparent); outline-offset: -1px; }`;
  document.head.append(style);
}

function bytesOf(base64: string): Uint8Array {
  const text = atob(base64.replace(/\s+/g, ""));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
