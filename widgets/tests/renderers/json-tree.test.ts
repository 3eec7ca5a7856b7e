import { expect, test } from "vitest";
import { condensed } from "../../src/renderers/json-tree";

test("a list says its size, with what the kernel has left out", () => {
  expect(condensed([1, 2, 3], 0)).toBe("[3 items]");
  expect(condensed([1, 2, "… 199,498 more"], 0)).toBe("[199,500 items]");
  expect(condensed({ a: 1, "…": "1,200 more" }, 0)).toBe("{1,201 items}");
  expect(condensed({ a: "… 5 more or so" }, 0)).toBe("{1 item}");
});
