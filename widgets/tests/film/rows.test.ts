import { describe, expect, it } from "vitest";
import { stacked } from "../../src/film/rows";
import type { TimelineRow } from "../../src/protocol/messages";

const row = (at: number, parent: number, depth: number): TimelineRow => ({
  row: at,
  parent,
  depth,
  node: `n${at}`,
  title: "",
  firings: 1,
  failed: 0,
  lanes: 1,
  busy: 0,
  waited: 0,
  tokens: 0,
  cost: 0,
});

describe("the rows of a timeline", () => {
  // n0 calls an agent whose n2 calls another; n1 comes after both.
  const rows = [row(0, -1, 0), row(2, 0, 1), row(5, 2, 2), row(1, -1, 0)];

  it("come each under the node that called them", () => {
    const all = stacked(rows);
    expect(all.map((it) => it.row)).toEqual([0, 2, 5, 1]);
    expect(all.map((it) => it.isParent)).toEqual([true, true, false, false]);
    expect(all.at(-1)?.top).toBe(3 * (all[0]?.height ?? 0));
  });

  it("fold, with whatever lies deeper", () => {
    expect(stacked(rows, (node) => node === "n0").map((it) => it.row)).toEqual([0, 1]);
    expect(stacked(rows, (node) => node === "n2").map((it) => it.row)).toEqual([
      0, 2, 1,
    ]);
    // What calls nothing has nothing to fold.
    expect(stacked(rows, (node) => node === "n1").map((it) => it.row)).toHaveLength(4);
  });
});
