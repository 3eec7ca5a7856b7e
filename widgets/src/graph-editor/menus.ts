/** The menus of a node and of a link. */

import type { WireLink, WireNode } from "../protocol/messages";
import type { MenuItem } from "../ui/menu";
import { isActive } from "./kernel-state";
import type { View } from "./view";

type Pointer = { clientX: number; clientY: number; currentTarget: EventTarget };

/** A place of the page in pixels inside the widget. */
export function placeInside(event: Pointer): { x: number; y: number } {
  const root = (event.currentTarget as Element).closest(".ab-editor");
  const box = root?.getBoundingClientRect();
  return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
}

const isReadOnly = ({ session }: View) => {
  const { about, phase } = session.kernel.getState();
  return about.read_only !== "" || phase === "lost";
};

export function openNodeMenu(view: View, node: WireNode, event: Pointer): void {
  const { actions, local } = view;
  const isDisabled = isReadOnly(view);
  const items: MenuItem[] = [
    { label: "Inspect", icon: "info", onChoose: () => actions.inspect(node.id) },
    {
      label: "Rename",
      icon: "edit",
      keys: "F2",
      isDisabled,
      onChoose: () => local.setState({ renaming: node.id }),
    },
    {
      label: "Duplicate",
      icon: "copy",
      isDisabled: isDisabled || node.problem !== "",
      onChoose: () => actions.duplicate(node.id),
    },
    ...(node.role === "note" ? [] : runItems(view, node, isDisabled)),
    {
      label: "Delete",
      icon: "delete",
      isApart: true,
      keys: "Del",
      isDangerous: true,
      isDisabled,
      onChoose: () => actions.remove([node.id]),
    },
  ];
  const label = `Menu of ${node.title}`;
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

/** The ways to run an agent, besides the button that runs all of it. */
export function openRunMenu({ actions, local }: View, event: Pointer): void {
  const items: MenuItem[] = [
    {
      label: "Run everything",
      icon: "play",
      keys: "Ctrl+Enter",
      onChoose: () => actions.askToRun(),
    },
    {
      label: "Run only what changed",
      icon: "reused",
      keys: "Ctrl+Shift+Enter",
      onChoose: () => actions.askToRun({ reuse: true }),
    },
  ];
  const box = (event.currentTarget as Element).getBoundingClientRect();
  const under = { ...event, clientX: box.left, clientY: box.bottom + 4 };
  const at = placeInside({ ...under, currentTarget: event.currentTarget });
  local.setState({ menu: { at, label: "Ways to run", items } });
}

export function openLinkMenu(view: View, link: WireLink, event: Pointer): void {
  const { actions, local } = view;
  const isDisabled = isReadOnly(view);
  const items: MenuItem[] = [
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
  local.setState({
    menu: { at: placeInside(event), label: "Menu of the link", items },
  });
}
