/** Markdown, with everything in it made harmless. */

import { marked } from "marked";
import { useMemo } from "react";
import { Fragment } from "./fragment";
import { type MimeView, type MimeViewProps, textOf } from "./mime-view";
import { richHtml } from "./sanitise";

/** Markdown as HTML, which is still to be made harmless. */
export function htmlOf(text: string): string {
  return marked.parse(text, { async: false, gfm: true });
}

function MarkdownView({ data }: MimeViewProps) {
  const content = useMemo(() => richHtml(htmlOf(textOf(data))), [data]);
  return <Fragment className="ab-bundle-prose" content={content} />;
}

export const markdown: MimeView = {
  name: "Markdown",
  shows: (mime) => mime === "text/markdown",
  View: MarkdownView,
};
