/** The left edge of the inspector: dragging it, or arrow keys on it, change the width. */

import type { KeyboardEvent, PointerEvent } from "react";
import { useLocal, useView } from "./view";

const LEAST = 300;
const MOST = 640;
const STEP = 20;

const within = (width: number) => Math.round(Math.max(LEAST, Math.min(MOST, width)));

export function InspectorEdge() {
  const { local } = useView();
  const width = useLocal((state) => state.inspectorWidth);
  const set = (next: number) => local.setState({ inspectorWidth: within(next) });
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    const edge = event.currentTarget;
    const start = event.clientX;
    event.preventDefault();
    edge.setPointerCapture(event.pointerId);
    edge.onpointermove = (move) => set(width + start - move.clientX);
    edge.onlostpointercapture = () => {
      edge.onpointermove = edge.onlostpointercapture = null;
    };
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    set(width + step);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule that can be moved
    <div
      className="ab-inspector-edge"
      role="separator"
      aria-label="Width of the inspector"
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}
