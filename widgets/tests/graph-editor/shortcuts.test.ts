import { expect, test } from "vitest";
import { keysOf } from "../../src/graph-editor/keys";
import { SHORTCUTS } from "../../src/graph-editor/shortcuts";

const pressed = (key: string, ...mods: ("ctrlKey" | "shiftKey" | "altKey")[]) =>
  keysOf({
    key,
    ctrlKey: mods.includes("ctrlKey"),
    metaKey: false,
    shiftKey: mods.includes("shiftKey"),
    altKey: mods.includes("altKey"),
  });

test("keys are written as the list has them", () => {
  expect(pressed("z", "ctrlKey")).toBe("Mod+Z");
  expect(pressed("Z", "ctrlKey", "shiftKey")).toBe("Mod+Shift+Z");
  expect(pressed("?", "shiftKey")).toBe("?");
  expect(pressed("Delete", "ctrlKey")).toBe("Mod+Delete");
  expect(pressed("ArrowLeft", "altKey")).toBe("Alt+ArrowLeft");
});

test("no keys do two things", () => {
  const all = SHORTCUTS.flatMap(({ keys }) => keys);
  expect(new Set(all).size).toBe(all.length);
});
