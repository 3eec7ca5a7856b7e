// @vitest-environment jsdom

import { act, render, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { BundleView } from "../../src/renderers/bundle-view";
import { LateAsking } from "../../src/ui/late-asking";

const JS = "stage()//</script><!--<script>";
let hashes = 0;

function show(data: Record<string, unknown>, answer: () => unknown = () => ({})) {
  const asked: unknown[] = [];
  const ask = async (what: unknown) => {
    asked.push(what);
    hashes += 1;
    return {
      hash: String(hashes),
      js: JS,
      css: "i{}</style>",
      ...(answer() as object),
    };
  };
  const bundle = { data, metadata: {} };
  const view = render(
    <LateAsking value={ask}>
      <BundleView bundle={bundle} model={null} />
    </LateAsking>,
  );
  return { asked, ...view };
}

const frame = async () => {
  await waitFor(() => expect(document.querySelector("iframe")).toBeTruthy());
  return document.querySelector("iframe") as HTMLIFrameElement;
};

const told = (source: unknown, data: unknown) =>
  act(() => {
    dispatchEvent(new MessageEvent("message", { data, source: source as Window }));
  });

const say = (stage: string, fault = "") => ({ stage, height: 70, fault });

test("a diagram is drawn in a frame of no origin that may load nothing", async () => {
  const { asked, unmount } = show({
    "text/vnd.mermaid": "graph TD; SECRET",
    "text/plain": "its text",
  });
  const it = await frame();
  expect(asked).toEqual([{ op: "late", name: "mermaid", has: "" }]);
  expect(screen.getByText("its text")).toBeTruthy();
  expect(it.getAttribute("sandbox")).toBe("allow-scripts");
  const page = it.srcdoc;
  expect(page).toContain("default-src 'none'; script-src 'nonce-");
  expect(page).not.toContain("unsafe-eval");
  expect(page).not.toContain("SECRET");
  expect(page.match(/<\/script>/g)).toHaveLength(1);
  expect(page.match(/<\/style>/g)).toHaveLength(1);
  told(window, say("drawn")); // another frame's word counts nothing
  expect(screen.getByText("its text")).toBeTruthy();
  told(it.contentWindow, say("drawn"));
  await waitFor(() => expect(screen.queryByText("its text")).toBeNull());
  expect(it.style.height).toBe("70px");
  told(it.contentWindow, { stage: "height", height: 1e9, fault: "" });
  expect(it.style.height).toBe("640px");
  unmount();
  expect(document.querySelector("iframe")).toBeNull();
});

test("what cannot be drawn says why and shows what there is", async () => {
  show({ "text/latex": "$$x$$", "text/plain": "its source" });
  const it = await frame();
  told(it.contentWindow, say("fault", "<b>no formula</b>"));
  expect(await screen.findByText(/cannot be drawn: <b>no formula<\/b>/)).toBeTruthy();
  expect(document.body.textContent).toContain("$$x$$");
});

test("without late code the picture and the words are shown", async () => {
  show({ "text/vnd.graphviz": "graph {}", "text/plain": "words" }, () => {
    throw new Error("An older kernel.");
  });
  expect(await screen.findByText("words")).toBeTruthy();
  expect(document.querySelector("iframe")).toBeNull();
});

test("a formula yields to HTML, a chart does not", async () => {
  const { asked } = show({ "text/latex": "$x$", "text/html": "<b>x</b>" });
  expect(asked).toEqual([]);
  const chart = { "application/vnd.plotly.v1+json": { data: [{ type: "scattergl" }] } };
  show({ ...chart, "text/html": "<b>x</b>" });
  await waitFor(() =>
    expect(document.querySelector("iframe.ab-stage")?.getAttribute("srcdoc")).toContain(
      "unsafe-eval",
    ),
  );
});
