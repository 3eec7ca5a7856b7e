/** JSON schemas as they are written: references followed, `allOf` joined, nothing judged. */

export type Schema = Readonly<Record<string, unknown>>;

/** A schema, and the document in which what it refers to is found. */
export interface Placed {
  schema: Schema;
  root: Schema;
}

/** So many references are followed: they may go in a circle. */
const MOST_STEPS = 20;

export function asSchema(value: unknown): Schema {
  const isOne = typeof value === "object" && value !== null && !Array.isArray(value);
  return isOne ? (value as Schema) : {};
}

export function place(schema: unknown, root: unknown = schema): Placed {
  return { schema: asSchema(schema), root: asSchema(root) };
}

/** A schema with `$ref` followed and `allOf` joined, its own words on top. */
export function plainOf({ schema, root }: Placed): Schema {
  let plain = schema;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const ref = refOf(plain);
    if (ref !== undefined) {
      const { $ref, $dynamicRef, ...outer } = plain;
      plain = joined(lookUp(ref, root), outer);
    } else if (Array.isArray(plain.allOf)) {
      const { allOf, ...outer } = plain;
      const members = (allOf as unknown[]).map((one) => opened(asSchema(one), root));
      plain = [...members, outer].reduce(joined, {});
    } else {
      return plain;
    }
  }
  return {};
}

/** A dynamic reference is followed as a plain one: within one document they are the same. */
function refOf(schema: Schema): string | undefined {
  const ref = schema.$ref ?? schema.$dynamicRef;
  return typeof ref === "string" ? ref : undefined;
}

/** What stands at a `$ref`; nothing is fetched, and what is not there asks for nothing. */
function lookUp(ref: string, root: Schema): Schema {
  if (ref === "#") return root;
  if (ref.startsWith("#/")) {
    let found: unknown = root;
    for (const part of ref.slice(2).split("/")) {
      const name = decoded(part).replaceAll("~1", "/").replaceAll("~0", "~");
      found = (found as Record<string, unknown> | undefined)?.[name];
    }
    return asSchema(found);
  }
  const definitions = { ...asSchema(root.definitions), ...asSchema(root.$defs) };
  const name = ref.startsWith("#") ? ref.slice(1) : ref;
  const named = [root, ...Object.values(definitions).map(asSchema)].find((one) =>
    [one.$anchor, one.$dynamicAnchor, one.$id].includes(name),
  );
  return named ?? {};
}

/** A member of `allOf`, which may itself only refer. */
function opened(schema: Schema, root: Schema): Schema {
  const ref = refOf(schema);
  if (ref === undefined) return schema;
  const { $ref, $dynamicRef, ...outer } = schema;
  return joined(lookUp(ref, root), outer);
}

/** Two schemas that both hold, as one; where they cannot be joined, the second counts. */
function joined(first: Schema, second: Schema): Schema {
  const both: Record<string, unknown> = { ...first, ...second };
  for (const word of ["properties", "patternProperties", "$defs"]) {
    if (!(word in first) || !(word in second)) continue;
    const [left, right] = [asSchema(first[word]), asSchema(second[word])];
    const names = { ...left, ...right };
    for (const name of Object.keys(right)) {
      if (name in left)
        names[name] = joined(asSchema(left[name]), asSchema(right[name]));
    }
    both[word] = names;
  }
  if (Array.isArray(first.required) && Array.isArray(second.required)) {
    both.required = [...new Set([...first.required, ...second.required])];
  }
  // Members that decide by the value stay beside each other.
  const all = [first, second].flatMap((one) =>
    Array.isArray(one.allOf) ? one.allOf : "if" in one ? [conditionOf(one)] : [],
  );
  if (all.length > 1 && "if" in first && "if" in second) {
    for (const word of ["if", "then", "else"]) delete both[word];
    both.conditions = [...asList(first.conditions), ...all];
  } else if (Array.isArray(first.conditions)) {
    both.conditions = [...first.conditions, ...asList(second.conditions)];
  }
  if (Array.isArray(first.allOf) && Array.isArray(second.allOf)) both.allOf = all;
  return both;
}

/** What an `if` brings into force, and what its absence. */
export interface Condition {
  when: unknown;
  follows: unknown;
  otherwise: unknown;
}

function conditionOf(schema: Schema): Condition {
  const { if: when, then: follows, else: otherwise } = schema;
  return { when, follows, otherwise };
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Every `if` of a joined schema, with what follows from it. */
export function conditionsOf(plain: Schema): Condition[] {
  const own = "if" in plain ? [conditionOf(plain)] : [];
  return [...(asList(plain.conditions) as Condition[]), ...own];
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
