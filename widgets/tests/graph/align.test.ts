import { expect, test } from "vitest";
import { align, around, distribute, standsOn } from "../../src/graph/align";

const box = (id: string, x: number, y: number, width = 100, height = 50) => ({
  id,
  x,
  y,
  width,
  height,
});
const BOXES = [box("a", 0, 0), box("b", 130, 40, 200), box("c", 400, 10, 60, 90)];

test("edges and middles are put in one line, and only what moves is told", () => {
  expect(align(BOXES, "top")).toEqual(
    new Map([
      ["b", { x: 130, y: 0 }],
      ["c", { x: 400, y: 0 }],
    ]),
  );
  expect(align(BOXES, "right").get("a")).toEqual({ x: 360, y: 0 });
  expect(align(BOXES, "middle").get("a")).toEqual({ x: 0, y: 25 });
  expect(align(BOXES, "centre").get("a")).toEqual({ x: 180, y: 0 });
});

test("equal spaces: the first and the last stay", () => {
  expect(distribute(BOXES, "across")).toEqual(new Map([["b", { x: 150, y: 40 }]]));
  expect(distribute(BOXES.slice(0, 2), "across").size).toBe(0);
});

test("a frame is put around, and carries what has its middle on it", () => {
  const area = { id: "frame", ...around(BOXES, 20, 30) };
  expect(area).toMatchObject({ x: -20, y: -50, width: 500, height: 170 });
  expect(BOXES.every((it) => standsOn(it, area))).toBe(true);
  expect(standsOn(box("far", 460, 60), area)).toBe(false);
  expect(standsOn(area, area)).toBe(false);
});
