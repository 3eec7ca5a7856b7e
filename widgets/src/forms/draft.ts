/**
 * What is being typed, kept apart from what the kernel knows.
 *
 * A draft is sent after a pause, on Enter and on blur. What comes back from the kernel
 * never replaces a draft that is ahead of it, so text and caret stay where they are;
 * what others change replaces it once nothing of ours is unsent.
 */

import { useEffect, useReducer, useRef } from "react";
import { isSame } from "../graph/same";
import { Echo } from "./echo";
import type { Reading } from "./values";

const PAUSE = 400;
/** How long a draft is shown after leaving the field when the kernel does not answer. */
const PATIENCE = 3000;
const NOTHING = Symbol("nothing set");

export interface DraftOptions {
  value: unknown;
  isSet: boolean;
  show(value: unknown): string;
  read(text: string): Reading;
  commit(value: unknown): void;
  clear(): void;
}

/** One field's draft, outside React so that timers and events see it as it is. */
class Draft {
  private draft: string | null = null;
  private isJudged = false;
  private isIn = false;
  private pause: ReturnType<typeof setTimeout> | undefined;
  private patience: ReturnType<typeof setTimeout> | undefined;
  private known: unknown;
  private readonly echo = new Echo();

  constructor(
    private options: DraftOptions,
    private readonly redraw: () => void,
  ) {
    this.known = this.current;
  }

  get text(): string {
    if (this.draft !== null) return this.draft;
    const { isSet, value, show } = this.options;
    return isSet ? show(value) : "";
  }

  /** Whether what is typed is no value yet. */
  get isUnfinished(): boolean {
    return this.reading?.is === "unfinished";
  }

  /** Why it is none; empty while typing goes on. */
  get why(): string {
    const { reading } = this;
    return this.isJudged && reading?.is === "unfinished" ? reading.why : "";
  }

  type = (text: string): void => {
    this.isIn = true;
    this.draft = text;
    this.isJudged &&= this.isUnfinished;
    clearTimeout(this.pause);
    clearTimeout(this.patience);
    this.pause = setTimeout(this.flush, PAUSE);
    this.redraw();
  };

  /** Sends what is unsent, if it is a value. */
  flush = (): void => {
    if (this.pause === undefined) return;
    clearTimeout(this.pause);
    this.pause = undefined;
    const { reading } = this;
    if (reading?.is === "unfinished") {
      this.isJudged = true;
      this.redraw();
    } else if (reading) {
      this.send(reading.is === "empty" ? NOTHING : reading.value);
    }
  };

  leave = (): void => {
    this.flush();
    this.isIn = false;
    if (this.draft === null || this.isUnfinished) return;
    if (this.echo.isQuiet) this.drop();
    else this.patience = setTimeout(this.drop, PATIENCE);
  };

  /** Goes back to the value; false when there was nothing to go back from. */
  revert = (): boolean => {
    const had =
      this.draft !== null && this.draft !== this.options.show(this.options.value);
    clearTimeout(this.pause);
    this.pause = undefined;
    this.drop();
    return had;
  };

  /** The options of this rendering. */
  update(options: DraftOptions): void {
    this.options = options;
  }

  /** Takes in what the kernel knows now. */
  settle(): void {
    const { current } = this;
    if (isSame(this.known, current)) return;
    this.known = current;
    if (this.echo.answers(current)) {
      if (!this.isIn && this.echo.isQuiet) this.drop();
    } else if (this.pause === undefined && !this.isUnfinished) {
      this.drop();
    }
  }

  close(): void {
    this.flush();
    clearTimeout(this.patience);
  }

  private get current(): unknown {
    return this.options.isSet ? this.options.value : NOTHING;
  }

  private get reading(): Reading | undefined {
    return this.draft === null ? undefined : this.options.read(this.draft);
  }

  private send(wanted: unknown): void {
    if (isSame(wanted, this.echo.newest(this.current))) return;
    this.echo.send(wanted);
    if (wanted === NOTHING) this.options.clear();
    else this.options.commit(wanted);
  }

  private drop = (): void => {
    this.draft = null;
    this.echo.forget();
    this.redraw();
  };
}

export type { Draft };

export function useDraft(options: DraftOptions): Draft {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const kept = useRef<Draft>(null);
  kept.current ??= new Draft(options, redraw);
  const draft = kept.current;
  draft.update(options);
  useEffect(() => draft.settle());
  useEffect(() => () => draft.close(), [draft]);
  return draft;
}
