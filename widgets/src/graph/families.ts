/** Families of blocks: the heading, the accent colour and the icon of each. */

import { hashOf } from "./types";

export interface Family {
  title: string;
  accent: string;
  /** The name of an icon in `ui/icon.tsx`. */
  icon: string;
}

const FAMILIES: Record<string, [accent: string, icon: string, title?: string]> = {
  agent: ["violet", "bot"],
  agents: ["violet", "bot"],
  ai: ["violet", "sparkles", "AI"],
  chat: ["violet", "sparkles"],
  model: ["violet", "sparkles", "Models"],
  llm: ["violet", "sparkles", "Models"],
  memory: ["violet", "memory"],
  code: ["lime", "code"],
  python: ["lime", "code", "Python"],
  mine: ["lime", "function", "My blocks"],
  control: ["amber", "split"],
  flow: ["amber", "split"],
  logic: ["amber", "split"],
  triggers: ["amber", "trigger"],
  data: ["blue", "table"],
  table: ["blue", "table", "Tables"],
  tables: ["blue", "table"],
  sql: ["blue", "database", "SQL"],
  file: ["slate", "file", "Files"],
  files: ["slate", "file"],
  store: ["slate", "database"],
  documents: ["slate", "book"],
  formats: ["slate", "braces"],
  encode: ["slate", "encode", "Encoding"],
  http: ["teal", "globe", "Web"],
  web: ["teal", "globe"],
  feed: ["teal", "globe"],
  github: ["slate", "repository", "GitHub"],
  notion: ["slate", "book"],
  sheets: ["green", "table"],
  mail: ["rose", "mail"],
  slack: ["violet", "message"],
  discord: ["blue", "message"],
  telegram: ["teal", "message"],
  human: ["rose", "person", "People"],
  io: ["slate", "input", "Inputs & outputs"],
  input: ["slate", "input", "Inputs"],
  output: ["slate", "output", "Outputs"],
  json: ["amber", "braces", "JSON"],
  dictionaries: ["amber", "braces"],
  list: ["amber", "list", "Lists"],
  lists: ["amber", "list"],
  math: ["rose", "calculator"],
  number: ["rose", "calculator", "Numbers"],
  text: ["green", "text"],
  time: ["teal", "clock"],
  image: ["rose", "image", "Images"],
  chart: ["blue", "chart", "Charts"],
  values: ["slate", "box"],
  note: ["amber", "note", "Notes"],
  notes: ["amber", "note"],
};
const ACCENTS = ["blue", "green", "amber", "violet", "teal", "rose", "slate", "lime"];

/** Blocks of these roles have an icon of their own, whatever their family. */
const ROLES: Record<string, string> = {
  input: "input",
  output: "output",
  note: "note",
};

/** The looks of a family: known ones by name, others by their name's hash. */
export function familyOf(family: string, role = ""): Family {
  const [first = ""] = family.split(".");
  const own = ACCENTS[hashOf(first) % ACCENTS.length];
  const [accent, icon, title] = FAMILIES[first] ?? [own, "box"];
  const words = family.replaceAll("_", " ").replaceAll(".", " · ");
  const isKnown = family === first && title !== undefined;
  return {
    title: isKnown ? title : words.charAt(0).toUpperCase() + words.slice(1),
    accent: `var(--ab-family-${accent})`,
    icon: ROLES[role] ?? icon,
  };
}

/** The family part of a block id: what stands before the last dot. */
export function familyOfBlock(block: string): string {
  const dot = block.lastIndexOf(".");
  return dot < 0 ? "mine" : block.slice(0, dot);
}
