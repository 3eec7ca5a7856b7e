/** Values that stay in the kernel: their pages, their stretches, and what is done with them. */

import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { insertCell } from "../../src/bridge/new-cell";
import type { InspectedValue, WirePage } from "../../src/protocol/messages";
import { useValue, ValueAsking } from "../../src/renderers/value-ask";
import { ValueBody } from "../../src/renderers/value-body";
import { SaidLine, useSaid, ValueTools } from "../../src/renderers/value-tools";

type Asked = Record<string, unknown> & { op: string };

const page = (start: number, more: Partial<WirePage> = {}): WirePage => ({
  names: ["", "n", "<b>"],
  rows: Array.from({ length: 20 }, (_, at) => [`${start + at}`, `${start + at}`, "x"]),
  are_numbers: [false, true, false],
  labels: 1,
  start,
  column: 0,
  total: 1_000_000,
  matching: 1_000_000,
  columns: 2,
  ...more,
});

const value = (more: Partial<InspectedValue>): InspectedValue => ({
  port: "rain",
  side: "output",
  type_name: "table",
  bundle: { data: { "text/plain": "start" }, metadata: {} },
  from_node: "",
  note: "",
  at: 3,
  page: null,
  branch: null,
  raw: null,
  loads_image: false,
  length: 0,
  ...more,
});

function One({ shown }: { shown: InspectedValue }) {
  const asked = useValue({ node: "", firing: null, at: shown.at });
  const [said, tell] = useSaid();
  return (
    <>
      {asked && <ValueTools value={asked} label="rain" tell={tell} />}
      <SaidLine said={said} />
      <ValueBody shown={shown} value={asked} model={undefined} />
    </>
  );
}

function show(
  shown: InspectedValue,
  answer: (asked: Asked) => unknown,
  model?: unknown,
) {
  const asked: Asked[] = [];
  const ask = async (question: unknown) => {
    asked.push(question as Asked);
    return answer(question as Asked);
  };
  render(
    <ValueAsking value={{ ask, model }}>
      <One shown={shown} />
    </ValueAsking>,
  );
  return asked;
}

test("a table asks for its pages, sorted and filtered, and shows why one cannot be", async () => {
  const asked = show(value({ page: page(0) }), (it) => {
    if (it.filter === "n > x") throw new Error("'x' is none");
    return page(Number(it.start));
  });
  expect(screen.getByText(/1–20 of/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Next rows" }));
  await screen.findByText(/21–40 of/);
  fireEvent.click(screen.getByRole("button", { name: "n" }));
  await screen.findByText(/1–20 of/);
  fireEvent.click(screen.getByRole("button", { name: "n" }));
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ is_descending: true }));
  expect(asked.at(-1)).toMatchObject({ op: "page", sort: 0, start: 0, of: { at: 3 } });
  fireEvent.change(screen.getByLabelText("Filter the rows"), {
    target: { value: "n > x" },
  });
  await screen.findByText("'x' is none");
  expect(screen.getAllByRole("row")).toHaveLength(21);
});

test("of two pages that were asked for, the one asked last is shown", async () => {
  const slow: (() => void)[] = [];
  show(
    value({ page: page(0) }),
    (it) => new Promise((keep) => slow.push(() => keep(page(Number(it.start))))),
  );
  fireEvent.click(screen.getByRole("button", { name: "Next rows" }));
  fireEvent.click(screen.getByRole("button", { name: "n" }));
  await waitFor(() => expect(slow).toHaveLength(2));
  slow[1]?.();
  await waitFor(() => expect(document.querySelector("[aria-busy=true]")).toBeNull());
  slow[0]?.();
  await Promise.resolve();
  expect(screen.getByText(/1–20 of/)).toBeTruthy();
});

test("a long text is read on", async () => {
  const asked = show(value({ length: 10 }), () => ({
    text: "rest!",
    start: 5,
    total: 10,
  }));
  fireEvent.click(screen.getByRole("button", { name: /Read on: 5 more/ }));
  await screen.findByText("startrest!");
  expect(asked[0]).toMatchObject({ op: "read_on", start: 5 });
  expect(screen.queryByRole("button", { name: /Read on/ })).toBeNull();
});

test("a value is fetched in parts, and what the kernel says is shown", async () => {
  const names: string[] = [];
  URL.createObjectURL = () => "blob:x";
  URL.revokeObjectURL = () => {};
  HTMLAnchorElement.prototype.click = function click() {
    names.push(this.download);
  };
  const asked = show(value({}), (it) => {
    if (it.op === "assign") throw new Error("'a b' is no name");
    return { filename: "a.bin", mime: "text/html", parts: 2, data: btoa("ab") };
  });
  fireEvent.click(screen.getByRole("button", { name: "Download rain" }));
  await screen.findByText("Downloaded as a.bin.");
  expect(asked.map((it) => it.part)).toEqual([0, 1]);
  expect(names).toEqual(["a.bin"]);
  fireEvent.click(screen.getByRole("button", { name: /Give rain a name/ }));
  const field = screen.getByRole("textbox", { name: "Name in the notebook" });
  fireEvent.change(field, { target: { value: "a b" } });
  fireEvent.keyDown(field, { key: "Enter" });
  await screen.findByText("'a b' is no name");
});

test("a new cell comes below the one that shows the widget; elsewhere there is none", () => {
  const inserted: [number, { source?: string }][] = [];
  const view = { "application/vnd.jupyter.widget-view+json": { model_id: "mine" } };
  const outputs = { length: 1, get: () => ({ data: view }) };
  const cells = {
    length: 3,
    get: (at: number) => (at === 1 ? { type: "code", outputs } : { type: "markdown" }),
  };
  const sharedModel = {
    insertCell: (at: number, cell: object) => inserted.push([at, cell]),
  };
  const context = { model: { cells, sharedModel } };
  const model = { get: () => "mine", widget_manager: { context } };
  expect(insertCell(model, "rain")).toBe(true);
  expect(inserted).toMatchObject([[2, { source: "rain" }]]);
  expect(insertCell({ ...model, get: () => "other" }, "rain")).toBe(false);
  for (const none of [undefined, {}, { widget_manager: {} }]) {
    expect(insertCell(none, "rain")).toBe(false);
  }
});

const branch = (members: [string, unknown, number][], start = 0, total = 2000) => ({
  members: members.map(([name, it, length]) => ({ name, value: it, length })),
  start,
  total,
  is_list: false,
});

test("a large tree asks for a branch when it is opened, and for its pages", async () => {
  const root = branch([
    ["first", [1], 9],
    ["<b>", "leaf", -1],
  ]);
  const asked = show(value({ branch: root }), (it) => {
    const path = it.path as number[];
    if (path.length > 0) return branch([["inner", 7, -1]], 0, 1);
    if (it.start === 4) throw new Error("The value has changed.");
    return branch([["third", 3, -1]], Number(it.start));
  });
  expect(screen.getByText("<b>")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: /first/ }));
  await screen.findByText("inner");
  expect(asked.at(-1)).toMatchObject({ op: "branch", path: [0], start: 0 });
  fireEvent.click(screen.getByRole("button", { name: "next" }));
  await screen.findByText("third");
  expect(asked.at(-1)).toMatchObject({ path: [], start: 2 });
  expect(screen.getByText(/3 to 3 of 2,000/)).toBeTruthy();
});

test("bytes are read page by page, from a place that is typed", async () => {
  const part = (start: number) => ({
    data: btoa("Rain.\u0000<b>".padEnd(256, "x")),
    start,
    total: 4096,
  });
  const asked = show(value({ raw: part(0) }), (it) => part(Number(it.start)));
  expect(screen.getByText(/^Rain\.·<b>x+$/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Next bytes" }));
  await screen.findByText(/257 to 512 of 4,096 bytes/);
  const place = screen.getByLabelText("Go to a place");
  fireEvent.change(place, { target: { value: "0x400" } });
  fireEvent.keyDown(place, { key: "Enter" });
  await screen.findByText("00000400");
  expect(asked.map((it) => it.start)).toEqual([256, 1024]);
  fireEvent.change(place, { target: { value: "there" } });
  fireEvent.keyDown(place, { key: "Enter" });
  await screen.findByText(/A place is a number/);
});

test("the picture at an address is asked of the kernel, and only when wanted", async () => {
  let isThere = false;
  const asked = show(value({ loads_image: true }), () => {
    if (!isThere) throw new Error("The server answered 404.");
    return { data: { "image/png": "AAAA", "text/plain": "" }, metadata: {} };
  });
  expect(asked).toEqual([]);
  fireEvent.click(screen.getByRole("button", { name: "Load image" }));
  await screen.findByText("The server answered 404.");
  isThere = true;
  fireEvent.click(screen.getByRole("button", { name: "Load image" }));
  expect((await screen.findByRole("img")).getAttribute("src")).toMatch(/^data:/);
});
