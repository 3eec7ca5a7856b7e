/** What kind of field a value asks for, read from its JSON schema. */

import { isSame } from "../graph/same";
import { choice, distinct, titled } from "./choices";
import { asSchema, type Placed, place, plainOf, type Schema } from "./schema";
import { isSimple, type Shape, WORDS } from "./shapes";
import { readText } from "./text-shape";
import type { Bounds } from "./values";

export type { Schema } from "./schema";
export { type Choice, isSimple, type Member, type Moment, type Shape } from "./shapes";

const MAX_DEPTH = 20;

/** The shape of a schema. What it cannot read becomes "anything", never an error. */
export function shapeOf(schema: unknown): Shape {
  return shapeAt(place(schema));
}

export function shapeAt(placed: Placed, depth = 0): Shape {
  const plain = plainOf(placed);
  const { root } = placed;
  if (depth > MAX_DEPTH) return { kind: "anything" };
  if (typeof plain.kind === "string") return { kind: "linked", what: plain.kind };
  if ("const" in plain) return choice([plain.const]);
  if (Array.isArray(plain.enum)) return choice(plain.enum, plain["x-enum-labels"]);
  const members = alternatives(plain);
  if (members) return readUnion(plain, members, root, depth);
  return readType(plain, root, depth);
}

/** Whether a field that is empty may mean "nothing" as a value of its own. */
export function takesNull(placed: Placed): boolean {
  const plain = plainOf(placed);
  if (plain.type === "null") return true;
  if (Array.isArray(plain.enum)) return plain.enum.includes(null);
  const members = alternatives(plain) ?? [];
  return members.some((one) => plainOf(place(one, placed.root)).type === "null");
}

function readType(schema: Schema, root: Schema, depth: number): Shape {
  switch (typeOf(schema)) {
    case "string":
      return readText(schema);
    case "integer":
    case "number":
      return { kind: "number", isWhole: schema.type === "integer", ...bounds(schema) };
    case "boolean":
      return { kind: "boolean" };
    case "array":
      return readList(schema, root, depth);
    case "object":
      return readObject(schema, root, depth);
    case "null":
      return choice([null]);
    default:
      return { kind: "anything" };
  }
}

/** Schemas often say what they hold without saying its type. */
function typeOf(schema: Schema): unknown {
  if (schema.type !== undefined) return schema.type;
  const has = (...words: string[]) => words.some((word) => word in schema);
  if (has("properties", "patternProperties", "required", "propertyNames")) {
    return "object";
  }
  if (has("items", "prefixItems", "minItems", "uniqueItems")) return "array";
  if (has("pattern", "minLength", "maxLength", "format")) return "string";
  return has("minimum", "maximum", "multipleOf") ? "number" : undefined;
}

function readList(schema: Schema, root: Schema, depth: number): Shape {
  const first = Array.isArray(schema.prefixItems)
    ? schema.prefixItems.map((one) => place(one, root))
    : [];
  const item = place(schema.items, root);
  const isClosed = schema.items === false || (first.length > 0 && !schema.items);
  const given = typeof schema.maxItems === "number" ? schema.maxItems : Infinity;
  const most = isClosed ? Math.min(first.length, given) : given;
  if (first.length === 0) {
    const inner = shapeAt(item, depth + 1);
    if (schema.uniqueItems === true && inner.kind === "choice") {
      return { kind: "several", choices: inner.choices };
    }
    if (inner.kind === "record" && isFlat(item, depth)) {
      return { kind: "table", row: item };
    }
    if (inner.kind === "linked") {
      return { kind: "json", holds: "list", hint: "a list, as JSON" };
    }
  }
  return { kind: "list", item, first, most };
}

/** Rows of a table hold things that fit in a cell. */
function isFlat(row: Placed, depth: number): boolean {
  const plain = plainOf(row);
  const parts = Object.values(asSchema(plain.properties));
  const isPlain = !["if", "dependentSchemas", "conditions"].some(
    (word) => word in plain,
  );
  return (
    isPlain &&
    parts.length <= 12 &&
    parts.every((part) => isSimple(shapeAt(place(part, row.root), depth + 2)))
  );
}

function readObject(schema: Schema, root: Schema, depth: number): Shape {
  const placed = { schema, root };
  const hasParts = Object.keys(asSchema(schema.properties)).length > 0;
  if (hasParts || "if" in schema || "conditions" in schema) {
    return { kind: "record", placed };
  }
  const more = place(schema.additionalProperties, root);
  if (shapeAt(more, depth + 1).kind !== "linked") return { kind: "dictionary", placed };
  return { kind: "json", holds: "dictionary", hint: "a dictionary, as JSON" };
}

function readUnion(
  outer: Schema,
  members: readonly Schema[],
  root: Schema,
  depth: number,
): Shape {
  // What stands beside the union holds for every member of it.
  const { anyOf: _any, oneOf: _one, discriminator: _by, type, ...beside } = outer;
  const { title: _title, description: _said, default: _def, ...more } = beside;
  const kind = Array.isArray(type) ? {} : type === undefined ? {} : { type };
  const placed = members
    .map((one) => place({ allOf: [{ ...kind, ...more }, one] }, root))
    .filter((one) => plainOf(one).type !== "null");
  const shapes = placed.map((one) => shapeAt(one, depth + 1));
  const [first] = shapes;
  if (!first) return { kind: "anything" };
  if (shapes.length === 1) return first;
  if (shapes.every((shape) => shape.kind === "choice")) {
    const choices = shapes.flatMap((shape, at) => titled(shape.choices, placed[at]));
    return { kind: "choice", choices: distinct(choices) };
  }
  if (shapes.every((shape) => shape.kind === "number")) {
    return { kind: "number", isWhole: shapes.every((shape) => shape.isWhole) };
  }
  const linked = shapes.find((shape) => shape.kind === "linked");
  if (linked) return linked;
  const open = shapes.filter((shape) => shape.kind === "text");
  const fixed = shapes.filter((shape) => shape.kind === "choice");
  if (open.length > 0 && open.length + fixed.length === shapes.length) {
    const labels = fixed.flatMap((shape) => shape.choices.map(({ label }) => label));
    return { kind: "text", ...(labels.length ? { suggestions: labels } : {}) };
  }
  if (shapes.every(isSimple)) return { kind: "anything" };
  const tag = tagOf(outer, placed);
  return {
    kind: "union",
    members: placed.map((one, at) => ({
      label: labelOf(one, shapes[at] as Shape, tag),
      placed: one,
      ...(tag ? { tag: { name: tag, value: constOf(one, tag) } } : {}),
    })),
  };
}

/** The property that has another constant in each member of a union. */
function tagOf(outer: Schema, members: readonly Placed[]): string | undefined {
  const said = asSchema(outer.discriminator).propertyName;
  if (typeof said === "string") return said;
  const [first] = members;
  const names = first ? Object.keys(asSchema(plainOf(first).properties)) : [];
  return names.find((name) => {
    const values = members.map((one) => constOf(one, name));
    return values.every(
      (it, at) =>
        it !== undefined && !values.slice(0, at).some((one) => isSame(one, it)),
    );
  });
}

function constOf(member: Placed, name: string): unknown {
  const part = asSchema(plainOf(member).properties)[name];
  const plain = plainOf(place(part, member.root));
  if ("const" in plain) return plain.const;
  const only = Array.isArray(plain.enum) && plain.enum.length === 1;
  return only ? (plain.enum as unknown[])[0] : undefined;
}

function labelOf(member: Placed, shape: Shape, tag: string | undefined): string {
  const tagged = tag && constOf(member, tag);
  const plain = plainOf(member);
  if (typeof plain.title === "string" && plain.title) return plain.title;
  if (tagged !== undefined && tagged !== "") return String(tagged).replaceAll("_", " ");
  if (shape.kind === "list") {
    const inner = shapeAt(shape.item).kind;
    return inner === "anything" ? "list" : `list of ${WORDS[inner]}`;
  }
  return WORDS[shape.kind];
}

const BOUNDS = {
  minimum: "min",
  maximum: "max",
  exclusiveMinimum: "above",
  exclusiveMaximum: "below",
  multipleOf: "step",
} as const;

function bounds(schema: Schema): Bounds {
  const found: Bounds = {};
  for (const [name, bound] of Object.entries(BOUNDS)) {
    const limit = schema[name];
    if (typeof limit === "number") found[bound] = limit;
  }
  return found;
}

/** What a value may be of; a list of types is as good as a union. */
function alternatives(schema: Schema): readonly Schema[] | undefined {
  const members = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(members)) {
    // `anyOf` of mere conditions (`required: […]`) asks for no other field.
    const types = members.map((one) => Object.keys(asSchema(one)));
    const isMere = types.every((words) => words.every((word) => MERE.has(word)));
    if (!isMere || members.length === 0) return members.map(asSchema);
    return undefined;
  }
  if (!Array.isArray(schema.type)) return undefined;
  return schema.type.map((type) => ({ type }));
}

const MERE = new Set(["required", "not", "if", "then", "else", "dependentRequired"]);
