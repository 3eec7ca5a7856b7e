/** "Show all": the whole graph in what can be seen of the canvas, nothing of it under the controls. */

import { getViewportForBounds, type Rect, type Viewport } from "@xyflow/react";
import { FAR, fitting } from "./fit";
import { covered } from "./sight";
import type { View } from "./view";

const SMOOTH = { duration: 180 };
/** Nodes stand at their new places after so many milliseconds. */
const DRAWN_WITHIN = 120;
/** The blocks are folded where that makes what is shown larger by so much. */
const WORTH = 1.1;

export interface Size {
  width: number;
  height: number;
}

/**
 * Fits the canvas to all nodes. In a cell, where they would be too small to be read beside
 * the list of blocks, the list is folded.
 */
export function showAll(view: View): void {
  const { flow, root, local } = view;
  const canvas = root.querySelector<HTMLElement>(".ab-canvas");
  if (!flow || !canvas) return;
  const size = { width: canvas.clientWidth, height: canvas.clientHeight };
  const fit = fitted(view, size);
  const { isPaletteOpen, isMaximised } = local.getState();
  if (isPaletteOpen && !isMaximised && fit.zoom < FAR) {
    const palette = root.querySelector<HTMLElement>(".ab-palette")?.offsetWidth ?? 0;
    const wider = fitted(view, { ...size, width: size.width + palette });
    if (wider.zoom > fit.zoom * WORTH) {
      local.setState({ isPaletteOpen: false });
      flow.setViewport(wider, SMOOTH);
      return;
    }
  }
  flow.setViewport(fit, SMOOTH);
}

/** Puts the nodes in order and shows them; of several that are selected, these where they are. */
export async function tidyUp(view: View): Promise<void> {
  const isPart = view.local.getState().nodes.filter((it) => it.selected).length > 1;
  const isDone = await view.rearranging.tidy();
  if (isDone && !isPart) setTimeout(() => showAll(view), DRAWN_WITHIN);
}

/** The ways in which a canvas may have been fitted to the graph: "Show all", and as it was opened. */
export function waysToFit(view: View): ((size: Size) => Viewport)[] {
  const { flow } = view;
  const bounds = flow?.getNodesBounds(flow.getNodes());
  if (!bounds) return [];
  const asOpened = [true, false].map((hasRun) => {
    const { minZoom, maxZoom, padding } = fitting(hasRun);
    return ({ width, height }: Size) =>
      getViewportForBounds(bounds, width, height, minZoom, maxZoom, padding);
  });
  return [(size) => fitted(view, size), ...asOpened];
}

function fitted(view: View, size: Size): Viewport {
  const { flow, root, session } = view;
  const nodes = flow?.getNodes() ?? [];
  const boxes = nodes.flatMap(({ id }) => boxOf(view, id) ?? []);
  const bounds = flow?.getNodesBounds(nodes) ?? { x: 0, y: 0, ...size };
  const hasRun = session.kernel.getState().run !== null;
  const { padding, minZoom, maxZoom } = fitting(hasRun, covered(root), true);
  const within = (below: Below) => {
    const wanted = { ...padding, ...below };
    const { width, height } = size;
    return getViewportForBounds(bounds, width, height, minZoom, maxZoom, wanted);
  };
  const close = within({});
  const controls = controlsIn(root, size);
  const isUnder = boxes.some((it) => meet(onScreen(it, close), controls));
  if (!isUnder) return close;
  return within({ bottom: `${size.height - controls.y + 12}px` });
}

type Below = { bottom?: `${number}px` };

/** Where a node stands in the graph. */
function boxOf({ flow }: View, id: string): Rect | undefined {
  const node = flow?.getInternalNode(id);
  if (!node || node.hidden) return undefined;
  const { width = 0, height = 0 } = node.measured;
  return { ...node.internals.positionAbsolute, width, height };
}

/** Where the controls are on the canvas: they hold on to its lower left corner. */
function controlsIn(root: HTMLElement, { height }: Size): Rect {
  const bar = root.querySelector<HTMLElement>(".ab-controls");
  if (!bar) return { x: 0, y: height, width: 0, height: 0 };
  const { offsetLeft: x, offsetWidth, offsetHeight } = bar;
  const y = height - offsetHeight - x;
  return { x, y, width: offsetWidth, height: offsetHeight };
}

const onScreen = (box: Rect, { x, y, zoom }: Viewport): Rect => ({
  x: box.x * zoom + x,
  y: box.y * zoom + y,
  width: box.width * zoom,
  height: box.height * zoom,
});

const meet = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width &&
  b.x < a.x + a.width &&
  a.y < b.y + b.height &&
  b.y < a.y + a.height;
