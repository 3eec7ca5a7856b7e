/** What shows one MIME type, and how the data of a bundle is read without surprises. */

import type { ComponentType } from "react";

export interface MimeViewProps {
  mime: string;
  data: unknown;
}

/** One family of MIME types; the first in the list that a bundle has is shown. */
export interface MimeView {
  name: string;
  shows(mime: string): boolean;
  View: ComponentType<MimeViewProps>;
}

export type Bundle = Readonly<Record<string, unknown>>;

/** The data of a bundle, whatever came: never throws, at worst it is empty. */
export function dataOf(bundle: unknown): Bundle {
  const data = isRecord(bundle) ? bundle.data : undefined;
  return isRecord(data) ? data : {};
}

export function metadataOf(bundle: unknown): Bundle {
  const metadata = isRecord(bundle) ? bundle.metadata : undefined;
  return isRecord(metadata) ? metadata : {};
}

/** Text as notebooks keep it: a string or a list of lines; other things as JSON. */
export function textOf(data: unknown): string {
  if (typeof data === "string") return data;
  if (data === undefined || data === null) return "";
  if (Array.isArray(data) && data.every((line) => typeof line === "string")) {
    return data.join("");
  }
  try {
    return JSON.stringify(data, null, 2) ?? String(data);
  } catch {
    return String(data);
  }
}

/** JSON data as a value; JSON written as text is read first. */
export function jsonOf(data: unknown): unknown {
  if (typeof data !== "string") return data;
  try {
    return JSON.parse(data);
  } catch {
    return data;
  }
}

export function plainText(data: Bundle): string {
  return withoutColours(textOf(data["text/plain"]));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a colour code is
const ANSI = /\u001b\[[0-9;]*[A-Za-z]/g;

/** Terminals colour text with codes; here they would be noise. */
export function withoutColours(text: string): string {
  return text.includes("\u001b") ? text.replace(ANSI, "") : text;
}

function isRecord(it: unknown): it is Record<string, unknown> {
  return typeof it === "object" && it !== null && !Array.isArray(it);
}
