import { expect, test } from "vitest";
import { typeColour, whyNotLink } from "../../src/graph/types";

const ends = (name: string, ...types: string[]) => ({
  name,
  types,
  type_name: types.join(" or ") || "anything",
});

test("ports of the same type may be linked", () => {
  expect(whyNotLink(ends("page", "text"), ends("prompt", "text"))).toBeNull();
});

test("anything may be linked with everything", () => {
  expect(whyNotLink(ends("a", "any"), ends("b", "table"))).toBeNull();
  expect(whyNotLink(ends("a", "table"), ends("b"))).toBeNull();
});

test("a whole number is a number, but not the other way round", () => {
  expect(whyNotLink(ends("n", "whole number"), ends("x", "number"))).toBeNull();
  expect(whyNotLink(ends("x", "number"), ends("n", "whole number"))).not.toBeNull();
});

test("one type in common is enough", () => {
  expect(whyNotLink(ends("a", "text", "table"), ends("b", "table"))).toBeNull();
});

test("what does not fit is refused in words", () => {
  expect(whyNotLink(ends("page", "text"), ends("a", "number"))).toBe(
    "“page” gives text, “a” takes number.",
  );
});

test("the first type gives the colour, and error ports have their own", () => {
  expect(typeColour(["whole number"])).toBe("var(--ab-type-number)");
  expect(typeColour([])).toBe("var(--ab-type-any)");
  expect(typeColour(["text"], "error")).toBe("var(--ab-type-error)");
});

test("a class of the user's has one colour, the same every time", () => {
  expect(typeColour(["Invoice"])).toMatch(/--ab-type-own-[1-4]/);
  expect(typeColour(["Invoice"])).toBe(typeColour(["Invoice"]));
});
