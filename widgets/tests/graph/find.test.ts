import { expect, test } from "vitest";
import { FakeKernel } from "../../playground/fake-kernel";
import { GRAPHS } from "../../playground/graphs";
import { findNodes } from "../../src/graph/find";
import { findJoinable, joinable } from "../../src/graph/joinable";
import { linkKey } from "../../src/graph/names";

const kernel = new FakeKernel();
GRAPHS.brief?.(kernel);
const nodes = [...kernel.nodes.values()];
const ids = (query: string) => findNodes(nodes, query).map(({ node }) => node.id);

test("titles come before blocks, ports and values", () => {
  expect(ids("brief")[0]).toBe("answer");
  expect(ids("brief")).toContain("prompt");
  expect(ids("prompt")[0]).toBe("prompt");
  expect(ids("prompt")).toContain("ask");
});

test("what was found besides the title is said", () => {
  const [found] = findNodes(nodes, "example.org");
  expect(found?.node.id).toBe("page");
  expect(found?.where).toBe("address: https://example.org");
});

test("all words have to be found, a slip is forgiven, nothing means all", () => {
  expect(ids("ask zebra")).toEqual([]);
  expect(ids("topci")).toContain("topic");
  expect(ids("")).toHaveLength(nodes.length);
});

test("the links that fit and are not there yet are offered", () => {
  const links = Object.fromEntries(kernel.links.map((link) => [linkKey(link), link]));
  const all = joinable("page", Object.fromEntries(kernel.nodes), links);
  const keys = all.map(({ link }) => linkKey(link));
  expect(keys).toContain("page.page -> ask.prompt");
  expect(keys).not.toContain("prompt.text -> ask.prompt");
  expect(findJoinable(all, "ask system").length).toBeGreaterThan(0);
  expect(findJoinable(all, "ask zebra")).toEqual([]);
});
