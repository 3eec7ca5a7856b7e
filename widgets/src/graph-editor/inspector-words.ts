/** Words and texts of the inspector. */

import type { WireBundle } from "../protocol/messages";
import { dataOf, jsonOf, plainText, textOf } from "../renderers/mime-view";

export function secondsInWords(seconds: number): string {
  if (!(seconds > 0)) return "";
  if (seconds < 0.001) return "< 1 ms";
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** The first paragraph of a help text, and what comes after it. */
export function inTwo(help: string): [first: string, rest: string] {
  const [first = "", ...rest] = help.trim().split(/\n\s*\n/);
  return [first.replace(/\s*\n\s*/g, " "), rest.join("\n\n")];
}

/** A value as text for the clipboard; empty when it has no text. */
export function copyOf(bundle: WireBundle): string {
  const data = dataOf(bundle);
  const json = data["application/json"];
  if (json !== undefined) {
    const it = jsonOf(json);
    return typeof it === "string" ? it : JSON.stringify(it, null, 2);
  }
  const markdown = textOf(data["text/markdown"]);
  return markdown || plainText(data) || textOf(data["text/latex"]);
}
