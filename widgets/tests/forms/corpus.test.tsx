/** Every schema of the corpus that the kernel's tests read too: its field, and nothing lost. */

import { readFileSync } from "node:fs";
import { fireEvent, render } from "@testing-library/react";
import axe from "axe-core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Field } from "../../src/forms/field";
import { type Shape, shapeOf } from "../../src/forms/shape";
import { parse } from "../../src/graph/big";
import type { WirePort } from "../../src/protocol/messages";

const TEXT = readFileSync("../tests/forms/corpus.json", "utf8");

interface Case {
  name: string;
  schema: Record<string, unknown>;
  kind: Shape["kind"];
  good: unknown[];
  bad: [unknown, (string | number)[]][];
}

const CORPUS = parse(TEXT) as Case[];

beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
afterEach(() => void vi.useRealTimers());

function port(schema: Record<string, unknown>): WirePort {
  return {
    name: "it",
    title: "It",
    help: "Some help.",
    types: ["any"],
    type_name: "anything",
    schema,
    required: false,
    advanced: false,
    shown: false,
    default: null,
    has_default: false,
  };
}

/** Shows a value, and gives what the field has said of it. */
function show(schema: Record<string, unknown>, value: unknown, compact = false) {
  const said: unknown[] = [];
  const shown = render(
    <Field
      port={port(schema)}
      value={value}
      isSet
      compact={compact}
      onChange={(next) => said.push(next)}
      onClear={() => said.push("cleared")}
    />,
  );
  return { said, ...shown };
}

test.each(CORPUS)("$name: the field that it asks for", ({ schema, kind }) => {
  expect(shapeOf(schema).kind).toBe(kind);
});

test.each(CORPUS)("$name: looking changes nothing, nor does leaving", (it) => {
  const values = [...it.good, ...it.bad.map(([value]) => value)];
  for (const value of values) {
    for (const compact of [false, true]) {
      const { said, container, unmount } = show(it.schema, value, compact);
      container.querySelector<HTMLElement>("[aria-expanded=false]")?.click();
      for (const field of container.querySelectorAll("input, textarea, select")) {
        fireEvent.focus(field);
        fireEvent.blur(field);
      }
      vi.advanceTimersByTime(5000);
      unmount();
      expect(said).toEqual([]);
    }
  }
});

test.each(CORPUS)("$name: every control has a name", async (it) => {
  vi.useRealTimers();
  for (const value of it.good.slice(0, 2)) {
    const { container, unmount } = show(it.schema, value);
    const found = await axe.run(container, {
      runOnly: ["wcag2a", "wcag2aa"],
      rules: { "color-contrast": { enabled: false } }, // needs a browser
    });
    expect(found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    unmount();
  }
});
