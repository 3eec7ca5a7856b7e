import { expect, test } from "vitest";
import { samePart } from "../../src/graph-editor/same-part";

const cell = { width: 600, height: 400 };
const panel = { width: 1200, height: 600 };
/** What of the graph is in the middle. */
const middleOf = (
  { x, y, zoom }: { x: number; y: number; zoom: number },
  { width, height }: { width: number; height: number },
) => ({ x: (width / 2 - x) / zoom, y: (height / 2 - y) / zoom });

test("in a larger canvas the same part is shown larger, about the same middle", () => {
  const now = { x: -100, y: 50, zoom: 0.4 };
  const next = samePart(now, cell, panel);
  expect(next.zoom).toBeCloseTo(0.6);
  const { x, y } = middleOf(now, cell);
  expect(middleOf(next, panel).x).toBeCloseTo(x);
  expect(middleOf(next, panel).y).toBeCloseTo(y);
});

test("nothing is magnified for it", () => {
  expect(samePart({ x: 0, y: 0, zoom: 0.9 }, cell, panel).zoom).toBe(1);
  expect(samePart({ x: 0, y: 0, zoom: 1.5 }, cell, panel).zoom).toBe(1.5);
});

test("in a smaller canvas what was read can still be read", () => {
  expect(samePart({ x: 0, y: 0, zoom: 1 }, panel, cell).zoom).toBe(0.7);
  expect(samePart({ x: 0, y: 0, zoom: 0.3 }, panel, cell).zoom).toBe(0.3);
});
