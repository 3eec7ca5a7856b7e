import { act, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Field } from "../../src/forms/field";
import type { WirePort } from "../../src/protocol/messages";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const TEXTS = { type: "array", items: { type: "string" } };
const NUMBERS = { type: "object", additionalProperties: { type: "number" } };

function show(schema: object, first: unknown, compact = false) {
  const port: WirePort = {
    name: "tags",
    title: "",
    help: "",
    types: ["list"],
    type_name: "list",
    schema: { ...schema },
    required: false,
    advanced: false,
    shown: false,
    default: null,
    has_default: false,
  };
  const said: unknown[] = [];
  const kernel = { set: (_value: unknown) => {} };
  function Kernel() {
    const [value, set] = useState(first);
    kernel.set = (next) => act(() => set(next));
    return (
      <Field
        port={port}
        value={value}
        isSet={value !== undefined}
        compact={compact}
        onChange={(next) => {
          said.push(next);
          set(next);
        }}
        onClear={() => set(undefined)}
      />
    );
  }
  render(<Kernel />);
  return { said, kernel };
}

const boxes = () => screen.queryAllByRole<HTMLInputElement>("textbox");
const box = (at: number) => boxes()[at] as HTMLInputElement;
const write = (at: number, text: string) => {
  fireEvent.change(box(at), { target: { value: text } });
  fireEvent.blur(box(at));
};

test("rows are added, filled and removed", () => {
  const { said } = show(TEXTS, ["red"]);
  fireEvent.click(screen.getByRole("button", { name: "Add to tags" }));
  expect(said).toEqual([]);
  write(1, "green");
  fireEvent.click(screen.getByRole("button", { name: "Remove tags 1" }));
  expect(said).toEqual([["red", "green"], ["green"]]);
});

test("Enter sends the row and goes to a new one below", () => {
  const { said } = show(TEXTS, ["red", "blue"]);
  fireEvent.change(box(0), { target: { value: "rot" } });
  fireEvent.keyDown(box(0), { key: "Enter" });
  expect(said).toEqual([["rot", "blue"]]);
  expect(boxes().map((it) => it.value)).toEqual(["rot", "", "blue"]);
  expect(document.activeElement).toBe(box(1));
});

test("Backspace in an empty row removes it", () => {
  show(TEXTS, ["red"]);
  fireEvent.click(screen.getByRole("button", { name: "Add to tags" }));
  fireEvent.keyDown(box(1), { key: "Backspace" });
  expect(boxes()).toHaveLength(1);
  expect(document.activeElement).toBe(box(0));
});

test("a change from outside is shown", () => {
  const { kernel } = show(TEXTS, ["red"]);
  kernel.set(["a", "b"]);
  expect(boxes().map((it) => it.value)).toEqual(["a", "b"]);
});

test("a dictionary sends entries that have a name and a value", () => {
  const { said } = show(NUMBERS, { a: 1 });
  fireEvent.click(screen.getByRole("button", { name: "Add to tags" }));
  fireEvent.change(box(2), { target: { value: "b" } });
  expect(said).toEqual([]);
  write(3, "2");
  expect(said).toEqual([{ a: 1, b: 2 }]);
});

test("a name that is there twice is told and not sent", () => {
  const { said } = show(NUMBERS, { a: 1, b: 2 });
  fireEvent.change(box(2), { target: { value: "a" } });
  expect(screen.getByRole("status").textContent).toContain("“a” is there twice");
  expect(said).toEqual([]);
});

test("on a node the list is one line that opens", () => {
  show(TEXTS, ["red", "blue"], true);
  const fold = screen.getByRole("button", { name: "tags" });
  expect(fold.textContent).toContain("2 · red, blue");
  fireEvent.click(fold);
  expect(boxes()).toHaveLength(2);
});

test("a value that is no list is shown as JSON to be put right", () => {
  const { said } = show(TEXTS, { not: "a list" });
  expect(box(0).value).toContain('"not"');
  write(0, '["a"]');
  expect(said).toEqual([["a"]]);
});
