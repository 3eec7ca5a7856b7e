/** How the canvas is fitted to its nodes: close to the edges, but never over natural size. */

import type { FitViewOptions } from "@xyflow/react";

/** Below the nodes there is room for what a run will show on the lowest of them. */
const BEFORE_A_RUN = "84px";

/** `covered` pixels at the right are under a panel. */
export const fitting = (hasRun: boolean, covered = 0): FitViewOptions => ({
  padding: {
    top: "24px",
    right: `${28 + covered}px`,
    bottom: hasRun ? "28px" : BEFORE_A_RUN,
    left: "28px",
  },
  maxZoom: 1,
  minZoom: 0.2,
});
