/** Bars as they were told, by row, so that the one under the pointer is found at once. */

import type { TimelineBars } from "../protocol/messages";

export interface Bar {
  node: number;
  lane: number;
  start: number;
  end: number;
  status: number;
  count: number;
  number: number;
  attempt: number;
  busy: number;
}

export class Bars {
  /** Places in the columns, by row; within a row by lane and time. */
  readonly byRow = new Map<number, number[]>();

  constructor(readonly told: TimelineBars) {
    told.node.forEach((node, place) => {
      const places = this.byRow.get(node);
      if (places) places.push(place);
      else this.byRow.set(node, [place]);
    });
  }

  at(place: number): Bar {
    const { told } = this;
    const column = (values: number[]) => values[place] ?? 0;
    return {
      node: column(told.node),
      lane: column(told.lane),
      start: column(told.begins),
      end: column(told.ends),
      status: column(told.status),
      count: column(told.count),
      number: column(told.number),
      attempt: column(told.attempt),
      busy: column(told.busy),
    };
  }

  /** The bar of a lane at a time, give or take `near` seconds; the nearest one. */
  find(row: number, lane: number, time: number, near: number): Bar | undefined {
    let best: number | undefined;
    let least = near;
    for (const place of this.byRow.get(row) ?? []) {
      if (this.told.lane[place] !== lane) continue;
      const before = (this.told.begins[place] ?? 0) - time;
      const after = time - (this.told.ends[place] ?? 0);
      const away = Math.max(0, before, after);
      if (away <= least) {
        best = place;
        least = away;
        if (away === 0) break;
      }
    }
    return best === undefined ? undefined : this.at(best);
  }
}
