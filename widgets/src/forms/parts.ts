/** The parts of a record: which fields it has, now that it holds what it holds. */

import { portLabel } from "../graph/names";
import type { WirePort } from "../protocol/messages";
import { looksLike, matches } from "./fits";
import {
  asSchema,
  conditionsOf,
  type Placed,
  place,
  plainOf,
  type Schema,
} from "./schema";
import { texts } from "./text-shape";
import { isRecord } from "./values";

/** One field: an input of a block, or a property of something nested. */
export interface Part {
  name: string;
  label: string;
  help: string;
  /** Its type in words, where somebody has said it. */
  typeName: string;
  placed: Placed;
  isRequired: boolean;
  isAdvanced: boolean;
  isFixed: boolean;
  isDeprecated: boolean;
  hasDefault: boolean;
  default: unknown;
}

export function partOfPort(port: WirePort): Part {
  const placed = place(port.schema);
  const plain = plainOf(placed);
  return {
    name: port.name,
    label: portLabel(port),
    help: port.help,
    typeName: port.type_name,
    placed,
    isRequired: port.required,
    isAdvanced: port.advanced,
    isFixed: plain.readOnly === true,
    isDeprecated: plain.deprecated === true,
    hasDefault: port.has_default,
    default: port.default,
  };
}

/** Every part of a record that holds `value`; `without` names those not to be shown. */
export function partsOf(
  record: Placed,
  value: Readonly<Record<string, unknown>>,
  without = "",
): Part[] {
  const { root } = record;
  const properties: Record<string, Schema> = {};
  const required = new Set<string>();
  for (const schema of inForce(record, value)) {
    for (const [name, part] of Object.entries(asSchema(schema.properties))) {
      const before = properties[name];
      const given = asSchema(part);
      properties[name] = before ? { allOf: [before, given] } : given;
    }
    for (const name of texts(schema.required)) required.add(name);
  }
  return Object.entries(properties)
    .filter(([name]) => name !== without)
    .map(([name, schema]) => partOf(name, place(schema, root), required.has(name)));
}

function partOf(name: string, placed: Placed, isRequired: boolean): Part {
  const plain = plainOf(placed);
  return {
    name,
    label: String(plain.title ?? name.replaceAll("_", " ")),
    help: String(plain.description ?? ""),
    typeName: "",
    placed,
    isRequired,
    isAdvanced: plain.advanced === true,
    isFixed: plain.readOnly === true,
    isDeprecated: plain.deprecated === true,
    hasDefault: plain.default !== undefined && plain.default !== null,
    default: plain.default,
  };
}

/** The schema of a record, and those that its value brings into force. */
function inForce(
  record: Placed,
  value: Readonly<Record<string, unknown>>,
  depth = 0,
): Schema[] {
  const plain = plainOf(record);
  if (depth > 4) return [plain];
  const { root } = record;
  const found = [plain];
  const take = (schema: unknown) =>
    found.push(...inForce(place(schema, root), value, depth + 1));
  for (const condition of conditionsOf(plain)) {
    const isSo = looksLike(value, place(condition.when, root));
    const follows = isSo ? condition.follows : condition.otherwise;
    if (follows !== undefined) take(follows);
  }
  const dependent = asSchema(plain.dependentSchemas);
  for (const [name, schema] of Object.entries(dependent)) {
    if (Object.hasOwn(value, name)) take(schema);
  }
  const needed = asSchema(plain.dependentRequired);
  for (const [name, others] of Object.entries(needed)) {
    if (Object.hasOwn(value, name)) found.push({ required: others });
  }
  return found;
}

/** Constants that a record has to hold, and that nobody needs to choose. */
export function constantsOf(parts: readonly Part[]): Record<string, unknown> {
  const fixed = parts
    .filter((part) => part.isRequired)
    .map((part) => [part.name, plainOf(part.placed)] as const)
    .filter(([, plain]) => "const" in plain);
  return Object.fromEntries(fixed.map(([name, plain]) => [name, plain.const]));
}

/** What a dictionary takes under a name; undefined where it takes nothing. */
export function entryAt({ schema, root }: Placed, name: string): Placed | undefined {
  const plain = plainOf({ schema, root });
  const patterns = Object.entries(asSchema(plain.patternProperties));
  const [, found] = patterns.find(([pattern]) => matches(pattern, name)) ?? [];
  if (found !== undefined) return place(found, root);
  // A row that has no name yet is one of those that have a pattern.
  const [first] = patterns;
  if (name === "" && first && plain.additionalProperties === false) {
    return place(first[1], root);
  }
  if (plain.additionalProperties === false) return undefined;
  return place(plain.additionalProperties, root);
}

/** Whether a record takes more than it names, or holds more already. */
export function takesMore(record: Placed, value: unknown): boolean {
  const plain = plainOf(record);
  if ("patternProperties" in plain) return true;
  const more = plain.additionalProperties;
  if (more === true || (isRecord(more) && Object.keys(more).length > 0)) return true;
  return (
    isRecord(value) && Object.keys(value).some((name) => !isNamed(record, value, name))
  );
}

export function isNamed(record: Placed, value: unknown, name: string): boolean {
  const parts = partsOf(record, isRecord(value) ? value : {});
  return parts.some((part) => part.name === name);
}
