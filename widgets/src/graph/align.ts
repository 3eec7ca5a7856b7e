/** Where boxes go to stand in line, or at equal distances. */

import type { Box, Spot } from "./place";

export type Edge = "left" | "centre" | "right" | "top" | "middle" | "bottom";
export type Axis = "across" | "down";
type Places = Map<string, Spot>;

/** Places with the given edge, or middle, of all boxes in one line. */
export function align(boxes: readonly Box[], edge: Edge): Places {
  const left = Math.min(...boxes.map((box) => box.x));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const top = Math.min(...boxes.map((box) => box.y));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  const to = ({ x, y, width, height }: Box): Spot => {
    switch (edge) {
      case "left":
        return { x: left, y };
      case "right":
        return { x: right - width, y };
      case "centre":
        return { x: (left + right - width) / 2, y };
      case "top":
        return { x, y: top };
      case "bottom":
        return { x, y: bottom - height };
      case "middle":
        return { x, y: (top + bottom - height) / 2 };
    }
  };
  return moved(boxes, to);
}

/** Places with equal spaces between the boxes; the first and the last stay. */
export function distribute(boxes: readonly Box[], axis: Axis): Places {
  const [at, size] =
    axis === "across" ? (["x", "width"] as const) : (["y", "height"] as const);
  const order = [...boxes].sort((a, b) => a[at] - b[at] || (a.id < b.id ? -1 : 1));
  const [first, last] = [order[0], order.at(-1)];
  if (!first || !last || order.length < 3) return new Map();
  const taken = order.reduce((sum, box) => sum + box[size], 0);
  const space = (last[at] + last[size] - first[at] - taken) / (order.length - 1);
  const starts = new Map<string, number>();
  let next = first[at];
  for (const box of order) {
    starts.set(box.id, next);
    next += box[size] + space;
  }
  return moved(boxes, ({ id, x, y }) => ({ x, y, [at]: starts.get(id) }));
}

/** Whether a box stands on an area: its middle does. */
export const standsOn = (box: Box, area: Box): boolean => {
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  return (
    box.id !== area.id &&
    x > area.x &&
    x < area.x + area.width &&
    y > area.y &&
    y < area.y + area.height
  );
};

/** The area around boxes, with a margin and more room at its top. */
export function around(boxes: readonly Box[], margin: number, head: number) {
  const left = Math.min(...boxes.map((box) => box.x)) - margin;
  const top = Math.min(...boxes.map((box) => box.y)) - margin - head;
  const right = Math.max(...boxes.map((box) => box.x + box.width)) + margin;
  const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + margin;
  return {
    x: Math.round(left),
    y: Math.round(top),
    width: Math.round(right - left),
    height: Math.round(bottom - top),
  };
}

function moved(boxes: readonly Box[], to: (box: Box) => Partial<Spot>): Places {
  const places: Places = new Map();
  for (const box of boxes) {
    const { x = box.x, y = box.y } = to(box);
    const spot = { x: Math.round(x), y: Math.round(y) };
    if (spot.x !== Math.round(box.x) || spot.y !== Math.round(box.y))
      places.set(box.id, spot);
  }
  return places;
}
