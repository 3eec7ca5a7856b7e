/** The menus of a node and of a link. */

import type { WireLink, WireNode } from "../protocol/messages";
import type { MenuItem } from "../ui/menu";
import { copyNow, pasteNow } from "./clipboard";
import { fold, foldLabel } from "./folding";
import { isActive } from "./kernel-state";
import { isReadOnly } from "./keys";
import { openQuickAdd } from "./shortcuts";
import { tidyUp } from "./show-all";
import type { View } from "./view";

export type Pointer = { clientX: number; clientY: number; currentTarget: EventTarget };

/** A place of the page in pixels inside the widget. */
export function placeInside(event: Pointer): { x: number; y: number } {
  const root = (event.currentTarget as Element).closest(".ab-editor");
  const box = root?.getBoundingClientRect();
  return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
}

export function openNodeMenu(view: View, node: WireNode, event: Pointer): void {
  const { actions, local, rearranging } = view;
  const isDisabled = isReadOnly(view);
  // Of several selected nodes the menu is about all, of any other node about that one.
  const isSelected = local
    .getState()
    .nodes.some((it) => it.selected && it.id === node.id);
  if (!isSelected) actions.select([node.id]);
  const ids = rearranging.selected().map(({ id }) => id);
  const items: MenuItem[] = [
    { label: "Inspect", icon: "info", onChoose: () => actions.inspect(node.id) },
    {
      label: "Rename",
      icon: "edit",
      keys: "F2",
      isDisabled,
      onChoose: () => local.setState({ renaming: node.id }),
    },
    ...foldItems(view, node, isDisabled),
    {
      label: "Copy",
      icon: "copy",
      keys: "Ctrl+C",
      onChoose: () => copyNow(view, "copy"),
    },
    {
      label: "Cut",
      icon: "cut",
      keys: "Ctrl+X",
      isDisabled,
      onChoose: () => copyNow(view, "cut"),
    },
    {
      label: "Duplicate",
      icon: "duplicate",
      keys: "Ctrl+D",
      isDisabled,
      onChoose: () => rearranging.duplicate(ids),
    },
    ...nestItems(view, node, ids, isDisabled),
    ...(node.role === "note" ? [] : runItems(view, node, isDisabled)),
    {
      label: ids.length > 1 ? `Delete ${ids.length} nodes` : "Delete",
      icon: "delete",
      isApart: true,
      keys: "Del",
      isDangerous: true,
      isDisabled,
      onChoose: () => actions.remove(ids),
    },
  ];
  if (node.role !== "note") {
    items.splice(-1, 0, {
      label: "Delete and reconnect",
      icon: "dissolve",
      keys: "Ctrl+Del",
      isApart: true,
      isDisabled,
      onChoose: () => rearranging.dissolve(ids),
    });
    (items.at(-1) as MenuItem).isApart = false;
  }
  const swatches = isDisabled
    ? undefined
    : {
        label: "Colour of the node",
        names: COLOURS,
        chosen: node.colour,
        onChoose: (colour: string) => rearranging.colour(ids, colour),
      };
  const label = `Menu of ${node.title}`;
  local.setState({ menu: { at: placeInside(event), label, items, swatches } });
}

function foldItems(view: View, node: WireNode, isDisabled: boolean): MenuItem[] {
  const label = foldLabel(node);
  if (!label) return [];
  const icon = label === "Fold" ? "fold" : "unfold";
  return [{ label, icon, isDisabled, onChoose: () => fold(view, node) }];
}

/** As `domain/node.py` has them. */
const COLOURS = ["amber", "rose", "violet", "blue", "teal", "green", "lime", "slate"];

/** As `blocks/agent/ready` has them. */
const READY = ["agent.plan_and_act", "agent.reflect"];

/** Agents in agents: nodes become one, or one becomes its nodes. */
function nestItems(
  { local, rearranging }: View,
  node: WireNode,
  ids: string[],
  isDisabled: boolean,
): MenuItem[] {
  const named = node.block === "agent.run" && typeof node.constants.agent === "string";
  const isCall = named || READY.includes(node.block);
  if (isCall && ids.length === 1) {
    return [
      {
        label: "Expand the agent",
        icon: "expand",
        isDisabled,
        onChoose: () => rearranging.expand(node.id),
      },
    ];
  }
  if (node.role !== "work") return [];
  return [
    {
      label: "Make an agent of it",
      icon: "nest",
      keys: "Ctrl+Shift+G",
      isDisabled,
      onChoose: () => local.setState({ naming: ids }),
    },
  ];
}

/** The menu of the empty canvas. */
export function openCanvasMenu(view: View, event: Pointer): void {
  const { actions, local } = view;
  const isDisabled = isReadOnly(view);
  const items: MenuItem[] = [
    {
      label: "Add a block…",
      icon: "plus",
      keys: "Tab",
      isDisabled,
      onChoose: () => openQuickAdd(view),
    },
    {
      label: "Paste",
      icon: "paste",
      keys: "Ctrl+V",
      isDisabled,
      onChoose: () => pasteNow(view),
    },
    {
      label: "Search in the graph…",
      icon: "search",
      keys: "Ctrl+F",
      isApart: true,
      onChoose: () => local.setState({ picking: { what: "node" } }),
    },
    {
      label: "Select all",
      icon: "select",
      keys: "Ctrl+A",
      onChoose: () => actions.selectAll(),
    },
    {
      label: "Tidy up",
      icon: "arrange",
      keys: "T",
      isDisabled,
      onChoose: () => tidyUp(view),
    },
    {
      label: "Keys",
      icon: "keys",
      keys: "?",
      isApart: true,
      onChoose: () => local.setState({ isHelpOpen: true }),
    },
  ];
  const label = "Menu of the canvas";
  local.setState({ menu: { at: placeInside(event), label, items } });
}

/** How much is run, and what is done instead of running the node. */
function runItems(view: View, node: WireNode, isDisabled: boolean): MenuItem[] {
  const { actions, session } = view;
  const { run, phase, states } = session.kernel.getState();
  const cannotRun = phase !== "ready" || isActive(run);
  const { disabled, bypassed, pinned } = node.options;
  const { id } = node;
  return [
    {
      label: "Run from here",
      icon: "from",
      isApart: true,
      isDisabled: cannotRun,
      onChoose: () => actions.askToRun({ from_node: id }),
    },
    {
      label: "Run only this node",
      icon: "step",
      isDisabled: cannotRun,
      onChoose: () => actions.askToRun({ only: [id] }),
    },
    {
      label: disabled ? "Enable" : "Disable",
      icon: "disable",
      keys: "Ctrl+M",
      isApart: true,
      isDisabled,
      onChoose: () => actions.toggle([id], "disabled"),
    },
    {
      label: bypassed ? "Do not bypass" : "Bypass",
      icon: "bypass",
      keys: "Ctrl+B",
      isDisabled,
      onChoose: () => actions.toggle([id], "bypassed"),
    },
    {
      label: node.options.breakpoint ? "Remove the breakpoint" : "Add a breakpoint",
      icon: "breakpoint",
      isDisabled,
      onChoose: () => actions.toggle([id], "breakpoint"),
    },
    pinned
      ? {
          label: "Unpin",
          icon: "unpin",
          isDisabled,
          onChoose: () => actions.unpin(id),
        }
      : {
          label: "Pin this output",
          icon: "pin",
          isDisabled: isDisabled || !states[id]?.preview,
          onChoose: () => actions.pin(id),
        },
  ];
}

export function openLinkMenu(view: View, link: WireLink, event: Pointer): void {
  const { actions, local, flow } = view;
  const isDisabled = isReadOnly(view);
  const at = placeInside(event);
  const place = { x: event.clientX, y: event.clientY };
  const items: MenuItem[] = [
    {
      label: "Insert a block…",
      icon: "insert",
      isDisabled,
      onChoose: () => {
        const spot = flow?.screenToFlowPosition(place) ?? place;
        local.setState({ quickAdd: { at, spot, into: link } });
      },
    },
    {
      label: link.sticky ? "Make not sticky" : "Make sticky",
      icon: "sticky",
      isDisabled,
      onChoose: () => actions.setSticky(link, !link.sticky),
    },
    {
      label: "Delete link",
      icon: "delete",
      keys: "Del",
      isDangerous: true,
      isDisabled,
      onChoose: () => actions.remove([], [link]),
    },
  ];
  local.setState({ menu: { at, label: "Menu of the link", items } });
}
