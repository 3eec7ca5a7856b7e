/** The map of the graph at the lower right, while some of the graph is out of sight. */

import { MiniMap, useStore as useFlow } from "@xyflow/react";
import { useMemo } from "react";
import type { FlowNode } from "./flow";
import { mapColour } from "./gestures";
import { useLocal, useView } from "./view";

const FROM = 16;
const TO = 500;
/** So much of a node may stand out and it still counts as seen, in pixels. */
const EDGE = 4;

export function GraphMap() {
  const view = useView();
  const nodes = useLocal((state) => state.nodes);
  const area = useMemo(() => areaOf(nodes), [nodes]);
  const isAllInSight = useFlow(
    ({ transform: [x, y, zoom], width, height }) =>
      area.left * zoom + x > -EDGE &&
      area.top * zoom + y > -EDGE &&
      area.right * zoom + x < width + EDGE &&
      area.bottom * zoom + y < height + EDGE,
  );
  // It would say nothing, and lie over nodes.
  if (isAllInSight || nodes.length <= FROM || nodes.length > TO) return null;
  return (
    <MiniMap
      pannable
      zoomable
      className="ab-minimap"
      ariaLabel="Map of the graph"
      nodeBorderRadius={12}
      nodeColor={(node) => mapColour(view, node)}
    />
  );
}

function areaOf(nodes: readonly FlowNode[]) {
  const seen = nodes.filter((node) => !node.hidden);
  const all = <T,>(pick: (node: FlowNode) => T) => seen.map(pick);
  return {
    left: Math.min(...all(({ position }) => position.x)),
    top: Math.min(...all(({ position }) => position.y)),
    right: Math.max(
      ...all(({ position, measured }) => position.x + (measured?.width ?? 0)),
    ),
    bottom: Math.max(
      ...all(({ position, measured }) => position.y + (measured?.height ?? 0)),
    ),
  };
}
