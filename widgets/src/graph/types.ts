/** Types of ports: their colours, and whether a link between two of them makes sense. */

import type { WirePort } from "../protocol/messages";

const COLOURS: Record<string, string> = {
  text: "text",
  number: "number",
  "whole number": "number",
  boolean: "boolean",
  list: "list",
  set: "list",
  tuple: "list",
  dictionary: "dictionary",
  table: "table",
  image: "image",
  chart: "chart",
  date: "time",
  time: "time",
  "date and time": "time",
  file: "file",
  bytes: "file",
  any: "any",
  anything: "any",
  nothing: "any",
};
const OWN_COLOURS = 4;

/** Types that an input of the first also takes. */
const WIDER: Record<string, readonly string[]> = { number: ["whole number"] };

const isAny = (types: readonly string[]) =>
  types.length === 0 || types.some((type) => type === "any" || type === "anything");

/** A number for a text, the same every time. */
export function hashOf(text: string): number {
  let hash = 7;
  for (const letter of text) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return hash;
}

/** The CSS colour of the first of the types; `error` ports have their own. */
export function typeColour(types: readonly string[], port = ""): string {
  if (port === "error") return "var(--ab-type-error)";
  const [first = "any"] = types;
  const own = `own-${(hashOf(first) % OWN_COLOURS) + 1}`;
  return `var(--ab-type-${COLOURS[first] ?? own})`;
}

export type Ends = Pick<WirePort, "name" | "types" | "type_name">;

/**
 * Why output `source` should not be linked to input `target`; null when it may.
 *
 * This is only for dimming what does not fit while a link is drawn: the kernel decides.
 */
export function whyNotLink(source: Ends, target: Ends): string | null {
  if (isAny(source.types) || isAny(target.types)) return null;
  const taken = new Set(target.types.flatMap((type) => [type, ...(WIDER[type] ?? [])]));
  if (source.types.some((type) => taken.has(type))) return null;
  return (
    `“${source.name}” gives ${source.type_name},` +
    ` “${target.name}” takes ${target.type_name}.`
  );
}
