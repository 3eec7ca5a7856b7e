/** Whether the palette is open at first: it is where there is room, or nothing to see yet. */

import type { StoreApi } from "zustand";
import type { LocalState } from "./local-state";
import type { Session } from "./session";

/** Narrower than this, a graph with nodes has the whole width at first. */
const WIDE = 1200;
/** Narrower than this, the palette starts folded in any case. */
const NARROW = 560;

/** Decides once, when the graph is known, before it is drawn. */
export function startPalette(
  { kernel }: Session,
  local: StoreApi<LocalState>,
  el: HTMLElement,
): void {
  const decide = () => {
    const { phase, nodes } = kernel.getState();
    const width = el.clientWidth || WIDE;
    const isEmpty = phase !== "connecting" && Object.keys(nodes).length === 0;
    const isPaletteOpen = width >= WIDE || (isEmpty && width >= NARROW);
    local.setState({ isPaletteOpen });
    return phase !== "connecting";
  };
  if (decide()) return;
  const stop = kernel.subscribe(() => {
    if (decide()) stop();
  });
}
