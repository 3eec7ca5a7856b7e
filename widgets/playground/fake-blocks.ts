/** The blocks of the playground: a few of each family, with something to give. */

import type { WireBlock, WireBundle, WirePort } from "../src/protocol/messages";

type Values = Record<string, unknown>;

export interface FakeBlock extends WireBlock {
  inputs(constants: Values): WirePort[];
  outputs: WirePort[];
  /** How long a firing takes, in milliseconds. */
  takes: number;
  isSticky?: boolean;
  /** What it asks before it fires; the answer is its input `answer`. */
  asks?: { text: string; choices: string[] };
  fire(inputs: Values): Values;
}

const SCHEMAS: Record<string, Record<string, unknown>> = {
  text: { type: "string" },
  number: { type: "number" },
  "whole number": { type: "integer" },
  boolean: { type: "boolean" },
  list: { type: "array", items: { type: "string" } },
  dictionary: { type: "object", additionalProperties: true },
  table: { type: "object", kind: "table" },
};

export function port(
  name: string,
  type: string,
  more: Partial<WirePort> = {},
): WirePort {
  return {
    name,
    title: "",
    help: "",
    types: [type],
    type_name: type === "any" ? "anything" : type,
    schema: SCHEMAS[type] ?? {},
    required: !("default" in more),
    advanced: false,
    shown: false,
    default: null,
    has_default: "default" in more,
    ...more,
  };
}

const long = { schema: { type: "string", format: "long-text" } };
const choice = (...names: string[]) => ({ schema: { type: "string", enum: names } });

function block(
  id: string,
  title: string,
  help: string,
  inputs: WirePort[] | ((constants: Values) => WirePort[]),
  outputs: WirePort[],
  more: Partial<FakeBlock> = {},
): FakeBlock {
  const given = typeof inputs === "function" ? inputs : () => inputs;
  return {
    id,
    title,
    help,
    family: id.slice(0, id.lastIndexOf(".")),
    keywords: [],
    role: "work",
    effects: "pure",
    input_types: [...new Set(given({}).flatMap((x) => x.types))],
    output_types: [...new Set(outputs.flatMap((x) => x.types))],
    inputs: given,
    outputs: more.role === "note" ? [] : [...outputs, port("error", "text")],
    takes: 400,
    fire: () => ({}),
    ...more,
  };
}

const templatePorts = (constants: Values): WirePort[] => {
  const template = String(constants.template ?? "");
  const names = [...template.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? "");
  const given = [...new Set(names)].map((name) => port(name, "any", { default: "" }));
  return [
    port("template", "text", { ...long, help: "Names in braces become inputs." }),
  ].concat(given);
};

const TABLE = `<table><thead><tr><th></th><th>city</th><th>score</th></tr></thead><tbody>
<tr><th>0</th><td>Oslo</td><td>8.1</td></tr><tr><th>1</th><td>Lima</td><td>7.4</td></tr>
<tr><th>2</th><td>Kyoto</td><td>9.0</td></tr></tbody></table>`;

export const BLOCKS: FakeBlock[] = [
  block(
    "io.input",
    "Input",
    "A value the agent is given.",
    [port("name", "text", { default: "topic" })],
    [port("value", "text")],
    { role: "input", isSticky: true, takes: 50 },
  ),
  block(
    "io.output",
    "Output",
    "A value the agent gives.",
    [port("value", "any"), port("name", "text", { default: "answer" })],
    [],
    { role: "output", takes: 60, fire: ({ value }) => ({ value }) },
  ),
  block("human.ask", "Ask", "Asks a person.", [], [port("answer", "any")], {
    asks: { text: "How many?", choices: [] },
    fire: ({ answer }) => ({ answer }),
  }),
  block(
    "text.join",
    "Join text",
    "Puts texts together.",
    [
      port("texts", "list", { help: "What to join" }),
      port("between", "text", { default: ", ", help: "What to put between them" }),
    ],
    [port("text", "text")],
    {
      keywords: ["concat", "combine"],
      fire: ({ texts, between }) => ({
        text: (Array.isArray(texts) ? texts : [texts]).join(String(between)),
      }),
    },
  ),
  block(
    "text.split",
    "Split text",
    "Cuts a text at every separator.",
    [
      port("text", "text", long),
      port("at", "text", { default: "\\n" }),
      port("most", "whole number", { default: 0, advanced: true }),
      port("strip", "boolean", { default: true, advanced: true }),
    ],
    [port("parts", "list"), port("count", "whole number")],
    {
      fire: ({ text }) => ({ parts: String(text).split(/\s+/), count: 3 }),
    },
  ),
  block(
    "text.fill",
    "Fill a template",
    "Writes values into a text.",
    templatePorts,
    [port("text", "text")],
    {
      fire: (inputs) => ({
        text: String(inputs.template).replace(/\{(\w+)\}/g, (_, name) =>
          String(inputs[name]),
        ),
      }),
    },
  ),
  block(
    "chat.ask",
    "Ask a model",
    "Sends a prompt to a language model.",
    [
      port("prompt", "text", { ...long, help: "What to ask" }),
      port("model", "text", {
        ...choice("small", "large", "careful"),
        default: "small",
      }),
      port("temperature", "number", {
        schema: { type: "number", minimum: 0, maximum: 2 },
        default: 0.7,
      }),
      port("system", "text", { ...long, default: "", advanced: true }),
      port("stop", "list", { default: [], advanced: true }),
    ],
    [port("answer", "text"), port("tokens", "whole number")],
    {
      keywords: ["llm", "gpt", "prompt", "completion"],
      effects: "sends",
      takes: 1800,
      fire: ({ prompt }) => ({
        answer: `## About the prompt\n\n*${String(prompt).slice(0, 40)}*\n\n- short\n- kind\n- **true**`,
        tokens: 128,
      }),
    },
  ),
  block(
    "http.fetch",
    "Fetch a page",
    "Reads a web page.",
    [
      port("address", "text", { help: "Where to read" }),
      port("timeout", "number", { default: 10, advanced: true }),
    ],
    [port("page", "text"), port("status", "whole number")],
    {
      keywords: ["url", "get", "download"],
      effects: "reads",
      takes: 900,
      fire: ({ address }) => {
        if (String(address).includes("fail")) throw new Error("The page answered 404.");
        return { page: `<html>${address}</html>`, status: 200 };
      },
    },
  ),
  block(
    "control.each",
    "For each",
    "Gives the items of a list one by one.",
    [port("items", "list")],
    [port("item", "any"), port("index", "whole number")],
    {
      keywords: ["loop", "iterate", "map"],
      takes: 150,
      fire: ({ items }) => ({ item: (items as unknown[])?.[0], index: 0 }),
    },
  ),
  block(
    "control.if",
    "If",
    "Sends a value one way or the other.",
    [port("condition", "boolean"), port("value", "any")],
    [port("yes", "any"), port("no", "any")],
    { keywords: ["branch", "condition"] },
  ),
  block(
    "data.read_table",
    "Read a table",
    "Reads a CSV or Parquet file.",
    [port("file", "file", { schema: { type: "string", format: "path" } })],
    [port("table", "table")],
    { effects: "reads", takes: 700, fire: () => ({ table: "table" }) },
  ),
  block(
    "data.query",
    "Query with SQL",
    "Asks a table with SQL.",
    [
      port("table", "table"),
      port("sql", "text", { schema: { type: "string", format: "code" } }),
    ],
    [port("table", "table"), port("rows", "whole number")],
    {
      keywords: ["duckdb", "select"],
      fire: () => ({ table: "table", rows: 3 }),
    },
  ),
  block(
    "math.calculate",
    "Calculate",
    "Works out an expression.",
    [
      port("a", "number", { default: 0 }),
      port("b", "number", { default: 0 }),
      port("operator", "text", { ...choice("+", "-", "×", "÷"), default: "+" }),
    ],
    [port("result", "number")],
    {
      takes: 200,
      fire: ({ a, b }) => ({ result: Number(a) + Number(b) }),
    },
  ),
  block(
    "human.approve",
    "Approve",
    "Lets a person look at a value.",
    [port("value", "any")],
    [port("approved", "any"), port("rejected", "any")],
    {
      keywords: ["review"],
      asks: { text: "Shall this be published?", choices: ["approve", "reject"] },
      fire: ({ value, answer }) =>
        answer === "approve" ? { approved: value } : { rejected: value },
    },
  ),
  block(
    "notes.note",
    "Note",
    "A sticky note for people.",
    [port("text", "text", { ...long, default: "" })],
    [],
    { role: "note" },
  ),
];

/** A value as the kernel would show it. */
export function bundleOf(value: unknown): WireBundle {
  if (value === "table") {
    return { data: { "text/html": TABLE, "text/plain": "3 rows" }, metadata: {} };
  }
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const data: Record<string, unknown> = { "text/plain": text };
  if (typeof value === "string" && value.startsWith("## "))
    data["text/markdown"] = value;
  if (typeof value === "object") data["application/json"] = value;
  return { data, metadata: {} };
}
