/** Walking a graph by the keyboard: along its links, or to what stands beside. */

import { boxesOf } from "./flow";
import type { View } from "./view";

/** Adds to the selection all that feeds it, or all that it feeds. */
export function selectAlong(
  { local, session, actions }: View,
  way: "back" | "on",
): void {
  const found = new Set(
    local.getState().nodes.flatMap(({ id, selected }) => (selected ? [id] : [])),
  );
  const links = Object.values(session.kernel.getState().links);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { source, target } of links) {
      const [from, to] = way === "on" ? [source, target] : [target, source];
      if (found.has(from)) found.add(to);
    }
  }
  actions.select([...found]);
}

type Arrow = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";
const WAYS: Readonly<Record<Arrow, [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Selects and focuses the node that stands next in a direction. */
export function goToNeighbour(view: View, arrow: Arrow): void {
  const { local, actions, root } = view;
  const { nodes } = local.getState();
  const boxes = boxesOf(nodes.filter(({ hidden }) => !hidden));
  const chosen = nodes.find((node) => node.selected)?.id;
  const from = boxes.find(({ id }) => id === chosen) ?? boxes[0];
  if (!from) return;
  const [x, y] = WAYS[arrow];
  const middle = (box: (typeof boxes)[number]) => [
    box.x + box.width / 2,
    box.y + box.height / 2,
  ];
  const [fx = 0, fy = 0] = middle(from);
  let next: { id: string; cost: number } | undefined;
  for (const box of boxes) {
    const [bx = 0, by = 0] = middle(box);
    const ahead = (bx - fx) * x + (by - fy) * y;
    const aside = Math.abs((bx - fx) * y) + Math.abs((by - fy) * x);
    if (box.id === from.id || ahead <= 0) continue;
    const cost = ahead + 2 * aside;
    if (!next || cost < next.cost) next = { id: box.id, cost };
  }
  const id = chosen === undefined ? from.id : (next?.id ?? from.id);
  actions.select([id]);
  root
    .querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)
    ?.focus();
}
