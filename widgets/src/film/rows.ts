/** The rows of a timeline: one for each node, as high as its lanes. */

import type { TimelineRow } from "../protocol/messages";

export const LANE = 15;
export const GAP = 9;
export const LEAST = 24;
/** So much further in stands what lies a row deeper. */
export const INDENT = 12;

/** So many rows are all open at first; of more, those of called agents are folded. */
export const MOST_OPEN = 24;

export interface Row extends TimelineRow {
  top: number;
  height: number;
  lane: number;
  /** Whether agents that it called have rows below it, and whether those are folded. */
  isParent: boolean;
  isFolded: boolean;
}

/**
 * Rows under each other, without those that lie in a folded one; many lanes are drawn
 * thinner.
 */
export function stacked(
  rows: readonly TimelineRow[],
  isFolded: (node: string) => boolean = () => false,
): Row[] {
  const parents = new Set(rows.map((row) => row.parent));
  const hidden = new Set<number>();
  const placed: Row[] = [];
  let top = 0;
  for (const row of rows) {
    const folded = parents.has(row.row) && isFolded(row.node);
    if (folded || hidden.has(row.parent)) hidden.add(row.row);
    if (hidden.has(row.parent)) continue;
    const lane = row.lanes > 6 ? 8 : row.lanes > 3 ? 11 : LANE;
    const height = Math.max(LEAST, row.lanes * lane + GAP);
    placed.push({
      ...row,
      top,
      height,
      lane,
      isParent: parents.has(row.row),
      isFolded: folded,
    });
    top += height;
  }
  return placed;
}

export const heightOf = (rows: readonly Row[]) => {
  const last = rows.at(-1);
  return last ? last.top + last.height : 0;
};

/** The rows that are seen between two heights: from `first` to before `last`. */
export function seen(rows: readonly Row[], top: number, bottom: number) {
  let first = 0;
  while (first < rows.length && end(rows[first]) <= top) first++;
  let last = first;
  while (last < rows.length && (rows[last]?.top ?? 0) < bottom) last++;
  return { first, last };
}

const end = (row: Row | undefined) => (row ? row.top + row.height : 0);
