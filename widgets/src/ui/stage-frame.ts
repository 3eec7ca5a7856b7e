/**
 * A stage: a frame in which a program of ours draws a value of anybody's.
 *
 * The frame is of no origin, so it reaches neither the page nor its kernel. Its policy lets
 * our program run and nothing else, and nothing be loaded. The value comes in by message,
 * after the program: no text of it is ever read as a page.
 */

import type { Look, Told } from "../stages/stage";

export interface StageGiven {
  js: string;
  css: string;
  data: unknown;
  look: Look;
  /** What the frame is, for readers of the screen. */
  title: string;
  onDrawn(): void;
  onFault(why: string): void;
}

/** A frame that has not begun after this long is not allowed to, by its host. */
const PATIENCE = 20_000;
const TALLEST = 640;

/** Programs that compile machine code, and charts in WebGL, which write small programs. */
const COMPILES = /\bWebAssembly\.instantiate\b/;

/** Puts a stage into a place, and returns how to take it away. */
export function openStage(place: HTMLElement, given: StageGiven): () => void {
  const frame = document.createElement("iframe");
  frame.className = "ab-stage";
  frame.title = given.title;
  frame.referrerPolicy = "no-referrer";
  frame.setAttribute("sandbox", "allow-scripts");
  frame.style.colorScheme = given.look.isDark ? "dark" : "light";
  frame.srcdoc = pageOf(given);
  const tooLate = setTimeout(() => given.onFault(""), PATIENCE);
  const resize = ({ height }: Told) => {
    frame.style.height = `${Math.min(Math.max(height, 16), TALLEST)}px`;
  };
  const hear = (event: MessageEvent) => {
    if (event.source !== frame.contentWindow || !isTold(event.data)) return;
    const told = event.data;
    if (told.stage === "ready") {
      clearTimeout(tooLate);
      const { data, look } = given;
      frame.contentWindow?.postMessage({ data, look }, "*");
    } else if (told.stage === "fault") given.onFault(told.fault);
    else {
      resize(told);
      if (told.stage === "drawn") given.onDrawn();
    }
  };
  addEventListener("message", hear);
  place.append(frame);
  return () => {
    clearTimeout(tooLate);
    removeEventListener("message", hear);
    frame.remove();
  };
}

/** The colour is not read from the page: while a theme changes, it is still the old one. */
export function lookOf(place: Element, isDark: boolean): Look {
  const style = getComputedStyle(place);
  return {
    isDark,
    color: isDark ? "#e2e4e8" : "#1c1d21",
    font: `${style.fontSize || "13px"} ${style.fontFamily || "sans-serif"}`,
  };
}

function isTold(it: unknown): it is Told {
  const told = it as Partial<Told> | null;
  return (
    typeof told === "object" &&
    typeof told?.stage === "string" &&
    Number.isFinite(told.height) &&
    typeof told.fault === "string"
  );
}

function pageOf({ js, css, data, look }: StageGiven): string {
  const nonce = crypto.getRandomValues(new Uint32Array(4)).join("");
  const compiles = COMPILES.test(js) ? " 'wasm-unsafe-eval'" : "";
  const policy =
    `default-src 'none'; script-src 'nonce-${nonce}'${compiles}${writes(data)};` +
    " style-src 'unsafe-inline'; img-src data: blob:; font-src data:";
  const style = `
    :root { color-scheme: ${look.isDark ? "dark" : "light"}; }
    html, body { margin: 0; background: transparent; }
    body { color: ${look.color}; font: ${look.font}; }
    .stage { display: flow-root; }
    .katex-display { margin: 0.4em 0; }
    ${css}`;
  return (
    `<!doctype html><meta charset="utf-8">` +
    `<meta http-equiv="Content-Security-Policy" content="${policy}">` +
    `<style>${style.replaceAll("</", "<\\/")}</style><body>` +
    `<script nonce="${nonce}">${unended(js)}</script>`
  );
}

/** A program that can stand in a page: nothing in it ends, or hides, its own element. */
const unended = (js: string): string =>
  js.replace(/<(?=\/script|script|!--)/gi, "\\x3C");

/** Only the few traces of Plotly that draw many points in WebGL need what this allows. */
function writes(data: unknown): string {
  const traces = (data as { data?: unknown } | null)?.data;
  const draws = (it: unknown) =>
    /gl$|^(splom|parcoords)$/.test(String((it as { type?: unknown } | null)?.type));
  return Array.isArray(traces) && traces.some(draws) ? " 'unsafe-eval'" : "";
}
