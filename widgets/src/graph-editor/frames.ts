/** Frames carry what stands on them: their moves are moves of those nodes too. */

import type { NodeChange } from "@xyflow/react";
import { standsOn } from "../graph/align";
import { boxesOf, type FlowNode } from "./flow";

type Changes = NodeChange<FlowNode>[];

/** The ids of the nodes that stand on the given frames and are not among `besides`. */
export function onFrames(
  nodes: readonly FlowNode[],
  frames: ReadonlySet<string>,
  besides: ReadonlySet<string>,
): Set<string> {
  const folded = new Set(nodes.map(({ data }) => data.foldedInto));
  const boxes = boxesOf(nodes);
  const areas = boxes.filter(({ id }) => frames.has(id) && !folded.has(id));
  const on = boxes.filter((box) => areas.some((area) => standsOn(box, area)));
  const within = nodes.filter(({ data }) => frames.has(data.foldedInto ?? ""));
  const ids = [...on, ...within].map(({ id }) => id);
  return new Set(ids.filter((id) => !besides.has(id)));
}

/** Adds to the moves of frames those of what they carry; remembers it during a drag. */
export class Carrying {
  private carried: Set<string> | null = null;

  with(changes: Changes, nodes: readonly FlowNode[]): Changes {
    const moves = changes.flatMap((it) =>
      it.type === "position" && it.position ? [it] : [],
    );
    const known = new Map(nodes.map((node) => [node.id, node]));
    const frames = moves.filter(({ id }) => known.get(id)?.type === "frame");
    const [first] = frames;
    if (!first) return changes;
    this.carried ??= onFrames(
      nodes,
      new Set(frames.map(({ id }) => id)),
      new Set(moves.map(({ id }) => id)),
    );
    const from = known.get(first.id)?.position;
    const dx = (first.position?.x ?? 0) - (from?.x ?? 0);
    const dy = (first.position?.y ?? 0) - (from?.y ?? 0);
    const more = [...this.carried].flatMap((id): Changes => {
      const node = known.get(id);
      if (!node) return [];
      const position = { x: node.position.x + dx, y: node.position.y + dy };
      return [{ id, type: "position", position, dragging: first.dragging }];
    });
    if (!first.dragging) this.carried = null;
    return [...changes, ...more];
  }
}
