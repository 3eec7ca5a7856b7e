import { expect, test } from "vitest";
import { fitted } from "../../src/renderers/chart-fit";

const MIME = "application/vnd.vegalite.v5+json";
const chart = (spec: object, width = 340, isDark = false) =>
  fitted({ [MIME]: spec }, width, isDark)[MIME] as Record<string, unknown>;

test("a chart that is too wide is drawn for the panel, a small one as it is", () => {
  const wide = chart({ mark: "bar", width: 600, height: 320 });
  expect(wide).toMatchObject({ width: 340, height: 272, autosize: { type: "fit" } });
  expect(chart({ mark: "bar", width: 200 })).toEqual({ mark: "bar", width: 200 });
});

test("a chart of several parts keeps its sizes", () => {
  const parts = { hconcat: [{ mark: "bar", width: 600 }] };
  expect(chart(parts)).toEqual(parts);
  const rows = { mark: "bar", width: 600, encoding: { row: { field: "a" } } };
  expect(chart(rows)).toEqual(rows);
});

test("on a dark page its texts are light, but for what it says itself", () => {
  const spec = { mark: "bar", config: { axis: { gridColor: "red" } } };
  const { config } = chart(spec, 340, true) as { config: Record<string, unknown> };
  expect(config).toMatchObject({
    background: "transparent",
    axis: { gridColor: "red", labelColor: "#b9bec7" },
  });
});

test("what is no chart is left alone", () => {
  expect(fitted({ "text/plain": "x" }, 340, true)).toEqual({ "text/plain": "x" });
});
