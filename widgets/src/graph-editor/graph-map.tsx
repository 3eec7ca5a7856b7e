/** The map of the graph at the lower right, while some of the graph is out of sight. */

import { MiniMap, useStore as useFlow, useReactFlow } from "@xyflow/react";
import { useMemo } from "react";
import type { FlowNode } from "./flow";
import { mapColour } from "./gestures";
import { useLocal, useView } from "./view";

const FROM = 16;
const TO = 500;
/** So much of a node may stand out and it still counts as seen, in pixels. */
const EDGE = 4;

export function GraphMap() {
  const count = useLocal((state) => state.nodes.length);
  return count > FROM && count <= TO ? <WhileOutOfSight /> : null;
}

function WhileOutOfSight() {
  const view = useView();
  const { getNodesBounds } = useReactFlow<FlowNode>();
  const nodes = useLocal((state) => state.nodes);
  const area = useMemo(
    () => getNodesBounds(nodes.filter((node) => !node.hidden)),
    [getNodesBounds, nodes],
  );
  const isAllInSight = useFlow(
    ({ transform: [x, y, zoom], width, height }) =>
      area.x * zoom + x > -EDGE &&
      area.y * zoom + y > -EDGE &&
      (area.x + area.width) * zoom + x < width + EDGE &&
      (area.y + area.height) * zoom + y < height + EDGE,
  );
  // It would say nothing, and lie over nodes.
  if (isAllInSight) return null;
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
