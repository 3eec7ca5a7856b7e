// @vitest-environment jsdom
// DOMPurify does not work on happy-dom, and these tests would tell nothing there.

import { act, fireEvent, render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { WireBundle } from "../../src/protocol/messages";
import { BundleView } from "../../src/renderers/bundle-view";

type Data = Record<string, unknown>;

const bundle = (data: Data): WireBundle => ({ data, metadata: {} });
const show = (data: Data) => render(<BundleView bundle={bundle(data)} model={null} />);

/** As JupyterLab's registry: a renderer writes the text of the model into its node. */
class FakeRenderer {
  static made: FakeRenderer[] = [];
  static attach(it: FakeRenderer, host: HTMLElement) {
    if (!host.isConnected) throw new Error("Host is not attached.");
    host.append(it.node);
  }
  node = document.createElement("div");
  drawn = 0;
  isDisposed = false;
  constructor(readonly mime: string) {
    FakeRenderer.made.push(this);
  }
  async renderModel(model: { data: Data }) {
    this.drawn += 1;
    if (model.data[this.mime] === "break") throw new Error("cannot");
    this.node.textContent = `${this.mime}: ${String(model.data[this.mime])}`;
  }
  dispose() {
    if (!this.node.isConnected) throw new Error("Widget is not attached.");
    this.isDisposed = true;
    this.node.remove();
  }
}

function lab(...mimeTypes: string[]) {
  FakeRenderer.made = [];
  const rendermime = {
    mimeTypes,
    preferredMimeType: (data: Data) => mimeTypes.find((mime) => mime in data),
    createRenderer: (mime: string) => new FakeRenderer(mime),
  };
  return { widget_manager: { rendermime } };
}

test("JSON is a tree that builds a branch when it opens", () => {
  show({ "application/json": { name: "Ada", inner: { secret: 1 } }, "text/plain": "" });
  expect(screen.getByText("“Ada”")).toBeTruthy();
  expect(screen.queryByText("secret")).toBeNull();
  fireEvent.click(screen.getByText("inner"));
  expect(screen.getByText("secret")).toBeTruthy();
});

test("a long list shows its first part and the way to the rest", () => {
  show({ "application/json": Array.from({ length: 150 }, (_, at) => at) });
  expect(screen.queryByText("149", { selector: ".ab-leaf" })).toBeNull();
  fireEvent.click(screen.getByText("50 more"));
  expect(screen.getByText("149", { selector: ".ab-leaf" })).toBeTruthy();
});

test("Markdown is formatted and its links open elsewhere", () => {
  show({ "text/markdown": ["# Title\n", "[a](https://a.b)"] });
  expect(screen.getByRole("heading").textContent).toBe("Title");
  const link = screen.getByRole("link");
  expect([link.getAttribute("target"), link.getAttribute("rel")]).toEqual([
    "_blank",
    "noopener noreferrer",
  ]);
});

test("colour codes of a terminal are left out of text", () => {
  show({ "text/plain": "\u001b[31mred\u001b[0m" });
  expect(screen.getByText("red")).toBeTruthy();
});

test("what has no view is named, with its text", () => {
  show({ "chemical/x-pdb": "…", "text/plain": "a molecule" });
  expect(screen.getByText("No view for chemical/x-pdb.")).toBeTruthy();
  expect(screen.getByText("a molecule")).toBeTruthy();
});

test("inside JupyterLab its own renderer shows it, and is disposed of at the end", async () => {
  const model = lab("application/vnd.plotly.v1+json", "text/plain");
  const chart = bundle({ "application/vnd.plotly.v1+json": "chart", "text/plain": "" });
  const { unmount, container } = render(<BundleView bundle={chart} model={model} />);
  await act(async () => {});
  expect(container.textContent).toBe("application/vnd.plotly.v1+json: chart");
  unmount();
  expect(FakeRenderer.made.map((it) => it.isDisposed)).toEqual([true]);
});

test("a renderer is disposed of also when the host took the widget away first", async () => {
  const value = bundle({ "text/plain": "x" });
  const place = document.body.appendChild(document.createElement("div"));
  const { unmount } = render(<BundleView bundle={value} model={lab("text/plain")} />, {
    container: place,
  });
  await act(async () => {});
  place.remove();
  unmount();
  expect(FakeRenderer.made.map((it) => it.isDisposed)).toEqual([true]);
});

test("an equal bundle is not drawn again, another one is drawn by the same renderer", async () => {
  const model = lab("text/plain");
  const view = (text: string) => (
    <BundleView bundle={bundle({ "text/plain": text })} model={model} />
  );
  const { rerender, container } = render(view("one"));
  await act(async () => rerender(view("one")));
  expect(FakeRenderer.made.map((it) => it.drawn)).toEqual([1]);
  await act(async () => rerender(view("two")));
  expect(FakeRenderer.made.map((it) => it.drawn)).toEqual([2]);
  expect(container.textContent).toContain("two");
});

test("when JupyterLab cannot show it, we do", async () => {
  const { container } = render(
    <BundleView bundle={bundle({ "text/plain": "break" })} model={lab("text/plain")} />,
  );
  await act(async () => {});
  expect(container.textContent).toBe("break");
});

test("a chart of a newer Vega goes to the newest that JupyterLab has", async () => {
  const model = lab("application/vnd.vegalite.v5+json");
  const chart = bundle({ "application/vnd.vegalite.v6.json": "chart" });
  const { container } = render(<BundleView bundle={chart} model={model} />);
  await act(async () => {});
  expect(container.textContent).toBe("application/vnd.vegalite.v5+json: chart");
});

test("JSON is our own tree in JupyterLab too", async () => {
  const model = lab("application/json", "text/plain");
  const value = bundle({ "application/json": { name: "Ada" }, "text/plain": "" });
  render(<BundleView bundle={value} model={model} />);
  await act(async () => {});
  expect(screen.getByText("“Ada”")).toBeTruthy();
  expect(FakeRenderer.made).toEqual([]);
});

test("a program is not run by looking at it", async () => {
  const model = lab("application/javascript", "text/plain");
  const value = bundle({ "application/javascript": "x", "text/plain": "a program" });
  const { container } = render(<BundleView bundle={value} model={model} />);
  await act(async () => {});
  expect(container.textContent).toBe("text/plain: a program");
});
