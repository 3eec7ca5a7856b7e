/** The menus of a node and of a link. */

import type { WireLink, WireNode } from "../protocol/messages";
import type { MenuItem } from "../ui/menu";
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
    {
      label: "Delete",
      icon: "delete",
      keys: "Del",
      isDangerous: true,
      isDisabled,
      onChoose: () => actions.remove([node.id]),
    },
  ];
  const label = `Menu of ${node.title}`;
  local.setState({ menu: { at: placeInside(event), label, items } });
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
