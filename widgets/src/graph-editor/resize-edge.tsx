/** The lower edge of the widget: dragging it, or arrow keys on it, change the height. */

import type { KeyboardEvent, PointerEvent } from "react";
import { useView } from "./view";

const LEAST = 240;
const MOST = 2400;
const STEP = 24;

interface Props {
  height: number;
  onChange(height: number): void;
}

const within = (height: number) => Math.round(Math.max(LEAST, Math.min(MOST, height)));

export function ResizeEdge({ height, onChange }: Props) {
  const { root } = useView();
  const editor = () => root.querySelector<HTMLElement>(".ab-editor");
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    const edge = event.currentTarget;
    const start = event.clientY;
    let now = height;
    event.preventDefault();
    edge.setPointerCapture(event.pointerId);
    edge.onpointermove = (move) => {
      now = within(height + move.clientY - start);
      editor()?.style.setProperty("--ab-height", `${now}px`);
    };
    edge.onlostpointercapture = () => {
      edge.onpointermove = edge.onlostpointercapture = null;
      onChange(now);
    };
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: STEP, ArrowUp: -STEP }[event.key];
    if (!step) return;
    event.preventDefault();
    onChange(within(height + step));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule that can be moved
    <div
      className="ab-resize"
      role="separator"
      aria-label="Height of the editor"
      aria-orientation="horizontal"
      aria-valuenow={height}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}
