import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { DeskContext, deskOver } from "../../src/forms/desk";
import { Field } from "../../src/forms/field";
import type { WirePort } from "../../src/protocol/messages";

const PORT: WirePort = {
  name: "code",
  title: "",
  help: "",
  types: ["text"],
  type_name: "text",
  schema: { type: "string", format: "code" },
  required: true,
  advanced: false,
  shown: true,
  default: null,
  has_default: false,
};
const desk = deskOver(() => new Promise(() => {}));

/** What a node shows of the code. */
function shown(code: string): string {
  const nothing = () => {};
  const { unmount } = render(
    <DeskContext value={desk}>
      <Field
        port={PORT}
        value={code}
        isSet
        compact
        onChange={nothing}
        onClear={nothing}
      />
    </DeskContext>,
  );
  const text = screen.getByRole("button", { name: /open the editor/ }).textContent;
  unmount();
  return text ?? "";
}

test("a node shows the first line of code that says something, from its start", () => {
  expect(shown("sum(values)")).toBe("sum(values)");
  expect(shown("\n\n  import math\n  math.sqrt(2)\n")).toBe("import math2 lines");
  expect(shown('    """\n    Adds things.\n    """\n    a + b')).toBe(
    "Adds things.4 lines",
  );
  expect(shown("{\n}")).toBe("{2 lines");
});

test("code of nothing but blank lines is no code", () => {
  expect(shown(" \n\n")).toBe("write code");
});
