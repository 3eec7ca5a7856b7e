/**
 * Writes src/protocol/messages.ts from the Python messages; with --check it only says
 * whether the file is up to date. PYTHON names the interpreter that has agentbench.
 */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "src/protocol/messages.ts");
const PROGRAM = `
import json
from agentbench.widgets.protocol import Protocol
print(json.dumps(Protocol.model_json_schema(mode="serialization", by_alias=True)))
`;
const BANNER = `/**
 * Generated from agentbench/widgets/protocol.py by \`npm run protocol\`. Do not edit.
 */

`;

function python() {
  const local = join(here, "../.venv/bin/python");
  return process.env.PYTHON ?? (existsSync(local) ? local : "python3");
}

function schema() {
  const printed = execFileSync(python(), ["-c", PROGRAM], { cwd: join(here, "..") });
  const whole = JSON.parse(printed.toString());
  return { ...model(whole), $defs: mapped(whole.$defs, model) };
}

const TS = {
  number: "number",
  integer: "number",
  string: "string",
  boolean: "boolean",
};

const mapped = (record, change) =>
  Object.fromEntries(Object.entries(record ?? {}).map(([key, x]) => [key, change(x)]));

/** A model keeps its title; the field that names its kind is always there. */
function model(part) {
  const named = Object.entries(part.properties ?? {}).filter(([, x]) => "const" in x);
  const required = new Set([...(part.required ?? []), ...named.map(([key]) => key)]);
  return {
    ...part,
    properties: mapped(part.properties, field),
    required: [...required],
  };
}

/** A field loses its title (it would become an alias) and says plainly what it takes. */
function field({ title, prefixItems, minItems, maxItems, ...part }) {
  if (prefixItems) {
    return { tsType: `[${prefixItems.map((item) => TS[item.type]).join(", ")}]` };
  }
  if (!["type", "$ref", "anyOf", "oneOf", "const", "enum"].some((key) => key in part)) {
    return { ...part, tsType: "unknown" };
  }
  const inner = { ...part };
  for (const key of ["items", "additionalProperties"]) {
    if (typeof part[key] === "object") inner[key] = field(part[key]);
  }
  for (const key of ["anyOf", "oneOf"]) {
    if (part[key]) inner[key] = part[key].map(field);
  }
  return inner;
}

const UNIONS = `
export type ToView = Protocol["to_view"];
export type FromView = Protocol["from_view"];
export type FromForm = Protocol["from_form"];
export type Update = Updates["updates"][number];
export type Edit = EditGraph["edits"][number];
`;

const text =
  BANNER +
  (await compile(schema(), "Protocol", {
    additionalProperties: false,
    bannerComment: "",
    unknownAny: true,
    style: { printWidth: 88 },
  })) +
  UNIONS;

if (process.argv.includes("--check")) {
  if (!existsSync(target) || readFileSync(target, "utf8") !== text) {
    console.error("src/protocol/messages.ts is out of date: run `npm run protocol`.");
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
