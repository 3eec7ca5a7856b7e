/** How the canvas is fitted to its nodes: close to the edges, but never over natural size. */

import type { FitViewOptions } from "@xyflow/react";

/** A graph that has just been opened is shown no smaller: one can read some of it. */
const READABLE = 0.2;
const ALL = 0.05;

/** Below the nodes there is room for what a run will show on the lowest of them. */
const BEFORE_A_RUN = "84px";

/** `covered` pixels at the right are under a panel; with `isAll`, however small it gets. */
export const fitting = (
  hasRun: boolean,
  covered = 0,
  isAll = false,
): FitViewOptions => ({
  padding: {
    top: "24px",
    right: `${28 + covered}px`,
    bottom: hasRun ? "28px" : BEFORE_A_RUN,
    left: "28px",
  },
  maxZoom: 1,
  minZoom: isAll ? ALL : READABLE,
});
