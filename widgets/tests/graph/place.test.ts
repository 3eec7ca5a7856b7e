import { expect, test } from "vitest";
import {
  arrange,
  type Box,
  freeSpot,
  NODE_WIDTH,
  rowAbove,
} from "../../src/graph/place";

const box = (id: string, x = 0, y = 0, height = 100): Box => ({
  id,
  x,
  y,
  width: NODE_WIDTH,
  height,
});
const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width &&
  b.x < a.x + a.width &&
  a.y < b.y + b.height &&
  b.y < a.y + a.height;

test("on an empty canvas the wish is the middle of the new node", () => {
  expect(freeSpot({ x: 500, y: 300 }, [])).toEqual({ x: 384, y: 230 });
});

test("a taken spot is avoided, and the next one is near", () => {
  const boxes = [box("a", 384, 230)];
  const spot = freeSpot({ x: 500, y: 300 }, boxes);
  expect(overlap({ ...box("new"), ...spot }, boxes[0] as Box)).toBe(false);
  expect(Math.hypot(spot.x - 384, spot.y - 230)).toBeLessThan(320);
});

test("the next node stands at the right, where its values will come from", () => {
  const first = freeSpot({ x: 500, y: 300 }, []);
  const second = freeSpot({ x: 500, y: 300 }, [box("a", first.x, first.y, 180)]);
  expect(second.y).toBe(first.y);
  expect(second.x).toBeGreaterThan(first.x);
});

test("a spot that can be seen comes before one that is nearer", () => {
  const taken = [box("a", 384, 230, 180)];
  const seen = { left: 100, top: 0, right: 640, bottom: 700 };
  const spot = freeSpot({ x: 500, y: 300 }, taken, seen);
  expect(spot.x + NODE_WIDTH).toBeLessThanOrEqual(seen.right);
  expect(overlap({ ...box("new"), ...spot }, taken[0] as Box)).toBe(false);
  const nowhere = { left: 400, top: 240, right: 600, bottom: 300 };
  expect(freeSpot({ x: 500, y: 300 }, taken, nowhere).x).toBeGreaterThan(600);
});

test("twenty nodes added at one spot never cover each other", () => {
  const boxes: Box[] = [];
  for (let i = 0; i < 20; i++) {
    boxes.push({ ...box(`${i}`, 0, 0, 140), ...freeSpot({ x: 0, y: 0 }, boxes) });
  }
  const pairs = boxes.flatMap((a, i) => boxes.slice(i + 1).map((b) => [a, b] as const));
  expect(pairs.filter(([a, b]) => overlap(a, b))).toEqual([]);
});

test("arranged nodes stand right of what feeds them", () => {
  const boxes = [box("c"), box("a", 10), box("b", 20)];
  const links = [
    { source: "a", target: "b" },
    { source: "b", target: "c" },
  ];
  const places = arrange(boxes, links);
  const xs = ["a", "b", "c"].map((id) => places.get(id)?.x ?? 0);
  expect(xs[0]).toBeLessThan(xs[1] as number);
  expect(xs[1]).toBeLessThan(xs[2] as number);
});

test("arranged nodes of one column do not cover each other, however tall", () => {
  const boxes = [box("a", 0, 0, 300), box("b", 0, 10, 80), box("c", 0, 20, 500)];
  const places = arrange(boxes, []);
  const placed = boxes.map((x) => ({ ...x, ...places.get(x.id) }));
  const pairs = placed.flatMap((a, i) =>
    placed.slice(i + 1).map((b) => [a, b] as const),
  );
  expect(pairs.some(([a, b]) => overlap(a, b))).toBe(false);
});

test("a loop is arranged too", () => {
  const links = [
    { source: "a", target: "b" },
    { source: "b", target: "a" },
  ];
  expect(arrange([box("a"), box("b", 300)], links).size).toBe(2);
});

test("notes are put in a row above the rest, in their order", () => {
  const placed = new Map([["a", { x: 0, y: -50 }]]);
  const places = rowAbove([box("n2", 90, 0, 60), box("n1", 10, 0, 80)], placed);
  expect(places.get("n1")).toEqual({ x: 0, y: -158 });
  expect(places.get("n2")?.y).toBe(-138);
  expect(places.get("n2")?.x).toBeGreaterThanOrEqual(NODE_WIDTH);
});
