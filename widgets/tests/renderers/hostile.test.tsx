// @vitest-environment jsdom
// DOMPurify does not work on happy-dom, and these tests would tell nothing there.

import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { WireBundle } from "../../src/protocol/messages";
import { BundleView } from "../../src/renderers/bundle-view";
import { Preview } from "../../src/renderers/preview";

const EVIL =
  "<script>globalThis.hacked = 1</script><img src=x onerror='globalThis.hacked = 1'>" +
  "<a href='javascript:globalThis.hacked = 1'>x</a><iframe src='https://a.b'></iframe>" +
  "<table onclick='globalThis.hacked = 1'><tr><td style='background:url(//a.b)'>cell</td></tr></table>" +
  "<svg><script>globalThis.hacked = 1</script></svg><form action='//a.b'><input></form>";

const deep = JSON.parse(`${"[".repeat(5000)}${"]".repeat(5000)}`);

const BUNDLES: [string, unknown][] = [
  ["html", { "text/html": EVIL }],
  ["markdown", { "text/markdown": `# Hi\n\n${EVIL}\n\n[x](javascript:alert(1))` }],
  ["svg", { "image/svg+xml": `<svg>${EVIL}</svg>` }],
  ["json", { "application/json": { [EVIL]: EVIL, __proto__: { a: EVIL } } }],
  ["text", { "text/plain": EVIL }],
  ["an image that is none", { "image/png": EVIL, "text/plain": "plain" }],
  ["an error", { "application/vnd.jupyter.error": { ename: EVIL, traceback: [1] } }],
  ["a program", { "application/javascript": "globalThis.hacked = 1" }],
  ["a very long text", { "text/plain": "x".repeat(3_000_000) }],
  ["very deep JSON", { "application/json": deep }],
  ["numbers for text", { "text/plain": 5, "text/html": 7, "text/markdown": [1] }],
  ["nothing for text", { "text/plain": null, "image/png": {}, "text/html": undefined }],
  ["an unknown type", { "chemical/x-pdb": {}, "text/plain": "a molecule" }],
  ["data that is a text", "boo"],
  ["no data", undefined],
];

test.each(BUNDLES)("neither view breaks or runs anything on %s", (_name, data) => {
  const bundle = { data, metadata: null } as unknown as WireBundle;
  const { container } = render(
    <>
      <Preview bundle={bundle} />
      <BundleView bundle={bundle} model={null} />
    </>,
  );
  expect(
    container.querySelector("script, form, object, embed, link, style"),
  ).toBeNull();
  for (const it of container.querySelectorAll("*")) {
    const names = it.getAttributeNames();
    expect(names.filter((name) => name.startsWith("on"))).toEqual([]);
    expect(it.getAttribute("href") ?? "").not.toMatch(/^\s*javascript:/i);
    expect(it.getAttribute("src") ?? "data:").toMatch(/^data:/);
  }
  expect(globalThis).not.toHaveProperty("hacked");
});

test("HTML stands in a frame that may not run scripts or load anything", () => {
  const bundle = { data: { "text/html": EVIL }, metadata: {} };
  render(<BundleView bundle={bundle} model={null} />);
  const frame = screen.getByTitle("HTML");
  expect(frame.getAttribute("sandbox")).toBe("allow-same-origin");
  const page = frame.getAttribute("srcdoc") ?? "";
  expect(page.indexOf("default-src 'none'")).toBeLessThan(page.indexOf("<script>"));
  expect(page).not.toMatch(/script-src|unsafe-eval/);
});

test("a bundle that is not trusted never reaches JupyterLab's renderers", () => {
  const rendermime = {
    preferredMimeType: () => "text/html",
    createRenderer: () => {
      throw new Error("reached");
    },
  };
  const bundle = { data: { "text/plain": "safe" }, metadata: { trusted: false } };
  render(<BundleView bundle={bundle} model={{ widget_manager: { rendermime } }} />);
  expect(screen.getByText("safe")).toBeTruthy();
});
