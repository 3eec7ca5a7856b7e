/** Where the pointer is over the canvas, and which spot of it that is. */

import type { View } from "./view";

type Place = { x: number; y: number };

/** Keeps `view.pointer` up to date, until the clean-up is called; null beside the canvas. */
export function followPointer(view: View, canvas: HTMLElement): () => void {
  const note = (event: PointerEvent) => {
    view.pointer = { x: event.clientX, y: event.clientY };
  };
  const forget = (event: PointerEvent) => {
    // What opens at the pointer lies over the canvas for a moment.
    const over = event.relatedTarget instanceof Element ? event.relatedTarget : null;
    if (!over?.closest(".ab-menu-veil, .ab-quick")) view.pointer = null;
  };
  canvas.addEventListener("pointermove", note, true);
  canvas.addEventListener("pointerleave", forget);
  return () => {
    canvas.removeEventListener("pointermove", note, true);
    canvas.removeEventListener("pointerleave", forget);
  };
}

/** Where the pointer is, else the middle: in the widget, and on the canvas. */
export function pointedSpot({ pointer, flow, root }: View): { at: Place; spot: Place } {
  const box = root.querySelector(".ab-canvas")?.getBoundingClientRect();
  const middle = box && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const place = pointer ?? middle ?? { x: 0, y: 0 };
  const own = root.querySelector(".ab-editor")?.getBoundingClientRect();
  return {
    at: { x: place.x - (own?.left ?? 0), y: place.y - (own?.top ?? 0) },
    spot: flow?.screenToFlowPosition(place) ?? place,
  };
}
