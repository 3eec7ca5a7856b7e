/** Every key of the editor: what it is called, and what it does. `?` shows this list. */

import { flushSync } from "react-dom";
import { fitting } from "./fit";
import { isActive } from "./kernel-state";
import type { Shortcut } from "./keys";
import { goToNeighbour, selectAlong } from "./paths";
import { pointedSpot } from "./pointer";
import { showAll, tidyUp } from "./show-all";
import { covered } from "./sight";
import type { View } from "./view";

const SMOOTH = { duration: 180 };

const selectedIds = ({ local }: View): string[] =>
  local.getState().nodes.flatMap(({ selected, id }) => (selected ? [id] : []));

const run = (view: View, reuse: boolean) => {
  const isRunning = isActive(view.session.kernel.getState().run);
  if (view.local.getState().isRunFormOpen || isRunning) return;
  view.actions.askToRun(reuse ? { reuse } : {});
};

const toggle = (view: View, option: "disabled" | "bypassed") => {
  const ids = selectedIds(view);
  if (ids.length) view.actions.toggle(ids, option);
};

const zoom = (view: View, what: "in" | "out" | "all" | "full" | "selected") => {
  const { flow, root } = view;
  if (!flow) return;
  const hasRun = view.session.kernel.getState().run !== null;
  const nodes = selectedIds(view).map((id) => ({ id }));
  const fit = { ...fitting(hasRun, covered(root)), ...SMOOTH };
  if (what === "in") flow.zoomIn(SMOOTH);
  else if (what === "out") flow.zoomOut(SMOOTH);
  else if (what === "full") flow.zoomTo(1, SMOOTH);
  else if (what === "selected" && nodes.length) flow.fitView({ ...fit, nodes });
  else showAll(view);
};

/** Opens the block search where the pointer is, else in the middle of the canvas. */
export const openQuickAdd = (view: View): void => {
  const { at, spot } = pointedSpot(view);
  view.local.setState({ quickAdd: { at, spot } });
};

export const SHORTCUTS: readonly Shortcut[] = [
  {
    group: "Find and add",
    keys: ["Tab"],
    label: "Add a block at the pointer",
    isEdit: true,
    isWanted: (view, event) => view.pointer !== null && isOnCanvas(view, event),
    run: openQuickAdd,
  },
  { group: "Find and add", keys: ["Double-click"], label: "Add a block there" },
  {
    group: "Find and add",
    keys: ["/"],
    label: "Search blocks",
    run: ({ local, root }) => {
      flushSync(() => local.setState({ isPaletteOpen: true }));
      root.querySelector<HTMLElement>(".ab-palette input")?.focus();
    },
  },
  {
    group: "Find and add",
    keys: ["Mod+F"],
    label: "Search in the graph",
    run: ({ local }) => local.setState({ picking: { what: "node" } }),
  },
  {
    group: "Find and add",
    keys: ["L"],
    label: "Link the selected node",
    isEdit: true,
    run: (view) => {
      const [from, ...more] = selectedIds(view);
      if (from && more.length === 0)
        view.local.setState({ picking: { what: "link", from } });
      else view.actions.toast("info", "Select one node, to link it.");
    },
  },
  {
    group: "Edit",
    keys: ["Mod+Z"],
    label: "Undo",
    isEdit: true,
    run: ({ rearranging }) => rearranging.undo(),
  },
  {
    group: "Edit",
    keys: ["Mod+Shift+Z", "Mod+Y"],
    label: "Redo",
    isEdit: true,
    run: ({ rearranging }) => rearranging.redo(),
  },
  { group: "Edit", keys: ["Mod+C"], label: "Copy" },
  { group: "Edit", keys: ["Mod+X"], label: "Cut" },
  { group: "Edit", keys: ["Mod+V"], label: "Paste at the pointer" },
  {
    group: "Edit",
    keys: ["Mod+D"],
    label: "Duplicate",
    isEdit: true,
    run: ({ rearranging }) => rearranging.duplicate(),
  },
  {
    group: "Edit",
    keys: ["Mod+Shift+D"],
    label: "Duplicate with what feeds it",
    isEdit: true,
    run: ({ rearranging }) => rearranging.duplicate(undefined, true),
  },
  {
    group: "Edit",
    keys: ["Delete", "Backspace"],
    label: "Delete",
    isEdit: true,
    run: ({ actions }) => actions.removeSelected(),
  },
  {
    group: "Edit",
    keys: ["Mod+Delete", "Mod+Backspace"],
    label: "Delete and reconnect",
    isEdit: true,
    run: ({ rearranging }) => rearranging.dissolve(),
  },
  {
    group: "Edit",
    keys: ["F2"],
    label: "Rename",
    isEdit: true,
    run: (view) => {
      const [id, ...more] = selectedIds(view);
      if (id && more.length === 0) view.local.setState({ renaming: id });
    },
  },
  {
    group: "Arrange",
    keys: ["T"],
    label: "Tidy up: the selection, or everything",
    isEdit: true,
    run: tidyUp,
  },
  {
    group: "Arrange",
    keys: ["Mod+G"],
    label: "Frame the selection",
    isEdit: true,
    run: ({ rearranging }) => rearranging.frame(),
  },
  {
    group: "Arrange",
    keys: ["Mod+Shift+G"],
    label: "Make an agent of the selection",
    isEdit: true,
    run: (view) => view.local.setState({ naming: selectedIds(view) }),
  },
  { group: "Arrange", keys: ["Arrows"], label: "Move the selection" },
  {
    group: "Arrange",
    keys: ["S"],
    label: "Snap to the grid, or not",
    run: ({ local }) =>
      local.setState(({ isSnapping }) => ({ isSnapping: !isSnapping })),
  },
  {
    group: "Select",
    keys: ["Mod+A"],
    label: "Select all",
    run: ({ actions }) => actions.selectAll(),
  },
  { group: "Select", keys: ["Shift+drag"], label: "Select with a box" },
  {
    group: "Select",
    keys: ["["],
    label: "Select what feeds the selection",
    run: (view) => selectAlong(view, "back"),
  },
  {
    group: "Select",
    keys: ["]"],
    label: "Select what the selection feeds",
    run: (view) => selectAlong(view, "on"),
  },
  ...(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"] as const).map(
    (arrow): Shortcut => ({
      group: "Select",
      keys: [`Alt+${arrow}`],
      label: arrow === "ArrowLeft" ? "Go to the next node that way" : "",
      shown: "Alt+Arrows",
      run: (view) => goToNeighbour(view, arrow),
    }),
  ),
  {
    group: "Run",
    keys: ["Mod+Enter"],
    label: "Run",
    isInFields: true,
    run: (view) => run(view, false),
  },
  {
    group: "Run",
    keys: ["Mod+Shift+Enter"],
    label: "Run only what changed",
    isInFields: true,
    run: (view) => run(view, true),
  },
  {
    group: "Run",
    keys: ["Mod+M"],
    label: "Disable, or enable",
    isEdit: true,
    run: (view) => toggle(view, "disabled"),
  },
  {
    group: "Run",
    keys: ["Mod+B"],
    label: "Bypass, or not",
    isEdit: true,
    run: (view) => toggle(view, "bypassed"),
  },
  { group: "Look", keys: ["Enter"], label: "Inspect the node" },
  { group: "Look", keys: ["+"], label: "Zoom in", run: (view) => zoom(view, "in") },
  { group: "Look", keys: ["-"], label: "Zoom out", run: (view) => zoom(view, "out") },
  {
    group: "Look",
    keys: ["0"],
    label: "Natural size",
    run: (view) => zoom(view, "full"),
  },
  { group: "Look", keys: ["1"], label: "Show all", run: (view) => zoom(view, "all") },
  {
    group: "Look",
    keys: ["."],
    label: "Show the selection",
    run: (view) => zoom(view, "selected"),
  },
  { group: "Look", keys: ["Esc"], label: "Close, or let go" },
  {
    group: "Look",
    keys: ["?"],
    label: "This list",
    run: ({ local }) =>
      local.setState(({ isHelpOpen }) => ({ isHelpOpen: !isHelpOpen })),
  },
];

/** Whether the keyboard is on the canvas at large: Tab walks through everything else. */
const isOnCanvas = ({ root }: View, event: { target: EventTarget }): boolean => {
  const target = event.target as Element;
  return (
    target === root.querySelector(".ab-editor") || target.matches(".react-flow__pane")
  );
};
