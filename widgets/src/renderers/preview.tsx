/** Preview: a value at a glance, as on a node. Small, cheap, and it never runs anything. */

import { useMemo } from "react";
import type { WireBundle } from "../protocol/messages";
import { ErrorBoundary } from "./error-boundary";
import { Fragment } from "./fragment";
import { imageSource } from "./image";
import { condensed } from "./json-tree";
import { htmlOf } from "./markdown";
import { type Bundle, dataOf, jsonOf, plainText, textOf } from "./mime-view";
import { plainHtml } from "./sanitise";
import "./renderers.css";

const IMAGES = ["image/png", "image/jpeg", "image/webp", "image/gif", "image/svg+xml"];
/** Longer HTML would be slow to make harmless; the text form is shown instead. */
const MOST_HTML = 40_000;
const MOST_TEXT = 600;
const SHORT = 18;
const NUMBER = /^[-+−]?[\d.,' ]+( ?[%\p{L}°]{1,3})?$/u;

export interface PreviewProps {
  bundle: WireBundle;
  /** What it is, for readers of the screen: the name of the port. */
  label?: string;
}

export function Preview({ bundle, label }: PreviewProps) {
  const data = dataOf(bundle);
  return (
    <div className="ab-preview" title={label}>
      <ErrorBoundary of={bundle} instead={<Words text={plainText(data)} />}>
        <Glance data={data} label={label ?? "Value"} />
      </ErrorBoundary>
    </div>
  );
}

function Glance({ data, label }: { data: Bundle; label: string }) {
  for (const mime of IMAGES) {
    const source = imageSource(mime, data[mime]);
    if (source) return <img className="ab-preview-image" src={source} alt={label} />;
  }
  const html = textOf(data["text/html"]);
  if (/<table\b/i.test(html) && html.length <= MOST_HTML) return <Table html={html} />;
  const markdown = textOf(data["text/markdown"]);
  if (markdown !== "") return <Prose text={markdown.slice(0, MOST_TEXT)} />;
  const text = plainText(data);
  if (data["application/json"] !== undefined) {
    return <Json value={jsonOf(data["application/json"])} text={text} />;
  }
  return <Words text={text || textOf(data["text/latex"])} />;
}

function Table({ html }: { html: string }) {
  const content = useMemo(() => plainHtml(html), [html]);
  return <Fragment className="ab-preview-table" content={content} />;
}

function Prose({ text }: { text: string }) {
  const content = useMemo(() => plainHtml(htmlOf(text)), [text]);
  return <Fragment className="ab-preview-prose" content={content} />;
}

function Json({ value, text }: { value: unknown; text: string }) {
  if (typeof value === "object" && value !== null) {
    return <p className="ab-preview-json">{condensed(value, 120)}</p>;
  }
  return <Words text={text || textOf(value)} />;
}

/** A number is large, so that it can be read from afar. */
function Words({ text }: { text: string }) {
  const plain = text.trim();
  if (plain === "") return <p className="ab-preview-nothing">nothing</p>;
  const isNumber = plain.length <= SHORT && NUMBER.test(plain);
  const isCut = plain.length > MOST_TEXT;
  const size = isNumber ? "ab-preview-large" : "ab-preview-text";
  return <p className={size}>{isCut ? `${plain.slice(0, MOST_TEXT)}…` : plain}</p>;
}
