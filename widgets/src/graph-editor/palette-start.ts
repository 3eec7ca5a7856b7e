/** Whether the palette is open at first: it is where there is room, or nothing to see yet. */

import type { StoreApi } from "zustand";
import type { LocalState } from "./local-state";
import type { Session } from "./session";

/** Narrower than this, a graph with nodes has the whole width at first. */
const WIDE = 1200;
/** Narrower than this, the palette starts folded in any case. */
const NARROW = 560;

/**
 * Decides once, when the graph and the room are known. A cell out of sight has no width: it is
 * waited for, lest the blocks stand where the graph should.
 */
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
    return phase !== "connecting" && el.clientWidth > 0;
  };
  if (decide()) return;
  const again = () => {
    if (!decide()) return;
    stop();
    watch.disconnect();
  };
  const stop = kernel.subscribe(again);
  const watch = new ResizeObserver(again);
  watch.observe(el);
}
