/** Puts numbered updates in order: repeated ones fall away, late ones are waited for. */

import type { Update } from "../protocol/messages";

export class Sequence {
  /** The number of the last update that was taken; -1 before the first snapshot. */
  last = -1;
  private readonly ahead = new Map<number, Update>();

  /** Whether an update is missing between what was taken and what has come. */
  get hasGap(): boolean {
    return this.ahead.size > 0;
  }

  /** Starts again from a snapshot; returns the updates that came before it but are newer. */
  startAt(seq: number): Update[] {
    this.last = seq;
    for (const number of this.ahead.keys()) {
      if (number <= seq) this.ahead.delete(number);
    }
    return this.ready();
  }

  /** Takes updates numbered from `first`; returns those whose turn it is. */
  take(first: number, updates: readonly Update[]): Update[] {
    updates.forEach((update, index) => {
      if (first + index > this.last) this.ahead.set(first + index, update);
    });
    return this.last < 0 ? [] : this.ready();
  }

  private ready(): Update[] {
    const turn: Update[] = [];
    for (;;) {
      const next = this.ahead.get(this.last + 1);
      if (next === undefined) return turn;
      this.ahead.delete(++this.last);
      turn.push(next);
    }
  }
}
