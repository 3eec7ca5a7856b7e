import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { DiffDrawing } from "../../src/graph-editor/diff-drawing";
import type { PlainGraph, PlainNode } from "../../src/protocol/messages";

const node = (block: string, more: Partial<PlainNode> = {}): PlainNode => ({
  block,
  title: "",
  constants: {},
  options: {},
  position: [0, 0],
  colour: "",
  ...more,
});

function drawn(nodes: PlainGraph["nodes"]): Element[] {
  const graph = { nodes, links: [] } as unknown as PlainGraph;
  const { container } = render(<DiffDrawing before={graph} after={graph} found={[]} />);
  return [...container.querySelectorAll("g")];
}
const words = (of: Element) =>
  [...of.querySelectorAll("tspan")].map((line) => line.textContent);

test("a long title takes two lines, and ends and notes have their own words", () => {
  const all = drawn({
    months: node("table.markdown", { title: "Months as Markdown" }),
    "brief-output": node("agent.output", { constants: { name: "brief" } }),
    about: node("values.note", { constants: { text: "Daily\nrecords" } }),
    greet: node("text.template"),
  });
  expect(all.map(words)).toEqual([
    ["Months as", "Markdown"],
    ["brief"],
    ["Daily"],
    ["greet"],
  ]);
});

test("a frame is an area, and what stands on it is drawn over it", () => {
  const [first, second] = drawn({
    a: node("text.split", { position: [20, 20] }),
    words: node("values.frame", { constants: { width: 600, height: 300 } }),
  });
  expect(first?.hasAttribute("data-frame")).toBe(true);
  expect(first?.querySelector("rect")?.getAttribute("width")).toBe("600");
  expect(words(second as Element)).toEqual(["a"]);
});
