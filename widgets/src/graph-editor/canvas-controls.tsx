/** Zoom, fit and order, at the lower left of the canvas. */

import { useStore as useFlow, useReactFlow } from "@xyflow/react";
import { Button } from "../ui/button";
import { showAll, tidyUp } from "./show-all";
import { useLocal, useReadOnly, useView } from "./view";

const SMOOTH = { duration: 180 };

export function CanvasControls() {
  const view = useView();
  const { local } = view;
  const isSelecting = useLocal((state) => state.isSelecting);
  const isHelpOpen = useLocal((state) => state.isHelpOpen);
  const isSnapping = useLocal((state) => state.isSnapping);
  const flow = useReactFlow();
  const isReadOnly = useReadOnly();
  const zoom = useFlow((state) => Math.round(state.transform[2] * 100));
  return (
    <div className="ab-controls">
      <Button
        icon="minus"
        label="Zoom out"
        isIconOnly
        onClick={() => flow.zoomOut(SMOOTH)}
      />
      <button
        type="button"
        className="ab-zoom"
        title="Zoom to 100 %"
        onClick={() => flow.zoomTo(1, SMOOTH)}
      >
        {zoom} %
      </button>
      <Button
        icon="plus"
        label="Zoom in"
        isIconOnly
        onClick={() => flow.zoomIn(SMOOTH)}
      />
      <span className="ab-rule" />
      <Button icon="fit" label="Show all" isIconOnly onClick={() => showAll(view)} />
      <Button
        icon="arrange"
        label="Tidy up"
        hint="Tidy up: put the nodes in order, or the selected ones (T)"
        isIconOnly
        disabled={isReadOnly}
        onClick={() => tidyUp(view)}
      />
      <span className="ab-rule" />
      <Button
        icon="select"
        label="Select by dragging"
        hint="Drag to select, instead of moving the canvas (Shift+drag does so at any time)"
        isIconOnly
        aria-pressed={isSelecting}
        onClick={() => local.setState({ isSelecting: !isSelecting })}
      />
      <Button
        icon="snap"
        label="Snap to the grid"
        hint="Snap to the grid (S)"
        isIconOnly
        aria-pressed={isSnapping}
        onClick={() => local.setState({ isSnapping: !isSnapping })}
      />
      <Button
        icon="keys"
        label="Keys"
        hint="All keys (?)"
        isIconOnly
        aria-expanded={isHelpOpen}
        onClick={() => local.setState({ isHelpOpen: !isHelpOpen })}
      />
    </div>
  );
}
