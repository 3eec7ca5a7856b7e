import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { Toasts } from "../../src/ui/toasts";

/** What is read of a toast. */
function shown(text: string): string {
  const toasts = [{ id: 1, level: "error" as const, text }];
  const { unmount } = render(<Toasts toasts={toasts} onGone={() => {}} />);
  const words = screen.getByRole("status").textContent ?? "";
  unmount();
  return words;
}

const list = (length: number) =>
  ["It cannot run yet:", ...Array.from({ length }, (_, at) => `- port ${at}`)].join(
    "\n",
  );

test("of a long list a toast shows how it begins, and how much more there is", () => {
  expect(shown(list(12))).toContain("- port 3\n… and 8 more");
  expect(shown(list(12))).not.toContain("- port 4");
});

test("a short text stands whole, also one of a line more", () => {
  expect(shown("One line.")).toBe("One line.");
  expect(shown(list(5))).toContain("- port 4");
});
