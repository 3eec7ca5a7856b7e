/** What of the canvas can be seen: a panel at its right covers a part of it. */

import type { ReactFlowInstance } from "@xyflow/react";
import type { Area } from "../graph/place";
import type { FlowLink, FlowNode } from "./flow";
import type { View } from "./view";

type Flow = Pick<ReactFlowInstance<FlowNode, FlowLink>, "getViewport" | "setViewport">;

/** The space between a node and the edge of what can be seen. */
const MARGIN = 24;
/** With less room than this beside it, a panel counts as lying over all of the canvas. */
const LEAST = 200;
/** A new node is drawn, and so measured, after so many milliseconds. */
const DRAWN_WITHIN = 60;
const SMOOTH = { duration: 180 };

/** How many pixels of the canvas the inspector covers, if it leaves enough to be used. */
export function covered(root: HTMLElement): number {
  const canvas = root.querySelector(".ab-canvas")?.getBoundingClientRect();
  const panel = root.querySelector(".ab-inspector-place")?.getBoundingClientRect();
  if (!canvas || !panel || panel.left - canvas.left < LEAST) return 0;
  return canvas.right - panel.left;
}

/** What of the page shows the canvas, without the space at its edges. */
export function inSight(root: HTMLElement): Area {
  const canvas = root.querySelector(".ab-canvas") ?? root;
  const { left, right, top, bottom } = canvas.getBoundingClientRect();
  return {
    left: left + MARGIN,
    right: right - covered(root) - MARGIN,
    top: top + MARGIN,
    bottom: bottom - MARGIN,
  };
}

/** Moves the canvas so that a node can be seen, and no further than it must. */
export function bringIntoSight({ root }: View, flow: Flow, id: string): void {
  const node = boxOf(root, id);
  if (node) move(flow, shiftInto(node, inSight(root)));
}

/** Brings a node into sight that has just been added, once its size is known. */
export function bringNewIntoSight(view: View, id: string): void {
  setTimeout(() => {
    if (view.flow) bringIntoSight(view, view.flow, id);
  }, DRAWN_WITHIN);
}

/** A node that asks for something is moved clear of edges and controls, if some of it is seen. */
export function bringUp(view: View, id: string): void {
  const { flow, root } = view;
  const node = boxOf(root, id);
  const canvas = root.querySelector(".ab-canvas")?.getBoundingClientRect();
  // Where somebody writes or drags, nothing moves by itself.
  const isBusy = root.querySelector(".ab-canvas :is(input, textarea):focus, .dragging");
  if (!flow || !node || !canvas || isBusy || !meet(node, canvas)) return;
  const area = inSight(root);
  const bar = root.querySelector(".ab-controls")?.getBoundingClientRect();
  const isAbove = bar && node.left < bar.right && node.right > bar.left;
  if (isAbove) area.bottom = Math.min(area.bottom, bar.top - MARGIN / 2);
  move(flow, shiftInto(node, area));
}

const boxOf = (root: HTMLElement, id: string): DOMRect | undefined =>
  root
    // What is in it, not React Flow's own box: of a plate that stands elsewhere.
    .querySelector(`.react-flow__node[data-id="${CSS.escape(id)}"] > :first-child`)
    ?.getBoundingClientRect();

const meet = (a: Area, b: Area): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

function move(flow: Flow, { x: dx, y: dy }: { x: number; y: number }): void {
  const { x, y, zoom } = flow.getViewport();
  if (dx || dy) flow.setViewport({ x: x + dx, y: y + dy, zoom }, SMOOTH);
}

/** The way that brings a box into an area; of one too large, its left top corner. */
export function shiftInto(box: Area, area: Area): { x: number; y: number } {
  return {
    x: along(box.left, box.right, area.left, area.right),
    y: along(box.top, box.bottom, area.top, area.bottom),
  };
}

function along(from: number, to: number, least: number, most: number): number {
  const back = Math.min(0, most - to);
  return from + back < least ? least - from : back;
}
