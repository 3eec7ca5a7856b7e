/** Values as a field writes them, and what is typed as a value. */

import { isBig, isLong, parse, stringify } from "../graph/big";

/** Limits of a number; `above` and `below` are not reached themselves. */
export interface Bounds {
  min?: number;
  max?: number;
  above?: number;
  below?: number;
  /** What it is a multiple of. */
  step?: number;
}

/** What a draft means: a value, nothing at all, or not yet anything. */
export type Reading =
  | { is: "value"; value: unknown }
  | { is: "empty" }
  | { is: "unfinished"; why: string };

export const EMPTY: Reading = { is: "empty" };

export function value(it: unknown): Reading {
  return { is: "value", value: it };
}

export function unfinished(why: string): Reading {
  return { is: "unfinished", why };
}

/** The class of an object that lives only in Python, from its stand-in on the wire. */
export function liveClass(it: unknown): string | undefined {
  const named = isRecord(it) ? it.$live : undefined;
  return typeof named === "string" ? named : undefined;
}

export function isRecord(it: unknown): it is Record<string, unknown> {
  return typeof it === "object" && it !== null && !Array.isArray(it);
}

/** A value as one line or as a text, for a field that takes text. */
export function asText(it: unknown, indent?: number): string {
  if (it === undefined || it === null) return "";
  if (typeof it === "string") return it;
  return isBig(it) ? it.$int : stringify(it, indent);
}

/** A value as the field for "anything" shows it: `guess` gives it back. */
export function asAnything(it: unknown): string {
  if (typeof it !== "string") return asText(it);
  return guess(it) === it ? it : JSON.stringify(it);
}

/** What was meant: a number, boolean, list or dictionary where it reads as one, else text.
 *  Quotes around what would read as something else make it text: `"5"`. */
export function guess(text: string): unknown {
  const read = parsed(text);
  if (read === undefined || read === null) return text;
  if (typeof read !== "string") return read;
  return guess(read) === read ? text : read;
}

export function wordFor(it: unknown): string {
  if (Array.isArray(it)) return "list";
  if (isBig(it)) return "number";
  if (typeof it === "object") return "dictionary";
  if (typeof it === "number") return "number";
  return typeof it === "boolean" ? "boolean" : "text";
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

export function readText(text: string): Reading {
  return text === "" ? EMPTY : value(text);
}

export function readAnything(text: string): Reading {
  return text.trim() === "" ? EMPTY : value(guess(text));
}

export function readNumber(
  text: string,
  limits: Bounds & { isWhole: boolean },
): Reading {
  const plain = text.trim().replace(",", ".");
  if (plain === "") return EMPTY;
  const number = Number(plain);
  if (!Number.isFinite(number)) return unfinished("This is not a number yet.");
  const why = whyOutside(number, limits);
  if (why) return unfinished(why);
  return value(isLong(plain) ? { $int: plain } : number);
}

function whyOutside(number: number, limits: Bounds & { isWhole: boolean }): string {
  const { isWhole, min, max, above, below, step } = limits;
  if (isWhole && !Number.isInteger(number)) return "A whole number is needed.";
  if (min !== undefined && number < min) return `At least ${min}.`;
  if (max !== undefined && number > max) return `At most ${max}.`;
  if (above !== undefined && number <= above) return `More than ${above}.`;
  if (below !== undefined && number >= below) return `Less than ${below}.`;
  return step && !isMultiple(number, step) ? `A multiple of ${step}.` : "";
}

/** 0.3 is a multiple of 0.1, whatever binary numbers make of it. */
function isMultiple(number: number, step: number): boolean {
  const times = number / step;
  return Math.abs(times - Math.round(times)) < 1e-9 * Math.max(1, Math.abs(times));
}

export function readJson(text: string, holds: "list" | "dictionary" | "any"): Reading {
  if (text.trim() === "") return EMPTY;
  try {
    const it: unknown = parse(text);
    if (holds === "any" || wordFor(it) === holds) return value(it);
    return unfinished(
      holds === "list"
        ? "A list is needed: [1, 2]."
        : 'A dictionary is needed: {"a": 1}.',
    );
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return unfinished(`This is not JSON yet: ${detail}`);
  }
}
