/** When the editor fills the panel, or goes back into its cell: the same part stays in view. */

import { useStoreApi, type Viewport } from "@xyflow/react";
import { useLayoutEffect, useRef } from "react";
import { FAR } from "./fit";
import { type Size, waysToFit } from "./show-all";
import { covered } from "./sight";
import { useLocal, useView } from "./view";

/** The zoom of a canvas of which nothing is magnified. */
const NATURAL = 1;

/** Keeps in view what is in view, also when the canvas gets another size. */
export function useSamePart(): void {
  const view = useView();
  const isMaximised = useLocal((state) => state.isMaximised);
  const store = useStoreApi();
  const seen = useRef({ isMaximised, from: NOWHERE, to: NOWHERE });
  useLayoutEffect(() => {
    const { flow, root } = view;
    const canvas = root.querySelector<HTMLElement>(".ab-canvas");
    if (!flow || !canvas || seen.current.isMaximised === isMaximised) return;
    const now = flow.getViewport();
    const back = seen.current;
    const panel = covered(root);
    // React Flow has not heard of the new size yet.
    const { width, height } = store.getState();
    const before = { width, height };
    const after = { width: canvas.clientWidth, height: canvas.clientHeight };
    const asFitted = waysToFit(view).find((way) => isSame(way(before), now));
    const next = isSame(back.to, now)
      ? back.from
      : (asFitted?.(after) ??
        samePart(now, without(before, panel), without(after, panel)));
    seen.current = { isMaximised, from: now, to: next };
    flow.setViewport(next);
  }, [view, isMaximised, store]);
}

const NOWHERE: Viewport = { x: Number.NaN, y: Number.NaN, zoom: Number.NaN };

/**
 * What is seen in a canvas of one size, in one of another: its middle stays in the middle, and
 * all of it is seen unless what can be read would become too small to be read.
 */
export function samePart(now: Viewport, before: Size, after: Size): Viewport {
  const ratio = Math.min(after.width / before.width, after.height / before.height);
  const [least, most] = [Math.min(FAR, now.zoom), Math.max(NATURAL, now.zoom)];
  const zoom = Math.min(most, Math.max(least, now.zoom * ratio));
  const along = (shift: number, from: number, to: number) =>
    to / 2 - ((from / 2 - shift) / now.zoom) * zoom;
  return {
    x: along(now.x, before.width, after.width),
    y: along(now.y, before.height, after.height),
    zoom,
  };
}

const without = ({ width, height }: Size, panel: number): Size => ({
  width: width - panel,
  height,
});

const isSame = (a: Viewport, b: Viewport): boolean =>
  Math.abs(a.x - b.x) < 1 &&
  Math.abs(a.y - b.y) < 1 &&
  Math.abs(a.zoom - b.zoom) < 0.01;
