/**
 * The keyboard. React Flow's own keys are off: it listens on the whole document, so two
 * editors would both act. What is pressed in the editor stays in it: the notebook would
 * else delete or run the cell.
 */

import type { KeyboardEvent } from "react";
import { isTyping } from "../ui/keep-keys";
import { SHORTCUTS } from "./shortcuts";
import { takeFocus, type View } from "./view";

/** One thing that keys do. Without `run` the browser or the canvas does it by itself. */
export interface Shortcut {
  group: "Find and add" | "Edit" | "Arrange" | "Select" | "Run" | "Look";
  /** As in `Mod+Shift+Z`; `Mod` is Ctrl, on a Mac the command key. */
  keys: readonly string[];
  /** What it does; empty where its neighbour in the list says it. */
  label: string;
  /** What the list shows instead of the keys. */
  shown?: string;
  /** Whether it changes the graph: not done where nothing can be changed. */
  isEdit?: boolean;
  /** Whether it works while somebody types, too. */
  isInFields?: boolean;
  isWanted?(view: View, event: Pressing): boolean;
  run?(view: View): void;
}

type Pressing = Pick<KeyboardEvent, "target">;
type Keys = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

/** The keys that are pressed, as `Shortcut.keys` writes them. */
export function keysOf({ key, ctrlKey, metaKey, shiftKey, altKey }: Keys): string {
  const isLetter = /^\p{L}$/u.test(key);
  const isSign = [...key].length === 1 && !isLetter;
  const parts = [];
  if (ctrlKey || metaKey) parts.push("Mod");
  if (altKey) parts.push("Alt");
  // A sign is what it is, however it is typed.
  if (shiftKey && !isSign) parts.push("Shift");
  return [...parts, isLetter ? key.toUpperCase() : key].join("+");
}

/** What keys do in the editor. */
export function onEditorKey(event: KeyboardEvent, view: View): void {
  if (event.defaultPrevented) return;
  if (event.key === "Escape") {
    leave(view);
    return;
  }
  const pressed = keysOf(event);
  const found = SHORTCUTS.find(({ keys, run }) => run && keys.includes(pressed));
  const isField = isTyping(event.nativeEvent);
  if (found && (!isField || found.isInFields)) {
    if (found.isWanted?.(view, event) === false) return;
    event.preventDefault();
    if (found.isEdit && isReadOnly(view)) return;
    found.run?.(view);
    if (["Delete", "Backspace"].includes(event.key)) takeFocus(view);
  } else if (event.key === "Enter" && !isField) {
    inspectFocused(event, view);
  }
}

/** Whether nothing can be changed: the agent is read-only, or the kernel is gone. */
export const isReadOnly = ({ session }: View): boolean => {
  const { about, phase } = session.kernel.getState();
  return about.read_only !== "" || phase === "lost";
};

function inspectFocused(event: KeyboardEvent, { actions }: View): void {
  const target = event.target as HTMLElement;
  if (!target.matches(".react-flow__node")) return;
  const id = target.dataset.id;
  if (id) actions.inspect(id);
}

/** Escape closes what is open, the newest first; at last it leaves the big view. */
function leave(view: View): void {
  const { local, actions } = view;
  const state = local.getState();
  const isOver =
    state.menu ||
    state.isHelpOpen ||
    state.picking ||
    state.naming ||
    state.comparedWith ||
    state.areRunsOpen;
  if (state.menu) local.setState({ menu: null });
  else if (state.isHelpOpen) local.setState({ isHelpOpen: false });
  else if (state.picking) local.setState({ picking: null });
  else if (state.naming) local.setState({ naming: null });
  else if (state.quickAdd) local.setState({ quickAdd: null });
  else if (state.isRunFormOpen) local.setState({ isRunFormOpen: false });
  else if (state.areProblemsOpen) local.setState({ areProblemsOpen: false });
  else if (state.inspected) actions.inspect(null);
  else if (state.comparedWith) local.setState({ comparedWith: null });
  else if (state.areRunsOpen) local.setState({ areRunsOpen: false });
  else if (state.nodes.some((node) => node.selected)) actions.select([]);
  else if (state.isMaximised) local.setState({ isMaximised: false });
  if (isOver) takeFocus(view);
}
