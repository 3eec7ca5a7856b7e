import { act, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Field } from "../../src/forms/field";
import type { WirePort } from "../../src/protocol/messages";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const NOTHING = Symbol("nothing");

function port(schema: object, more: Partial<WirePort> = {}): WirePort {
  return {
    name: "it",
    title: "",
    help: "",
    types: ["text"],
    type_name: "text",
    schema: { ...schema },
    required: false,
    advanced: false,
    shown: false,
    default: null,
    has_default: false,
    ...more,
  };
}

/** A field with a kernel behind it: `kernel.set` changes the value from outside. */
function show(of: WirePort, first: unknown = NOTHING, echo = true) {
  const said: unknown[] = [];
  const kernel = { set: (_value: unknown) => {} };
  function Kernel() {
    const [value, set] = useState(first);
    kernel.set = (next) => act(() => set(next));
    const say = (next: unknown) => {
      said.push(next);
      if (echo) set(next);
    };
    return (
      <Field
        port={of}
        value={value}
        isSet={value !== NOTHING}
        onChange={say}
        onClear={() => say(NOTHING)}
      />
    );
  }
  render(<Kernel />);
  return { said, kernel };
}

const box = () => screen.getByRole<HTMLInputElement>("textbox");
const type = (text: string) => fireEvent.change(box(), { target: { value: text } });
const wait = (ms: number) => act(() => vi.advanceTimersByTime(ms));

test("typing is sent after a pause, once", () => {
  const { said } = show(port({ type: "string" }));
  type("a");
  type("ab");
  expect(said).toEqual([]);
  wait(400);
  expect(said).toEqual(["ab"]);
});

test("Enter and leaving the field send at once", () => {
  const { said } = show(port({ type: "string" }));
  type("a");
  fireEvent.keyDown(box(), { key: "Enter" });
  type("ab");
  fireEvent.blur(box());
  expect(said).toEqual(["a", "ab"]);
});

test("an answer that is behind does not touch what is typed, nor the caret", () => {
  const { kernel } = show(port({ type: "string" }), "x", false);
  type("hello");
  wait(400);
  type("hello world");
  box().setSelectionRange(3, 3);
  kernel.set("hello");
  expect(box().value).toBe("hello world");
  expect(box().selectionStart).toBe(3);
});

test("what others change is shown when nothing of ours is unsent", () => {
  const { kernel } = show(port({ type: "string" }), "x");
  type("mine");
  wait(400);
  kernel.set("theirs");
  expect(box().value).toBe("theirs");
});

test("what others change does not take away what is unsent or unfinished", () => {
  const { said, kernel } = show(port({ type: "number" }), 1);
  type("2");
  kernel.set(7);
  expect(box().value).toBe("2");
  wait(400);
  expect(said).toEqual([2]);
  type("2-");
  wait(400);
  kernel.set(8);
  expect(box().value).toBe("2-");
});

test("a refused value gives way to the kernel's after a while", () => {
  show(port({ type: "string" }), "kept", false);
  type("refused");
  fireEvent.blur(box());
  expect(box().value).toBe("refused");
  wait(3000);
  expect(box().value).toBe("kept");
});

test("Escape takes back what is not sent", () => {
  const { said } = show(port({ type: "string" }), "old");
  type("new");
  fireEvent.keyDown(box(), { key: "Escape" });
  wait(1000);
  expect(box().value).toBe("old");
  expect(said).toEqual([]);
});

test("an emptied field clears the constant and shows the default", () => {
  const of = port({ type: "string" }, { default: "dear", has_default: true });
  const { said } = show(of, "x");
  type("");
  fireEvent.blur(box());
  expect(said).toEqual([NOTHING]);
  expect(box().placeholder).toBe("dear");
});

test("a field that goes away sends what was typed", () => {
  const said: unknown[] = [];
  const of = port({ type: "string" });
  const { unmount } = render(
    <Field
      port={of}
      value=""
      isSet={false}
      onChange={(it) => said.push(it)}
      onClear={() => {}}
    />,
  );
  type("kept");
  unmount();
  expect(said).toEqual(["kept"]);
});

test("a number keeps what is typed until it is one", () => {
  const { said } = show(port({ type: "number" }));
  type("-");
  wait(400);
  expect(box().value).toBe("-");
  expect(screen.getByRole("status").textContent).toContain("not a number");
  type("-1.50");
  wait(400);
  expect(said).toEqual([-1.5]);
  expect(box().value).toBe("-1.50");
});

test.each([
  [{ type: "integer" }, "1.5", "whole"],
  [{ type: "integer", minimum: 1 }, "0", "At least 1"],
  [{ anyOf: [{ type: "number", exclusiveMaximum: 2 }, { type: "null" }] }, "2", "Less"],
])("a number outside its limits is not sent: %j", (schema, text, why) => {
  const { said } = show(port(schema));
  type(text);
  fireEvent.blur(box());
  expect(said).toEqual([]);
  expect(screen.getByRole("status").textContent).toContain(why);
});

test("a choice is sent as it is in the schema", () => {
  const schema = {
    $defs: { Size: { enum: [1, 2, 3, 4, 5], type: "integer" } },
    anyOf: [{ $ref: "#/$defs/Size" }, { type: "null" }],
  };
  const { said } = show(port(schema));
  fireEvent.change(screen.getByRole("combobox"), { target: { value: "1" } });
  fireEvent.change(screen.getByRole("combobox"), { target: { value: "unset" } });
  expect(said).toEqual([2, NOTHING]);
});

test("a switch shows the default and sends the other", () => {
  const { said } = show(
    port({ type: "boolean" }, { default: true, has_default: true }),
  );
  const it = screen.getByRole("switch");
  expect(it.getAttribute("aria-checked")).toBe("true");
  fireEvent.click(it);
  expect(said).toEqual([false]);
  expect(it.getAttribute("aria-checked")).toBe("false");
});

test.each([
  ["5", 5],
  ["true", true],
  ['["a"]', ["a"]],
  ["five", "five"],
  ['"5"', "5"],
  ["null", "null"],
  ['"quoted"', '"quoted"'],
])("anything: %s is understood, and shown again as typed", (text, meant) => {
  const { said } = show(port({}));
  type(text);
  fireEvent.blur(box());
  expect(said).toEqual([meant]);
  expect(box().value).toBe(text);
});

test("anything says what it takes the text for", () => {
  show(port({}), "[1]");
  expect(screen.getByText("text")).toBeTruthy();
  type("[1]");
  expect(screen.getByText("list")).toBeTruthy();
});

test("JSON is sent when it is the right kind, and the fault is named until then", () => {
  const table = { type: "object", kind: "table" };
  const { said } = show(port({ type: "object", additionalProperties: table }));
  type("[1]");
  fireEvent.blur(box());
  expect(screen.getByRole("status").textContent).toContain("A dictionary is needed");
  type('{"x": 1}');
  wait(400);
  expect(said).toEqual([{ x: 1 }]);
});

test("Tab indents code, and after Escape leaves it", () => {
  const { said } = show(port({ type: "string", format: "code" }), "x");
  expect(fireEvent.keyDown(box(), { key: "Tab" })).toBe(false);
  wait(400);
  expect(said).toHaveLength(1);
  expect(String(said[0])).toContain("    ");
  fireEvent.keyDown(box(), { key: "Escape" });
  expect(fireEvent.keyDown(box(), { key: "Tab" })).toBe(true);
});

test("lines that are pasted stay lines", () => {
  const { said } = show(port({ type: "string" }));
  const clipboardData = { getData: () => "one\r\ntwo" };
  fireEvent.paste(box(), { clipboardData });
  expect(said).toEqual(["one\ntwo"]);
  expect(box().tagName).toBe("TEXTAREA");
});

test("a table cannot be typed, a live object can only be taken away", () => {
  show(port({ anyOf: [{ type: "object", kind: "table" }, { type: "null" }] }));
  expect(screen.getByText("link a table")).toBeTruthy();
  const { said } = show(port({}), { $live: "DataFrame" });
  expect(screen.getByText("a DataFrame from Python")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: /Take away/ }));
  expect(said).toEqual([NOTHING]);
});

test("a problem is shown below and tied to the field", () => {
  const of = port({ type: "string" }, { required: true, title: "Prompt" });
  render(
    <Field
      port={of}
      value={undefined}
      isSet={false}
      problem="It is needed."
      onChange={() => {}}
      onClear={() => {}}
    />,
  );
  const field = screen.getByLabelText(/Prompt/);
  const text = document.getElementById(field.getAttribute("aria-describedby") ?? "");
  expect(text?.textContent).toBe("It is needed.");
  expect(field.getAttribute("aria-invalid")).toBe("true");
  expect(field.getAttribute("aria-required")).toBe("true");
});

test.each([
  { $ref: "#/$defs/Gone" },
  { $ref: "#/$defs/A", $defs: { A: { $ref: "#/$defs/A" } } },
  { anyOf: "nonsense", enum: 3, type: ["string"] },
  { type: "array", items: { $ref: "#" } },
])("a strange schema still gives a field: %j", (schema) => {
  show(port(schema));
  expect(document.querySelector(".ab-field input, .ab-field button")).toBeTruthy();
});

test("examples are offered, and anything else may be written as well", () => {
  const { said } = show(port({ type: "string", examples: ["openai:a", "ollama:b"] }));
  const field = screen.getByRole<HTMLInputElement>("combobox");
  const offered = document.getElementById(field.getAttribute("list") ?? "");
  const names = [...(offered?.querySelectorAll("option") ?? [])].map((o) => o.value);
  expect(names).toEqual(["openai:a", "ollama:b"]);
  fireEvent.change(field, { target: { value: "mine:c" } });
  fireEvent.blur(field);
  expect(said).toEqual(["mine:c"]);
});
