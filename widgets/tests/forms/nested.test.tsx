/** Nested fields: records, unions, tables, rows that move, and what the kernel says of them. */

import { act, fireEvent, render, screen, within } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Fault } from "../../src/forms/control";
import { type Desk, DeskContext, deskOver, PART } from "../../src/forms/desk";
import { Field } from "../../src/forms/field";
import { Form } from "../../src/forms/form";
import { partsOf } from "../../src/forms/parts";
import { place } from "../../src/forms/schema";
import { cellsOf, pasted } from "../../src/forms/sheet";
import type { WirePort } from "../../src/protocol/messages";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function port(schema: object, more: Partial<WirePort> = {}): WirePort {
  return {
    name: "it",
    title: "It",
    help: "",
    types: ["any"],
    type_name: "any",
    schema: { ...schema },
    required: false,
    advanced: false,
    shown: false,
    default: null,
    has_default: false,
    ...more,
  };
}

/** A field that keeps what it says, and what it has said. */
function show(
  of: WirePort,
  first?: unknown,
  faults: Fault[] = [],
  desk?: Desk,
  compact = false,
) {
  const said: unknown[] = [];
  function Kernel() {
    const [value, set] = useState(first);
    const say = (next: unknown) => {
      said.push(next);
      set(next);
    };
    return (
      <DeskContext value={desk}>
        <Field
          port={of}
          value={value}
          isSet={value !== undefined}
          faults={faults}
          compact={compact}
          onChange={say}
          onClear={() => say(undefined)}
        />
      </DeskContext>
    );
  }
  render(<Kernel />);
  return said;
}

function type(name: string | RegExp, text: string) {
  const field = screen.getByLabelText(name);
  fireEvent.change(field, { target: { value: text } });
  fireEvent.blur(field);
}

const PERSON = {
  type: "object",
  properties: {
    name: { type: "string", title: "Name" },
    age: { type: "integer", title: "Age" },
    kind: { const: "person" },
  },
  required: ["name", "kind"],
};

test("a part is set beside the others; what nobody named stays, constants come along", () => {
  const said = show(port(PERSON), { age: 3, odd: [1] });
  type("Name", "Ada");
  expect(said).toEqual([{ kind: "person", age: 3, odd: [1], name: "Ada" }]);
  fireEvent.click(screen.getByRole("button", { name: "Age: Clear" }));
  expect(said.at(-1)).toEqual({ kind: "person", odd: [1], name: "Ada" });
});

test("a part of a default is changed within the default", () => {
  const usual = { default: { name: "Ada", age: 36 }, has_default: true };
  const said = show(port(PERSON, usual));
  expect(screen.getByLabelText<HTMLInputElement>("Name").placeholder).toBe("Ada");
  type("Age", "37");
  expect(said).toEqual([{ kind: "person", name: "Ada", age: 37 }]);
});

test("what is wrong deep inside is said there, and tied to the field", () => {
  const friends = { type: "array", items: PERSON };
  const tags = { type: "array", items: { type: "string" } };
  const schema = {
    type: "object",
    properties: { friends, tags, age: PERSON.properties.age },
  };
  const value = { friends: [{ name: "A" }, { name: "B" }], tags: ["x", "y"], age: 1 };
  show(port(schema), value, [
    { path: ["friends", 1, "name"], text: "It is too short." },
    { path: ["tags", 1], text: "It is no tag." },
    { path: ["age"], text: "It is too low." },
  ]);
  const wrong = [...document.querySelectorAll("[aria-invalid=true]")];
  const said = wrong.map((field) => [
    field.getAttribute("aria-label"),
    document.getElementById(field.getAttribute("aria-describedby") ?? "")?.textContent,
  ]);
  expect(said).toEqual([
    ["Name, row 2", "It is too short."],
    ["tags 2", "It is no tag."],
    ["Age", "It is too low."],
  ]);
});

const SHAPES = {
  oneOf: [
    {
      type: "object",
      title: "Circle",
      properties: {
        kind: { const: "circle" },
        size: { type: "number", title: "Size" },
      },
    },
    {
      type: "object",
      title: "Box",
      properties: {
        kind: { const: "box" },
        size: { type: "number", title: "Size" },
        depth: { type: "number", title: "Depth" },
      },
    },
  ],
};

test("another kind takes along what fits it, and coming back loses nothing", () => {
  const said = show(port(SHAPES), { kind: "box", size: 2, depth: 5 });
  const kind = screen.getByRole<HTMLSelectElement>("combobox", { name: "It, kind" });
  expect(kind.selectedOptions[0]?.textContent).toBe("Box");
  fireEvent.change(kind, { target: { value: "0" } });
  expect(said).toEqual([{ kind: "circle", size: 2 }]);
  expect(screen.queryByLabelText("Depth")).toBeNull();
  fireEvent.change(kind, { target: { value: "1" } });
  expect(said.at(-1)).toEqual({ kind: "box", size: 2, depth: 5 });
});

test("a kind that is not tagged waits for its value", () => {
  const schema = {
    anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }],
  };
  const said = show(port(schema), "one");
  const kind = screen.getByRole("combobox", { name: "It, kind" });
  fireEvent.change(kind, { target: { value: "1" } });
  expect(said).toEqual([]);
  fireEvent.click(screen.getByRole("button", { name: "Add to It" }));
  type("It 1", "two");
  expect(said).toEqual([["two"]]);
  fireEvent.change(kind, { target: { value: "0" } });
  expect(said.at(-1)).toBe("one");
});

test("what an if asks for is there while it holds", () => {
  const schema = {
    type: "object",
    properties: { country: { type: "string", title: "Country" } },
    if: { properties: { country: { const: "US" } }, required: ["country"] },
    // biome-ignore lint/suspicious/noThenProperty: it is JSON Schema's
    then: { properties: { zip: { type: "string", title: "Zip" } }, required: ["zip"] },
    else: { properties: { post: { type: "string", title: "Post code" } } },
  };
  show(port(schema), {});
  expect(screen.getByLabelText("Post code")).toBeTruthy();
  type("Country", "US");
  expect(screen.getByLabelText("Zip").getAttribute("aria-required")).toBe("true");
  expect(screen.queryByLabelText("Post code")).toBeNull();
});

test("several ifs of one schema each ask for their own", () => {
  const when = (name: string, then: string) => ({
    if: { required: [name] },
    // biome-ignore lint/suspicious/noThenProperty: it is JSON Schema's
    then: { properties: { [then]: {} } },
  });
  const all = {
    type: "object",
    properties: { a: {} },
    allOf: [when("a", "x"), when("b", "y")],
  };
  const names = (value: object) =>
    partsOf(place(all), { ...value }).map((it) => it.name);
  expect(names({})).toEqual(["a"]);
  expect(names({ a: 1 })).toEqual(["a", "x"]);
  expect(names({ a: 1, b: 1 })).toEqual(["a", "x", "y"]);
});

test("rows move by buttons and by keys, and none gets lost", () => {
  const said = show(port({ type: "array", items: { type: "string" } }), [
    "a",
    "b",
    "c",
  ]);
  fireEvent.click(screen.getByRole("button", { name: "Move It 3 up" }));
  expect(said.at(-1)).toEqual(["a", "c", "b"]);
  fireEvent.keyDown(screen.getByLabelText("It 1"), { key: "ArrowDown", altKey: true });
  expect(said.at(-1)).toEqual(["c", "a", "b"]);
  expect(
    screen.getByRole<HTMLButtonElement>("button", { name: "Move It 1 up" }).disabled,
  ).toBe(true);
});

test("a tuple has its parts by name, and takes no more", () => {
  const schema = {
    type: "array",
    prefixItems: [
      { type: "string", title: "City" },
      { type: "integer", title: "Nights" },
    ],
    items: false,
  };
  const said = show(port(schema), ["Oslo"]);
  fireEvent.click(screen.getByRole("button", { name: "Add to It" }));
  type("It 2", "3");
  expect(said.at(-1)).toEqual(["Oslo", 3]);
  expect(screen.getByText("Nights")).toBeTruthy();
  expect(
    screen.getByRole<HTMLButtonElement>("button", { name: "Add to It" }).disabled,
  ).toBe(true);
});

test("names of a dictionary choose by their patterns what they take", () => {
  const schema = {
    type: "object",
    patternProperties: { "^n_": { type: "integer" }, "^on_": { type: "boolean" } },
    additionalProperties: false,
  };
  show(port(schema), { n_a: 1, on_b: true, odd: "x" });
  expect(screen.getAllByRole("switch")).toHaveLength(1);
  expect(screen.getByText("No such name is taken.")).toBeTruthy();
});

const COLUMNS = partsOf(
  place({
    type: "object",
    properties: {
      city: { type: "string", title: "City" },
      n: { type: "integer" },
      open: { type: "boolean" },
      size: { enum: ["S", "L"] },
    },
  }),
  {},
);

test.each([
  [
    "a\tb\nc\td\n",
    [
      ["a", "b"],
      ["c", "d"],
    ],
  ],
  [
    "a\t\r\n\tb",
    [
      ["a", ""],
      ["", "b"],
    ],
  ],
  [
    '"two\nlines"\t"say ""hi"""\nx\ty',
    [
      ["two\nlines", 'say "hi"'],
      ["x", "y"],
    ],
  ],
  ["one", [["one"]]],
])("the cells of %j", (text, cells) => {
  expect(cellsOf(text)).toEqual(cells);
});

test("what is pasted goes where it was put, each cell as its column has it", () => {
  const rows = [{ city: "Oslo", n: 1, other: [1] }, { city: "Rome" }];
  const cells = cellsOf("7\tyes\tl\n9007199254740993\tno\tXL");
  expect(pasted(rows, COLUMNS, cells, 0, 1)).toEqual([
    { city: "Oslo", n: 7, other: [1], open: true, size: "L" },
    { city: "Rome", n: { $int: "9007199254740993" }, open: false, size: "XL" },
  ]);
  const named = cellsOf("Open\tCity\nx\tLima");
  expect(pasted(rows, COLUMNS, named, 2, 0).at(-1)).toEqual({
    open: true,
    city: "Lima",
  });
});

test("a cell of a table changes its row alone, and Enter in the last row adds one", () => {
  const schema = {
    type: "array",
    items: { type: "object", properties: { a: {}, b: {} } },
  };
  const said = show(port(schema), [{ a: 1, x: 9 }, { b: 2 }]);
  type("b, row 1", "5");
  expect(said).toEqual([[{ a: 1, x: 9, b: 5 }, { b: 2 }]]);
  fireEvent.keyDown(screen.getByLabelText("b, row 2"), { key: "Enter" });
  expect(said.at(-1)).toHaveLength(3);
  fireEvent.click(screen.getByRole("button", { name: "Remove row 1" }));
  expect(said.at(-1)).toEqual([{ b: 2 }, {}]);
  fireEvent.click(screen.getByRole("button", { name: "Move row 1 down" }));
  expect(said.at(-1)).toEqual([{}, { b: 2 }]);
  const cell = screen.getByLabelText("b, row 2");
  cell.focus();
  fireEvent.change(cell, { target: { value: "7" } });
  fireEvent.keyDown(cell, { key: "ArrowUp", altKey: true });
  expect(said.at(-1)).toEqual([{ b: 7 }, {}]);
});

test("large whole numbers keep their digits, deep inside and as JSON", () => {
  const big = { $int: "9007199254740993" };
  const said = show(port(PERSON), { name: "Ada", age: big });
  expect(screen.getByLabelText<HTMLInputElement>("Age").value).toBe("9007199254740993");
  type("Name", "Eva");
  expect(said).toEqual([{ kind: "person", name: "Eva", age: big }]);
});

test("what has many parts can be mended as JSON, every digit of it", () => {
  const said = show(port(PERSON), { name: "Ada", age: { $int: "9007199254740993" } });
  fireEvent.click(screen.getByRole("button", { name: "It: as JSON" }));
  const area = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "It" });
  expect(JSON.parse(area.value)).toMatchObject({ name: "Ada" });
  expect(area.value).toContain("9007199254740993");
  type("It", '{"name": "Eva", "age": -9007199254740995, "more": [1.5]}');
  expect(said).toEqual([
    { name: "Eva", age: { $int: "-9007199254740995" }, more: [1.5] },
  ]);
  fireEvent.click(screen.getByRole("button", { name: "It: as JSON" }));
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Eva");
});

test("only the newest values are judged, and what was said before falls away", async () => {
  const answers: ((faults: Fault[]) => void)[] = [];
  const check = () => new Promise<Fault[]>((tell) => answers.push(tell));
  const form = (values: Record<string, unknown>) => (
    <Form
      ports={[port({ type: "string" })]}
      values={values}
      check={check}
      onChange={() => {}}
      onClear={() => {}}
    />
  );
  const { rerender } = render(form({ it: "a" }));
  await act(() => vi.advanceTimersByTime(300));
  rerender(form({ it: "ab" }));
  await act(() => vi.advanceTimersByTime(300));
  await act(async () => answers[1]?.([{ path: ["it"], text: "Newer." }]));
  await act(async () => answers[0]?.([{ path: ["it"], text: "Older." }]));
  expect(screen.getByText("Newer.")).toBeTruthy();
  rerender(form({}));
  expect(screen.queryByText("Newer.")).toBeNull();
});

test("a schema that holds itself goes on where somebody opens it", () => {
  const tree = {
    type: "object",
    properties: { name: { type: "string" }, next: { $ref: "#" } },
  };
  const said = show(port(tree), { name: "a" });
  expect(screen.getAllByRole("textbox", { name: "name" })).toHaveLength(2);
  fireEvent.click(screen.getByRole("button", { name: "next", expanded: false }));
  const [, , third] = screen.getAllByRole<HTMLInputElement>("textbox", {
    name: "name",
  });
  third?.focus();
  if (third) fireEvent.change(third, { target: { value: "c" } });
  act(() => void vi.advanceTimersByTime(500));
  expect(said).toEqual([{ name: "a", next: { next: { name: "c" } } }]);
  expect(document.activeElement).toBe(third);
});

/** A desk over a kernel that keeps what it is asked. */
function desk(answer: (ask: { op: string }, beside: ArrayBuffer[]) => unknown) {
  const asked: { op: string }[] = [];
  const over = deskOver(async (ask, beside = []) => {
    asked.push(ask);
    return answer(ask, beside);
  });
  return { asked, over };
}

const HERE = {
  credentials: [
    { name: "github", kind: "api_key", hosts: ["api.github.com"] },
    { name: "mail", kind: "user_password", hosts: ["mail.example.org"] },
  ],
  kinds: ["api_key", "user_password"],
  familiar: {},
};
const WANTED = {
  type: "string",
  format: "credential",
  kinds: ["api_key"],
  hosts: ["api.github.com"],
};

test("credentials that fit can be chosen, and what is missing is said", async () => {
  const { over } = desk(() => HERE);
  const said = show(port(WANTED), "lost", [], over);
  await act(async () => {});
  expect(screen.getByRole("status").textContent).toContain("no credential “lost” here");
  const field = screen.getByRole("combobox", { name: "It" });
  const fits = within(field).getByRole<HTMLOptionElement>("option", { name: "github" });
  expect(fits.disabled).toBe(false);
  expect(
    within(field).getByRole<HTMLOptionElement>("option", { name: "mail" }).disabled,
  ).toBe(true);
  fireEvent.change(field, { target: { value: "github" } });
  expect(said).toEqual(["github"]);
  expect(screen.getByText(/sent only to api.github.com/)).toBeTruthy();
});

test("a credential that is added goes to the kernel once, and is nowhere after", async () => {
  const { asked, over } = desk(() => HERE);
  const said = show(port(WANTED), undefined, [], over);
  await act(async () => {});
  fireEvent.click(screen.getByRole("button", { name: "Add a credential" }));
  type("Name", "GitHub");
  const secret = screen.getByLabelText<HTMLInputElement>("Secret");
  expect(secret.type).toBe("password");
  type("Secret", "canary");
  await act(async () => fireEvent.click(screen.getByRole("button", { name: "Keep" })));
  expect(asked.at(-1)).toEqual({
    op: "add_credential",
    name: "github",
    kind: "api_key",
    hosts: ["api.github.com"],
    user: "",
    header: "",
    secret: "canary",
  });
  expect(said).toEqual(["github"]);
  expect(document.body.innerHTML).not.toContain("canary");
  expect(secret.value).toBe("");
});

test("code on a node is a picture that opens large, and closes to where it was", async () => {
  const { over } = desk(() => {
    throw new Error("the kernel is busy");
  });
  const schema = { type: "string", format: "code", language: "python" };
  const code = port(schema, { help: "What is run" });
  const said = show(code, "a = 1\nb\nc\nd\ne", [], over, true);
  await act(async () => {});
  const opener = screen.getByRole("button", {
    name: "It: What is run, open the editor",
  });
  expect(opener.textContent).toBe("a = 15 lines");
  fireEvent.click(opener);
  const dialog = screen.getByRole("dialog", { name: "It", description: "What is run" });
  const area = within(dialog).getByRole("textbox", { name: "It: What is run" });
  expect(document.activeElement).toBe(area);
  fireEvent.change(area, { target: { value: "a = 2" } });
  fireEvent.keyDown(area, { key: "Escape" });
  fireEvent.keyDown(area, { key: "Escape" });
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(said).toEqual(["a = 2"]);
  expect(document.activeElement).toBe(opener);
});

test("models that can be asked come first, and any other may be typed", async () => {
  const ready = { name: "local:a", is_ready: true, is_default: false, note: "" };
  const lacking = {
    name: "openai:b",
    is_ready: false,
    is_default: true,
    note: "needs a key",
  };
  const { over } = desk(() => ({ models: [ready, lacking] }));
  const said = show(port({ type: "string", format: "model" }), undefined, [], over);
  await act(async () => {});
  const field = screen.getByRole("combobox", { name: "It" });
  await act(async () => fireEvent.focus(field));
  const offered = screen.getAllByRole("option").map((it) => it.textContent);
  expect(offered).toEqual(["local:a", "openai:bdefault"]);
  fireEvent.keyDown(field, { key: "ArrowDown" });
  fireEvent.keyDown(field, { key: "Enter" });
  expect(said).toEqual(["local:a"]);
  fireEvent.change(field, { target: { value: "mine:c" } });
  fireEvent.blur(field);
  expect(said.at(-1)).toBe("mine:c");
});

test("a file goes in parts, and its path is the value; a failure says why", async () => {
  vi.useRealTimers();
  const parts: number[] = [];
  let isFull = false;
  const { over } = desk((ask, [part]) => {
    if (isFull) throw new Error("there is no room for it.");
    if (ask.op === "begin_upload") return { upload: "u1" };
    parts.push(part?.byteLength ?? -1);
    return { path: parts.length === 3 ? "/home/a.bin" : "" };
  });
  const said = show(port({ type: "string", format: "file" }), undefined, [], over);
  const file = new File([new Uint8Array(2 * PART + 5)], "a.bin");
  const picker = screen.getByLabelText("It, file");
  await act(async () => fireEvent.change(picker, { target: { files: [file] } }));
  await vi.waitFor(() => expect(said).toEqual(["/home/a.bin"]));
  expect(parts).toEqual([PART, PART, 5]);
  isFull = true;
  await act(async () => fireEvent.change(picker, { target: { files: [file] } }));
  await vi.waitFor(() => screen.getByText(/a.bin did not arrive: there is no room/));
});

test("a run is given a table by its file or by the name of a variable", async () => {
  vi.useRealTimers();
  const { over } = desk(({ op }) => {
    if (op === "variables") return { names: ["frame"] };
    return op === "begin_upload" ? { upload: "1" } : { path: "/files/ab/a b.csv" };
  });
  const said: Record<string, unknown>[] = [];
  function Kernel() {
    const [values, set] = useState<Record<string, unknown>>({});
    const say = (next: Record<string, unknown>) => {
      said.push(next);
      set(next);
    };
    return (
      <DeskContext value={over}>
        <Form
          isForRun
          ports={[port({ type: "object", kind: "table" })]}
          values={values}
          onChange={(name, value) => say({ [name]: value })}
          onClear={() => say({})}
        />
      </DeskContext>
    );
  }
  render(<Kernel />);
  const choice = await screen.findByLabelText("It, variable of the notebook");
  await screen.findByRole("option", { name: "frame" });
  fireEvent.change(choice, { target: { value: "frame" } });
  expect(said).toEqual([{ it: { $variable: "frame" } }]);
  const file = new File(["a\n1"], "a b.csv");
  fireEvent.change(screen.getByLabelText("It, file"), { target: { files: [file] } });
  expect(await screen.findByText("a b.csv")).toBeTruthy();
  expect(said.at(-1)).toEqual({ it: { $upload: "ab/a b.csv" } });
  fireEvent.click(screen.getByRole("button", { name: "Take away It" }));
  expect(said.at(-1)).toEqual({});
});

test("a node names a file of the workspace, and no variable", async () => {
  vi.useRealTimers();
  const { over } = desk(() => ({ paths: ["data/a.csv", "b.csv"] }));
  const said: unknown[] = [];
  render(
    <DeskContext value={over}>
      <Field
        compact
        port={port({ type: "object", kind: "table" })}
        value={{ $file: "b.csv" }}
        isSet
        onChange={(value) => said.push(value)}
        onClear={() => said.push("cleared")}
      />
    </DeskContext>,
  );
  const path = screen.getByRole("textbox", { name: "It, path of a file" });
  expect(path).toHaveProperty("value", "b.csv");
  fireEvent.focus(path);
  await vi.waitFor(() => expect(document.querySelectorAll("option")).toHaveLength(2));
  fireEvent.change(path, { target: { value: "data/a.csv" } });
  fireEvent.blur(path);
  fireEvent.change(path, { target: { value: "" } });
  fireEvent.blur(path);
  expect(said).toEqual([{ $file: "data/a.csv" }, "cleared"]);
  expect(screen.queryByLabelText("It, variable of the notebook")).toBeNull();
});
