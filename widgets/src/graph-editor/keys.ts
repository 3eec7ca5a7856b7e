/**
 * The keyboard. React Flow's own keys are off: it listens on the whole document, so two
 * editors would both act. What is pressed in the editor stays in it: the notebook would
 * else delete or run the cell.
 */

import type { KeyboardEvent } from "react";
import { flushSync } from "react-dom";
import { isActive } from "./kernel-state";
import { takeFocus, type View } from "./view";

const MODIFIERS = ["Shift", "Control", "Meta", "Alt"];

type Pressed = Pick<globalThis.KeyboardEvent, "key" | "composedPath">;

export function isTyping(event: Pressed): boolean {
  const [target] = event.composedPath() as Partial<Element>[];
  return !!target?.closest?.("input, textarea, select, [contenteditable='true']");
}

/** Keeps keys and right clicks inside `el`, but for bare modifiers and Ctrl+S. */
export function keepKeysInside(el: HTMLElement, signal: AbortSignal): void {
  const onKey = (event: globalThis.KeyboardEvent) => {
    const isSave = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";
    if (!MODIFIERS.includes(event.key) && !isSave) event.stopPropagation();
  };
  const onMenu = (event: globalThis.MouseEvent) => {
    event.stopPropagation();
    const isText = (event.composedPath()[0] as Element).closest("input, textarea");
    if (!isText) event.preventDefault();
  };
  const stop = (event: Event) => event.stopPropagation();
  el.addEventListener("keydown", onKey, { signal });
  el.addEventListener("contextmenu", onMenu, { signal });
  for (const drag of ["dragenter", "dragover", "drop"]) {
    el.addEventListener(drag, stop, { signal });
  }
}

/** What keys do in the editor, where nobody is typing. */
export function onEditorKey(event: KeyboardEvent, view: View): void {
  const { actions, local } = view;
  const hasCommand = event.ctrlKey || event.metaKey;
  if (hasCommand && event.key === "Enter" && !event.defaultPrevented) {
    event.preventDefault();
    const how = event.shiftKey ? { reuse: true } : {};
    const isRunning = isActive(view.session.kernel.getState().run);
    if (!local.getState().isRunFormOpen && !isRunning) actions.askToRun(how);
    return;
  }
  if (event.key === "Escape" && !event.defaultPrevented) {
    leave(view);
    return;
  }
  if (isTyping(event.nativeEvent)) return;
  if (hasCommand && event.key.toLowerCase() === "a") {
    event.preventDefault();
    actions.selectAll();
  } else if (hasCommand && SWITCHES[event.key.toLowerCase()]) {
    event.preventDefault();
    toggleSelected(view, SWITCHES[event.key.toLowerCase()]);
  } else if (hasCommand && ["z", "y"].includes(event.key.toLowerCase())) {
    event.preventDefault();
  } else if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    if (isReadOnly(view)) return;
    actions.removeSelected();
    takeFocus(view);
  } else if (event.key === "F2") {
    const [node, ...more] = local.getState().nodes.filter((item) => item.selected);
    if (node && more.length === 0 && !isReadOnly(view)) {
      event.preventDefault();
      local.setState({ renaming: node.id });
    }
  } else if (event.key === "/") {
    event.preventDefault();
    flushSync(() => local.setState({ isPaletteOpen: true }));
    view.root.querySelector<HTMLElement>(".ab-palette input")?.focus();
  } else if (event.key === "Enter") {
    inspectFocused(event, view);
  }
}

const isReadOnly = ({ session }: View) => {
  const { about, phase } = session.kernel.getState();
  return about.read_only !== "" || phase === "lost";
};

/** As in ComfyUI, whose users have these in their fingers. */
const SWITCHES: Readonly<Record<string, "disabled" | "bypassed">> = {
  m: "disabled",
  b: "bypassed",
};

function toggleSelected(view: View, option?: "disabled" | "bypassed"): void {
  const ids = view.local.getState().nodes.filter((node) => node.selected);
  if (!option || ids.length === 0 || isReadOnly(view)) return;
  view.actions.toggle(
    ids.map(({ id }) => id),
    option,
  );
}

function inspectFocused(event: KeyboardEvent, { actions }: View): void {
  const target = event.target as HTMLElement;
  if (!target.matches(".react-flow__node")) return;
  const id = target.dataset.id;
  if (id) actions.inspect(id);
}

/** Escape closes what is open, the newest first; at last it leaves the big view. */
function leave({ local, actions }: View): void {
  const state = local.getState();
  if (state.menu) local.setState({ menu: null });
  else if (state.quickAdd) local.setState({ quickAdd: null });
  else if (state.isRunFormOpen) local.setState({ isRunFormOpen: false });
  else if (state.areProblemsOpen) local.setState({ areProblemsOpen: false });
  else if (state.inspected) actions.inspect(null);
  else if (state.nodes.some((node) => node.selected)) actions.select([]);
  else if (state.isMaximised) local.setState({ isMaximised: false });
}
