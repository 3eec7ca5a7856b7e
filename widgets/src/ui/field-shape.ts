/** What kind of field a port asks for, read from its JSON schema as pydantic writes it. */

export type Schema = Readonly<Record<string, unknown>>;

export type Choice = { value: unknown; label: string };

/** Limits of a number; `above` and `below` are not reached themselves. */
export interface Bounds {
  min?: number;
  max?: number;
  above?: number;
  below?: number;
}

export type Shape =
  | { kind: "text"; suggestions?: readonly string[] }
  | { kind: "secret" }
  | { kind: "long" }
  | { kind: "code" }
  | { kind: "anything" }
  | ({ kind: "number"; isWhole: boolean } & Bounds)
  | { kind: "boolean" }
  | { kind: "choice"; choices: readonly Choice[] }
  | { kind: "moment"; input: "date" | "time" | "datetime-local" }
  | { kind: "list"; item: Shape }
  | { kind: "dictionary"; item: Shape }
  | { kind: "json"; holds: "list" | "dictionary" | "any"; hint: string }
  | { kind: "linked"; what: string };

/** Strings of these formats have a field of their own. */
const FORMATS: Readonly<Record<string, Shape>> = {
  code: { kind: "code" },
  "long-text": { kind: "long" },
  textarea: { kind: "long" },
  markdown: { kind: "long" },
  password: { kind: "secret" },
  date: { kind: "moment", input: "date" },
  time: { kind: "moment", input: "time" },
  "date-time": { kind: "moment", input: "datetime-local" },
  binary: { kind: "linked", what: "bytes" },
};

const MAX_DEPTH = 20;

/** The shape of a schema. What it cannot read becomes "anything", never an error. */
export function shapeOf(schema: unknown): Shape {
  const root = asSchema(schema);
  return read(root, root, 0);
}

function read(schema: Schema, root: Schema, depth: number): Shape {
  const plain = resolve(schema, root);
  if (depth > MAX_DEPTH) return { kind: "anything" };
  const members = alternatives(plain);
  if (members) return readUnion(members, root, depth);
  if (typeof plain.kind === "string") return { kind: "linked", what: plain.kind };
  if ("const" in plain) return choice([plain.const]);
  if (Array.isArray(plain.enum)) return choice(plain.enum);
  return readType(plain, root, depth);
}

function readType(schema: Schema, root: Schema, depth: number): Shape {
  switch (schema.type) {
    case "string":
      return FORMATS[String(schema.format)] ?? { kind: "text", ...suggested(schema) };
    case "integer":
    case "number":
      return { kind: "number", isWhole: schema.type === "integer", ...bounds(schema) };
    case "boolean":
      return { kind: "boolean" };
    case "array":
      return readList(schema, root, depth);
    case "object":
      return readObject(schema, root, depth);
    default:
      return { kind: "anything" };
  }
}

/** What may be chosen, where anything else may be written as well. */
function suggested({ examples }: Schema): { suggestions?: readonly string[] } {
  const texts = Array.isArray(examples) ? examples : [];
  const suggestions = texts.filter((one) => typeof one === "string");
  return suggestions.length > 0 ? { suggestions } : {};
}

function readList(schema: Schema, root: Schema, depth: number): Shape {
  if (Array.isArray(schema.prefixItems)) {
    const count = schema.prefixItems.length;
    return { kind: "json", holds: "list", hint: `a list of ${count} values` };
  }
  const item = read(asSchema(schema.items), root, depth + 1);
  if (isSimple(item)) return { kind: "list", item };
  return { kind: "json", holds: "list", hint: "a list, as JSON" };
}

function readObject(schema: Schema, root: Schema, depth: number): Shape {
  const names = Object.keys(asSchema(schema.properties));
  if (names.length > 0) {
    return { kind: "json", holds: "dictionary", hint: `JSON with ${names.join(", ")}` };
  }
  const item = read(asSchema(schema.additionalProperties), root, depth + 1);
  if (isSimple(item)) return { kind: "dictionary", item };
  return { kind: "json", holds: "dictionary", hint: "a dictionary, as JSON" };
}

function readUnion(members: readonly Schema[], root: Schema, depth: number): Shape {
  const rest = members
    .map((member) => resolve(member, root))
    .filter((member) => member.type !== "null");
  const shapes = rest.map((member) => read(member, root, depth + 1));
  const [first] = shapes;
  if (!first) return { kind: "anything" };
  if (shapes.length === 1) return first;
  if (shapes.every((shape) => shape.kind === "choice")) {
    return { kind: "choice", choices: shapes.flatMap((shape) => shape.choices) };
  }
  if (shapes.every((shape) => shape.kind === "number")) {
    return { kind: "number", isWhole: shapes.every((shape) => shape.isWhole) };
  }
  return shapes.find((shape) => shape.kind === "linked") ?? { kind: "anything" };
}

/** Items that fit in one row of a list or dictionary. */
function isSimple(shape: Shape): boolean {
  return ["text", "number", "boolean", "choice", "moment", "anything"].includes(
    shape.kind,
  );
}

function choice(values: readonly unknown[]): Shape {
  const choices = values
    .filter((value) => value !== null)
    .map((value) => ({ value, label: String(value) }));
  return { kind: "choice", choices };
}

const BOUNDS = {
  minimum: "min",
  maximum: "max",
  exclusiveMinimum: "above",
  exclusiveMaximum: "below",
} as const;

function bounds(schema: Schema): Bounds {
  const found: Bounds = {};
  for (const [name, bound] of Object.entries(BOUNDS)) {
    const limit = schema[name];
    if (typeof limit === "number") found[bound] = limit;
  }
  return found;
}

function alternatives(schema: Schema): readonly Schema[] | undefined {
  const members = schema.anyOf ?? schema.oneOf;
  return Array.isArray(members) ? members.map(asSchema) : undefined;
}

/** Follows `$ref` into `$defs`, and a lone `allOf`, with the outer keys on top. */
function resolve(schema: Schema, root: Schema): Schema {
  let plain = schema;
  for (let step = 0; step < MAX_DEPTH; step += 1) {
    const inner = innerOf(plain, root);
    if (!inner) return plain;
    const { $ref: _ref, allOf: _all, ...outer } = plain;
    plain = { ...inner, ...outer };
  }
  return {};
}

function innerOf(schema: Schema, root: Schema): Schema | undefined {
  if (typeof schema.$ref === "string") {
    const name = schema.$ref.split("/").pop() ?? "";
    return asSchema(asSchema(root.$defs)[name]);
  }
  const all = schema.allOf;
  return Array.isArray(all) && all.length === 1 ? asSchema(all[0]) : undefined;
}

function asSchema(value: unknown): Schema {
  return typeof value === "object" && value !== null ? (value as Schema) : {};
}
