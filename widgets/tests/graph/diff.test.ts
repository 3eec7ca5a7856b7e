import { expect, test } from "vitest";
import { differences, inWords, plainOf, rebased } from "../../src/graph/diff";
import type { PlainGraph, PlainNode, WireNode } from "../../src/protocol/messages";

const node = (constants: Record<string, unknown> = {}): PlainNode => ({
  block: "text.join",
  title: "",
  constants,
  options: {},
  position: [0, 0],
  colour: "",
});
const graph = (nodes: Record<string, PlainNode>, ...links: string[]): PlainGraph => ({
  name: "a",
  nodes,
  hash: "",
  links: links.map((text) => {
    const [source = "", output = "", target = "", input = ""] = text.split(" ");
    return { source, output, target, input, sticky: false };
  }),
});
const edits = (...pair: [PlainGraph, PlainGraph]) =>
  differences(...pair).flatMap((it) => it.edits.map(({ edit }) => edit));

test("nothing differs between a graph and itself, in whatever order its keys are", () => {
  const one = graph({ a: node({ x: 1, y: { p: 1, q: 2 } }) });
  const two = graph({ a: node({ y: { q: 2, p: 1 }, x: 1 }) });
  expect(differences(one, two)).toEqual([]);
});

test("what is cut off is unlinked first, what is new is linked last", () => {
  const before = graph({ a: node(), b: node(), c: node() }, "a t b i", "b t c i");
  const after = graph({ a: node(), b: node({ x: 1 }), d: node() }, "a t d i");
  expect(edits(before, after)).toEqual([
    "remove_link",
    "remove_node",
    "set_constant",
    "add_node",
    "add_link",
  ]);
  expect(inWords(differences(before, after))).toBe(
    "1 node added, 1 removed, 1 changed, 2 links",
  );
});

test("a node of another block comes anew, with its links", () => {
  const before = graph({ a: node(), b: node() }, "a t b i");
  const other = { ...node(), block: "text.split" };
  expect(edits(before, graph({ a: node(), b: other }, "a t b i"))).toEqual([
    "remove_node",
    "add_node",
    "add_link",
  ]);
});

test("a draft brings back what is not there, and says what was changed since", () => {
  const base = graph({ a: node({ x: 1, y: 1 }), gone: node() });
  const mine = graph({ a: node({ x: 2, y: 2 }), gone: node({ x: 5 }), b: node() });
  const now = graph({ a: node({ x: 1, y: 3 }) });
  const { fits, clashes } = rebased(base, mine, now);
  expect(fits.map(({ node, what }) => `${node} ${what}`)).toEqual(["a x", "b "]);
  expect(clashes.map(({ node, what }) => `${node} ${what}`)).toEqual(["a y", "gone "]);
});

test("what is so already is not brought back", () => {
  const base = graph({ a: node() });
  const mine = graph({ a: node({ x: 2 }), b: node() }, "a t b i");
  expect(rebased(base, mine, mine)).toEqual({ fits: [], clashes: [] });
});

test("secrets and live objects stay out", () => {
  const port = { name: "key", schema: { format: "password" } };
  const wire = {
    ...node({ key: "hush", frame: { $live: "DataFrame" } }),
    id: "a",
    own_title: "",
    inputs: [port],
  } as unknown as WireNode;
  const plain = plainOf("a", { a: wire }, {});
  expect(JSON.stringify(plain)).not.toContain("hush");
  expect(edits(graph({ a: node() }), plain)).not.toContain("set_constant");
});
