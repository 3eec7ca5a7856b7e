import { expect, test } from "vitest";
import { familyOf, familyOfBlock } from "../../src/graph/families";
import { duration, freeId, linkKey, portLabel } from "../../src/graph/names";

const free = (block: string, ...taken: string[]) =>
  freeId(block, (id) => taken.includes(id));

test("an id is the block's own name, numbered when it is taken", () => {
  expect(free("text.join")).toBe("join");
  expect(free("text.join", "join", "join-2")).toBe("join-3");
});

test("an id has small letters, digits and dashes only", () => {
  expect(free("mine.Read_Table!")).toBe("read-table");
  expect(free("mine.Öl")).toBe("l");
  expect(free("mine.…")).toBe("node");
});

test("a link is named as a run counts it", () => {
  const ends = { source: "a", output: "text", target: "b", input: "prompt" };
  expect(linkKey(ends)).toBe("a.text -> b.prompt");
});

test("a port without a title is read from its name", () => {
  expect(portLabel({ name: "max_items", title: "" })).toBe("max items");
  expect(portLabel({ name: "max_items", title: "Most" })).toBe("Most");
});

test("durations are said as people say them", () => {
  const said = [0, 0.0004, 0.04, 9.94, 9.96, 59.4, 65, 3700].map(duration);
  expect(said).toEqual([
    "0.0 s",
    "< 1 ms",
    "40 ms",
    "9.9 s",
    "10 s",
    "59 s",
    "1 m 05 s",
    "1 h 01 m",
  ]);
});

test("a family that nobody knows still has a heading and a colour", () => {
  const family = familyOf("acme.web_tools");
  expect(family.title).toBe("Acme · web tools");
  expect(family.accent).toMatch(/^var\(--ab-family-\w+\)$/);
});

test("the role of a block gives its icon before the family does", () => {
  expect(familyOf("io", "output").icon).toBe("output");
  expect(familyOf("text", "work").icon).toBe("text");
});

test("the family of a block is what stands before the last dot", () => {
  expect(familyOfBlock("acme.web.fetch")).toBe("acme.web");
  expect(familyOfBlock("double")).toBe("mine");
});
