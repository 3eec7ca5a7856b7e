import { expect, test } from "vitest";
import { FakeKernel } from "../../playground/fake-kernel";
import { GRAPHS } from "../../playground/graphs";
import { isBig, parse, stringify } from "../../src/graph/big";
import { conversionTo } from "../../src/graph/conversion";
import { copyText } from "../../src/graph/fragment";
import type { WireNode } from "../../src/protocol/messages";

const kernel = new FakeKernel();
GRAPHS.brief?.(kernel);
const node = (id: string) => kernel.nodes.get(id) as WireNode;

test("a copy is an agent document of the nodes and the links between them", () => {
  const text = copyText([node("prompt"), node("ask")], kernel.links);
  expect(JSON.parse(text)).toMatchObject({
    format: "agentbench/1",
    nodes: { ask: { block: "chat.ask" }, prompt: { block: "text.fill" } },
    links: [{ from: "prompt.text", to: "ask.prompt" }],
    layout: { ask: [620, 0] },
  });
});

test("what a port marks as secret is not copied", () => {
  const [first] = node("prompt").inputs;
  const inputs = [
    { ...first, name: "token", schema: { format: "password" } },
  ] as WireNode["inputs"];
  const secret = { ...node("prompt"), inputs, constants: { token: "hush" } };
  expect(copyText([secret], [])).not.toContain("hush");
});

test("large whole numbers keep every digit, there and back", () => {
  const given = { a: [9_007_199_254_740_991, { $int: "9007199254740993" }] };
  expect(parse(stringify(given))).toEqual(given);
  expect(stringify(given)).toContain("9007199254740993");
  expect(parse("12345678901234567890")).toEqual({ $int: "12345678901234567890" });
  expect(parse("1.5")).toBe(1.5);
  expect(isBig({ $int: "5", more: 1 })).toBe(false);
});

test("a conversion is offered only where the types do not fit and one exists", () => {
  const end = (...types: string[]) => ({ name: "x", types, type_name: types.join() });
  expect(conversionTo(end("text"), end("number"))).toBe("number");
  expect(conversionTo(end("text"), end("text"))).toBe("");
  expect(conversionTo(end("text"), end("image"))).toBe("");
});
