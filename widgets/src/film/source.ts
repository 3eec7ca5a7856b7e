/** Where a timeline comes from: a kernel that is asked by message, or the page itself. */

import type { FiringLook, TimelineAbout, TimelineBars } from "../protocol/messages";

/** What a window shows: times in seconds since the run began, rows from `first` to before `last`. */
export interface Ask {
  start: number;
  end: number;
  /** Pixels that the window takes. */
  width: number;
  /** By the numbers that bars name them by. */
  rows: number[];
}

export interface Source {
  /** How the run stands; undefined until that is known. */
  readonly about: TimelineAbout | undefined;
  bars(ask: Ask): Promise<TimelineBars>;
  firing(node: string, number: number): Promise<FiringLook>;
  late: Late;
  /** Calls `tell` whenever `about` is another. */
  listen(tell: () => void): () => void;
}

/** Code that comes late, by its name: the programs of stages. */
export type Late = (name: string) => Promise<{ js: string; css: string }>;

/** The words for the statuses of spans, by number, as in Python's `WORDS`. */
export const STATUSES = [
  "running",
  "completed",
  "reused",
  "skipped",
  "waiting",
  "retry",
  "tried",
  "stopped",
  "failed",
] as const;
export type SpanStatus = (typeof STATUSES)[number];

export const SAID: Record<SpanStatus, string> = {
  running: "Running",
  completed: "Done",
  reused: "Reused",
  skipped: "Skipped",
  waiting: "Waited",
  retry: "Rest before the next try",
  tried: "Failed, tried again",
  stopped: "Stopped",
  failed: "Failed",
};
