/** The kinds of fields that there are, and what each needs to know. */

import type { Placed } from "./schema";
import type { Bounds } from "./values";

export type Choice = { value: unknown; label: string };

/** One of the kinds that a value may be of; `tag` names the property that tells which. */
export interface Member {
  label: string;
  placed: Placed;
  tag?: { name: string; value: unknown };
}

export type Moment = "date" | "time" | "datetime-local";

export type Shape =
  | { kind: "text"; suggestions?: readonly string[] }
  | { kind: "secret" }
  | { kind: "long" }
  | { kind: "code"; language: string }
  | { kind: "anything" }
  | ({ kind: "number"; isWhole: boolean } & Bounds)
  | { kind: "boolean" }
  | { kind: "choice"; choices: readonly Choice[] }
  | { kind: "several"; choices: readonly Choice[] }
  | { kind: "moment"; input: Moment }
  | { kind: "colour" }
  | { kind: "file"; accept: string; isFolder: boolean }
  | { kind: "credential"; kinds: readonly string[]; hosts: readonly string[] }
  | { kind: "model"; suggestions: readonly string[] }
  | { kind: "list"; item: Placed; first: readonly Placed[]; most: number }
  | { kind: "dictionary"; placed: Placed }
  | { kind: "record"; placed: Placed }
  | { kind: "table"; row: Placed }
  | { kind: "union"; members: readonly Member[] }
  | { kind: "json"; holds: "list" | "dictionary" | "any"; hint: string }
  | { kind: "linked"; what: string };

export const WORDS: Readonly<Record<Shape["kind"], string>> = {
  text: "text",
  secret: "secret text",
  long: "long text",
  code: "code",
  anything: "anything",
  number: "number",
  boolean: "yes or no",
  choice: "choice",
  several: "several of a choice",
  moment: "moment",
  colour: "colour",
  file: "file",
  credential: "credential",
  model: "model",
  list: "list",
  dictionary: "dictionary",
  record: "fields",
  table: "table",
  union: "one of several",
  json: "JSON",
  linked: "linked",
};

const SIMPLE: readonly Shape["kind"][] = [
  "text",
  "secret",
  "number",
  "boolean",
  "choice",
  "moment",
  "colour",
  "anything",
];

/** Whether it fits in one row of a list, or a cell of a table. */
export function isSimple(shape: Shape): boolean {
  return SIMPLE.includes(shape.kind);
}
