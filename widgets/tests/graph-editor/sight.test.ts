import { expect, test } from "vitest";
import { shiftInto } from "../../src/graph-editor/sight";

const sides = (left: number, top: number, right: number, bottom: number) => ({
  left,
  top,
  right,
  bottom,
});
const area = sides(0, 0, 500, 400);

test("what can be seen stays where it is", () => {
  expect(shiftInto(sides(100, 100, 300, 200), area)).toEqual({ x: 0, y: 0 });
});

test("what stands out comes in, as far as it must", () => {
  expect(shiftInto(sides(450, -60, 650, 40), area)).toEqual({ x: -150, y: 60 });
});

test("of what is too large, the left top corner is seen", () => {
  expect(shiftInto(sides(100, 100, 900, 900), area)).toEqual({ x: -100, y: -100 });
});
