import { expect, test } from "vitest";
import { slipsBetween } from "../../src/graph/ranking";
import { searchBlocks } from "../../src/graph/search";
import type { WireBlock } from "../../src/protocol/messages";

const block = (id: string, title: string, help = "", ...keywords: string[]) =>
  ({ id, title, help, keywords, family: id.split(".")[0] }) as WireBlock;

const BLOCKS = [
  block("data.query", "Query with SQL", "Asks a table.", "duckdb"),
  block("text.join", "Join text", "Puts texts together.", "concat"),
  block("text.split", "Split text", "Cuts a text."),
  block("data.join", "Join", "Joins two tables."),
  block("chat.ask", "Ask a model", "Sends a prompt.", "llm", "gpt"),
];
const find = (query: string) => searchBlocks(BLOCKS, query).map(({ id }) => id);

test("an empty query finds everything, in its order", () => {
  expect(find("  ")).toEqual(BLOCKS.map(({ id }) => id));
});

test("an exact title comes before a prefix", () => {
  expect(find("join")).toEqual(["data.join", "text.join"]);
});

test("a title comes before the help", () => {
  expect(find("text")).toEqual(["text.join", "text.split"]);
  expect(find("table")).toEqual(["data.join", "data.query"]);
});

test("keywords find what the title does not say", () => {
  expect(find("llm")).toEqual(["chat.ask"]);
  expect(find("duck")).toEqual(["data.query"]);
});

test("every word must match", () => {
  expect(find("join concat")).toEqual(["text.join"]);
  expect(find("join sql")).toEqual([]);
});

test("a slip of the finger is forgiven", () => {
  expect(find("splti")).toEqual(["text.split"]);
  expect(find("modle")).toEqual(["chat.ask"]);
  expect(find("qwzx")).toEqual([]);
});

test("two letters are too few to guess at", () => {
  expect(find("zq")).toEqual([]);
});

test("swapped letters are one slip", () => {
  expect(slipsBetween("model", "modle")).toBe(1);
  expect(slipsBetween("join", "jon")).toBe(1);
  expect(slipsBetween("join", "table")).toBe(5);
});
