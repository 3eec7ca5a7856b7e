/** How the canvas is fitted to its nodes: close to the edges, but never over natural size. */

/** Below this zoom, fields could not be read: nodes show their titles, and what came out. */
export const FAR = 0.7;
/** Below this one, a node has no room for more than its title. */
export const TIGHT = 0.45;

/** A graph that has just been opened is shown no smaller: one can read some of it. */
const READABLE = 0.2;
const ALL = 0.05;

/** Below the nodes there is room for what a run will show on the lowest of them. */
const BEFORE_A_RUN = "84px";

type Pixels = `${number}px`;

interface Fitting {
  padding: { top: Pixels; right: Pixels; bottom: Pixels; left: Pixels };
  minZoom: number;
  maxZoom: number;
}

/** `covered` pixels at the right are under a panel; with `isAll`, however small it gets. */
export const fitting = (hasRun: boolean, covered = 0, isAll = false): Fitting => {
  const edge = isAll ? 16 : 28;
  return {
    padding: {
      top: isAll ? "16px" : "24px",
      right: `${edge + covered}px`,
      bottom: hasRun || isAll ? `${edge}px` : BEFORE_A_RUN,
      left: `${edge}px`,
    },
    maxZoom: 1,
    minZoom: isAll ? ALL : READABLE,
  };
};
