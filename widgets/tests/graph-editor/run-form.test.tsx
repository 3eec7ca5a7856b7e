import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { RunForm } from "../../src/graph-editor/run-form";
import type { WirePort } from "../../src/protocol/messages";

const port = (name: string, schema: object, required = false): WirePort => ({
  name,
  title: "",
  help: "",
  types: ["text"],
  type_name: "text",
  schema: { ...schema },
  required,
  advanced: false,
  shown: false,
  default: null,
  has_default: false,
});

const INPUTS = [
  port("topic", { type: "string" }, true),
  port("count", { type: "integer" }),
  port("notes", { type: "string", format: "long-text" }),
];

function show(initial = {}, busy = false) {
  const runs: unknown[] = [];
  const closed: string[] = [];
  render(
    <RunForm
      inputs={INPUTS}
      initial={initial}
      busy={busy}
      onRun={(values) => runs.push(values)}
      onClose={() => closed.push("closed")}
    />,
  );
  return { runs, closed };
}

const field = (name: string) => screen.getByLabelText<HTMLInputElement>(name);
const type = (name: string, value: string) =>
  fireEvent.change(field(name), { target: { value } });

test("the first field has the focus, and Enter runs with what was typed", () => {
  const { runs } = show();
  expect(document.activeElement).toBe(field("topic"));
  type("topic", "bees");
  fireEvent.keyDown(field("topic"), { key: "Enter" });
  expect(runs).toEqual([{ topic: "bees" }]);
});

test("a missing input is told and focused, and nothing runs", () => {
  const { runs } = show();
  field("count").focus();
  fireEvent.click(screen.getByRole("button", { name: "Run" }));
  expect(runs).toEqual([]);
  expect(screen.getByText("This is needed.")).toBeTruthy();
  expect(document.activeElement).toBe(field("topic"));
});

test("a value that is not finished does not run as if it were not there", () => {
  const { runs } = show({ topic: "bees" });
  type("count", "1x");
  fireEvent.keyDown(field("count"), { key: "Enter" });
  expect(runs).toEqual([]);
  expect(document.activeElement).toBe(field("count"));
});

test("Enter in a long text is a line break, Ctrl+Enter runs", () => {
  const { runs } = show({ topic: "bees" });
  type("notes", "one");
  fireEvent.keyDown(field("notes"), { key: "Enter" });
  expect(runs).toEqual([]);
  fireEvent.keyDown(field("notes"), { key: "Enter", ctrlKey: true });
  expect(runs).toEqual([{ topic: "bees", notes: "one" }]);
});

test("an input that is emptied is not given", () => {
  const { runs } = show({ topic: "bees", count: 3 });
  type("count", "");
  fireEvent.keyDown(field("count"), { key: "Enter" });
  expect(runs).toEqual([{ topic: "bees" }]);
});

test("Escape closes; the first one takes back what is being typed", () => {
  const { closed } = show();
  type("topic", "bees");
  fireEvent.keyDown(field("topic"), { key: "Escape" });
  expect([field("topic").value, closed]).toEqual(["", []]);
  fireEvent.keyDown(field("topic"), { key: "Escape" });
  expect(closed).toEqual(["closed"]);
});

test("while it runs there is no second run", () => {
  const { runs } = show({ topic: "bees" }, true);
  fireEvent.keyDown(field("topic"), { key: "Enter" });
  expect(runs).toEqual([]);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Run" }).disabled).toBe(
    true,
  );
});

test("Tab goes round inside the dialog", () => {
  show();
  const run = screen.getByRole("button", { name: "Run" });
  run.focus();
  fireEvent.keyDown(run, { key: "Tab" });
  expect(screen.getByRole("dialog").contains(document.activeElement)).toBe(true);
  expect(document.activeElement).not.toBe(run);
});
