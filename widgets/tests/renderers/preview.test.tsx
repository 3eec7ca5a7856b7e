// @vitest-environment jsdom
// DOMPurify does not work on happy-dom, and these tests would tell nothing there.

import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { Preview } from "../../src/renderers/preview";

const show = (data: Record<string, unknown>) =>
  render(<Preview bundle={{ data, metadata: {} }} label="result" />).container;

test("a short text or number is large", () => {
  expect(show({ "text/plain": "42" }).querySelector(".ab-preview-large")).toBeTruthy();
  const long = show({ "text/plain": "a sentence of several words" });
  expect(long.querySelector(".ab-preview-large")).toBeNull();
});

test("a drawing is an image, with the namespace it needs", () => {
  show({ "image/svg+xml": "<svg width='4'></svg>" });
  const source = screen.getByRole("img").getAttribute("src") ?? "";
  expect(decodeURIComponent(source)).toContain('xmlns="http://www.w3.org/2000/svg"');
});

test("a table stays a table, without its own looks", () => {
  const html = "<style>td{}</style><table class='x'><tr><td>1</td></tr></table>";
  const cell = show({ "text/html": html }).querySelector("td");
  expect(cell?.textContent).toBe("1");
  expect(cell?.closest("table")?.getAttributeNames()).toEqual([]);
});

test("HTML that is no table is shown as its text", () => {
  const it = show({ "text/html": "<b>loud</b>", "text/plain": "quiet words" });
  expect(it.textContent).toBe("quiet words");
});

test("JSON is condensed into a line", () => {
  const it = show({ "application/json": { a: [1, 2], b: "x".repeat(500) } });
  expect(it.textContent).toMatch(/^\{a: \[1, 2\], b: “x+…/);
  expect(it.textContent?.length).toBeLessThan(140);
});

test("Markdown is formatted, without links", () => {
  const it = show({ "text/markdown": "# Title\n\n[a](https://a.b)" });
  expect(it.querySelector("h1")?.textContent).toBe("Title");
  expect(it.querySelector("a")).toBeNull();
});
