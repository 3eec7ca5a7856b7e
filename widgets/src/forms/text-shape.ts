/** Fields of text: what its format, its language or its examples ask for. */

import type { Schema } from "./schema";
import type { Shape } from "./shapes";

/** Strings of these formats have a field of their own. */
const FORMATS: Readonly<Record<string, Shape>> = {
  "long-text": { kind: "long" },
  textarea: { kind: "long" },
  multiline: { kind: "long" },
  markdown: { kind: "long" },
  password: { kind: "secret" },
  date: { kind: "moment", input: "date" },
  time: { kind: "moment", input: "time" },
  "date-time": { kind: "moment", input: "datetime-local" },
  color: { kind: "colour" },
  colour: { kind: "colour" },
  file: { kind: "file", accept: "", isFolder: false },
  path: { kind: "file", accept: "", isFolder: false },
  "file-path": { kind: "file", accept: "", isFolder: false },
  "directory-path": { kind: "file", accept: "", isFolder: true },
  binary: { kind: "linked", what: "bytes" },
};

const LANGUAGES: Readonly<Record<string, string>> = {
  "application/json": "json",
  "application/sql": "sql",
  "text/html": "html",
  "text/javascript": "javascript",
  "text/markdown": "markdown",
  "text/x-python": "python",
};

export function readText(schema: Schema): Shape {
  const format = String(schema.format);
  const language = String(
    schema.language ?? LANGUAGES[String(schema.contentMediaType)] ?? "",
  );
  if (format === "code" || (language && format === "undefined")) {
    return { kind: "code", language };
  }
  if (format === "credential") {
    return {
      kind: "credential",
      kinds: texts(schema.kinds),
      hosts: texts(schema.hosts),
    };
  }
  if (format === "model") return { kind: "model", suggestions: texts(schema.examples) };
  if (schema.writeOnly === true) return { kind: "secret" };
  const known = FORMATS[format];
  if (known?.kind === "file") return { ...known, accept: String(schema.accept ?? "") };
  return known ?? { kind: "text", ...suggested(schema) };
}

/** What may be chosen, where anything else may be written as well. */
function suggested({ examples }: Schema): { suggestions?: readonly string[] } {
  const suggestions = texts(examples);
  return suggestions.length > 0 ? { suggestions } : {};
}

export function texts(given: unknown): readonly string[] {
  return Array.isArray(given) ? given.filter((one) => typeof one === "string") : [];
}
