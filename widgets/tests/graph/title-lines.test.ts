import { expect, test } from "vitest";
import { lineWidths, titleLines, titleParts } from "../../src/graph/title-lines";

test("a title is broken after spaces, and in names where their words end", () => {
  expect(titleParts("Split text")).toEqual(["Split ", "text"]);
  expect(titleParts("of_the_weather")).toEqual(["of_", "the_", "weather"]);
  expect(titleParts("HTTPRequestBuilder")).toEqual(["HTTPRequest", "Builder"]);
  expect(titleParts("data.read_csv")).toEqual(["data.", "read_", "csv"]);
  expect(titleParts("")).toEqual([""]);
});

test("over more lines a title is narrower, as far as its longest part", () => {
  const [one = 0, two = 0, three = 0] = lineWidths("Customer support ticket", 3);
  expect(two).toBeLessThan(one * 0.75);
  expect(three).toBeLessThan(two);
  expect(lineWidths("Customer", 3)).toEqual([three, three, three]);
});

test("lines are broken so that the widest of them is as narrow as can be", () => {
  const [, two] = lineWidths("aa aa aa aa", 2);
  expect(two).toBe(lineWidths("aa aa", 1)[0]);
});

test("of a very long title only the beginning is weighed", () => {
  const words = Array.from({ length: 5000 }, () => "word").join(" ");
  const [one = 0] = lineWidths(words, 3);
  expect(one).toBeLessThan(60);
});

test("a title is put into lines, and what has no room ends with an ellipsis", () => {
  expect(titleLines("rain", 10, 2)).toEqual(["rain"]);
  expect(titleLines("Months as Markdown", 8, 2)).toEqual(["Months as", "Markdown"]);
  expect(titleLines("", 8, 2)).toEqual([""]);
  const [one, two] = titleLines("Customer support ticket classifier", 10, 2);
  expect(one).toBe("Customer");
  expect(two).toMatch(/^support .*…$/);
});
