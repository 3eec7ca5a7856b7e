/** What may be chosen, and what each choice is called. */

import { stringify } from "../graph/big";
import { isSame } from "../graph/same";
import { type Placed, plainOf } from "./schema";
import type { Choice, Shape } from "./shapes";

export function choice(values: readonly unknown[], labels?: unknown): Shape {
  const named = Array.isArray(labels) ? labels : [];
  const choices = values
    .map((value, at) => ({ value, label: String(named[at] ?? shown(value)) }))
    .filter(({ value }) => value !== null || values.length === 1);
  return { kind: "choice", choices };
}

function shown(value: unknown): string {
  if (value === null) return "nothing";
  return typeof value === "object" ? stringify(value) : String(value);
}

export function distinct(choices: readonly Choice[]): Choice[] {
  return choices.filter(
    (it, at) => !choices.slice(0, at).some((one) => isSame(one.value, it.value)),
  );
}

/** `oneOf` of constants often titles each of them. */
export function titled(
  choices: readonly Choice[],
  placed: Placed | undefined,
): Choice[] {
  const title = placed && plainOf(placed).title;
  const [only, ...rest] = choices;
  if (!only || rest.length > 0 || typeof title !== "string") return [...choices];
  return [{ ...only, label: title }];
}
