/**
 * Whether a value looks like one that a schema takes: to tell members of a union apart, and
 * to show what an `if` asks for. It judges nothing: the kernel does.
 */

import { isBig } from "../graph/big";
import { isSame } from "../graph/same";
import { asSchema, type Placed, plainOf, type Schema } from "./schema";
import { isRecord } from "./values";

const DEEPEST = 12;

export function looksLike(value: unknown, placed: Placed, depth = 0): boolean {
  if (depth > DEEPEST || placed.schema === undefined) return true;
  const plain = plainOf(placed);
  const inner = (schema: unknown) => ({ schema: asSchema(schema), root: placed.root });
  const like = (it: unknown, schema: unknown) =>
    schema !== false && looksLike(it, inner(schema), depth + 1);
  if (plain.type !== undefined && !isOfType(value, plain.type)) return false;
  if ("const" in plain && !isSame(value, plain.const)) return false;
  if (Array.isArray(plain.enum) && !plain.enum.some((it) => isSame(it, value))) {
    return false;
  }
  if ("not" in plain && like(value, plain.not)) return false;
  for (const word of ["anyOf", "oneOf"]) {
    const members = plain[word];
    if (Array.isArray(members) && !members.some((it) => like(value, it))) return false;
  }
  if (typeof value === "string") return isTextLike(value, plain);
  if (typeof value === "number") return isWithin(value, plain);
  if (Array.isArray(value)) {
    return !("items" in plain) || value.every((it) => like(it, plain.items));
  }
  return !isRecord(value) || isBig(value) || isRecordLike(value, plain, like);
}

function isTextLike(value: string, plain: Schema): boolean {
  const { pattern, minLength, maxLength } = plain;
  if (typeof minLength === "number" && value.length < minLength) return false;
  if (typeof maxLength === "number" && value.length > maxLength) return false;
  return typeof pattern !== "string" || matches(pattern, value);
}

function isWithin(value: number, plain: Schema): boolean {
  const { minimum, maximum } = plain;
  if (typeof minimum === "number" && value < minimum) return false;
  return typeof maximum !== "number" || value <= maximum;
}

function isRecordLike(
  value: Record<string, unknown>,
  plain: Schema,
  like: (it: unknown, schema: unknown) => boolean,
): boolean {
  const properties = asSchema(plain.properties);
  const required = Array.isArray(plain.required) ? plain.required : [];
  if (!required.every((name) => Object.hasOwn(value, String(name)))) return false;
  const isStrict = plain.additionalProperties === false;
  return Object.entries(value).every(([name, it]) => {
    if (Object.hasOwn(properties, name)) return like(it, properties[name]);
    return !isStrict || "patternProperties" in plain;
  });
}

/** Patterns of Python that JavaScript cannot read fit everything. */
export function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return true;
  }
}

function isOfType(value: unknown, type: unknown): boolean {
  if (Array.isArray(type)) return type.some((one) => isOfType(value, one));
  switch (type) {
    case "string":
      return typeof value === "string";
    case "integer":
      return Number.isInteger(value) || isBig(value);
    case "number":
      return typeof value === "number" || isBig(value);
    case "boolean":
      return typeof value === "boolean";
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isRecord(value) && !isBig(value);
    default:
      return true;
  }
}
