/** What can be done with several nodes at once: a bar over the canvas, also for fingers. */

import type { MouseEvent } from "react";
import type { Edge } from "../graph/align";
import { Button } from "../ui/button";
import type { MenuItem } from "../ui/menu";
import { placeInside } from "./menus";
import { useLocal, useReadOnly, useView, type View } from "./view";

const FROM = 2;

export function SelectionBar() {
  const view = useView();
  const { actions, rearranging, local } = view;
  const count = useLocal((state) => state.nodes.filter((it) => it.selected).length);
  const isReadOnly = useReadOnly();
  if (count < FROM || isReadOnly) return null;
  const ids = () =>
    local.getState().nodes.flatMap(({ selected, id }) => (selected ? [id] : []));
  return (
    <div className="ab-selection" role="toolbar" aria-label="Selected nodes">
      <span className="ab-selection-count">{count} selected</span>
      <span className="ab-rule" />
      <Button
        icon="align"
        label="Align"
        hint="Align or distribute the selected nodes"
        isIconOnly
        aria-haspopup="menu"
        onClick={(event) => openAlignMenu(view, event, count)}
      />
      <Button
        icon="arrange"
        label="Tidy up the selection"
        hint="Tidy up the selection (T)"
        isIconOnly
        onClick={rearranging.tidy}
      />
      <Button
        icon="frame"
        label="Frame"
        hint="Frame the selection (Ctrl+G)"
        isIconOnly
        onClick={rearranging.frame}
      />
      <Button
        icon="nest"
        label="Make an agent"
        hint="Make an agent of the selection (Ctrl+Shift+G)"
        isIconOnly
        onClick={() => local.setState({ naming: ids() })}
      />
      <span className="ab-rule" />
      <Button
        icon="duplicate"
        label="Duplicate"
        hint="Duplicate (Ctrl+D)"
        isIconOnly
        onClick={() => rearranging.duplicate()}
      />
      <Button
        icon="delete"
        label="Delete"
        hint="Delete (Del)"
        isIconOnly
        onClick={actions.removeSelected}
      />
    </div>
  );
}

const EDGES: readonly [edge: Edge, label: string, icon: MenuItem["icon"]][] = [
  ["left", "Left edges", "align-left"],
  ["centre", "Centres", "align-centre"],
  ["right", "Right edges", "align-right"],
  ["top", "Top edges", "align-top"],
  ["middle", "Middles", "align-middle"],
  ["bottom", "Bottom edges", "align-bottom"],
];

function openAlignMenu(view: View, event: MouseEvent<HTMLElement>, count: number) {
  const { rearranging, local } = view;
  const items: MenuItem[] = EDGES.map(([edge, label, icon], index) => ({
    label,
    icon,
    isApart: index === 3,
    onChoose: () => rearranging.align(edge),
  }));
  const isDisabled = count < 3;
  items.push(
    {
      label: "Equal spaces across",
      icon: "distribute-across",
      isApart: true,
      isDisabled,
      onChoose: () => rearranging.distribute("across"),
    },
    {
      label: "Equal spaces down",
      icon: "distribute-down",
      isDisabled,
      onChoose: () => rearranging.distribute("down"),
    },
  );
  const box = event.currentTarget.getBoundingClientRect();
  const under = { clientX: box.left, clientY: box.bottom + 6 };
  const at = placeInside({ ...under, currentTarget: event.currentTarget });
  local.setState({ menu: { at, label: "Align", items } });
}
