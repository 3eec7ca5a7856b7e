/** The renderers of the front end, the best first. To add one, add it to this list. */

import { error } from "./error";
import { html } from "./html";
import { image } from "./image";
import { json } from "./json-tree";
import { markdown } from "./markdown";
import type { Bundle, MimeView } from "./mime-view";
import { source, text } from "./text";

export const views: readonly MimeView[] = [
  error,
  image,
  html,
  markdown,
  json,
  source,
  text,
];

/** The MIME type of a bundle to show, and what shows it. */
export function bestView(data: Bundle): { mime: string; view: MimeView } | undefined {
  const mimes = Object.keys(data).filter((mime) => data[mime] != null);
  for (const view of views) {
    const mime = mimes.find((it) => view.shows(it));
    if (mime !== undefined) return { mime, view };
  }
  return undefined;
}
