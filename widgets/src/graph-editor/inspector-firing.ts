/** What one firing of a node took and gave, asked again whenever the node moves on. */

import { useEffect, useReducer, useRef } from "react";
import type { Inspection, NodeState } from "../protocol/messages";

/** The least time between two questions. */
const REST = 200;

export type Inspect = (node: string, firing: number | null) => Promise<Inspection>;

export interface ShownFiring {
  /** The last answer; it stays while the next one is on its way. */
  inspection: Inspection | undefined;
  failure: string;
  /** The firing that was chosen; null follows the newest. */
  choice: number | null;
  choose(firing: number | null): void;
  again(): void;
}

/** Asks one question at a time; what comes up meanwhile is asked afterwards. */
class Question {
  inspection: Inspection | undefined;
  failure = "";
  choice: number | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isAsking = false;
  private isStale = false;
  private isClosed = false;

  constructor(
    private readonly node: string,
    private readonly redraw: () => void,
    public inspect: Inspect,
  ) {}

  choose = (firing: number | null): void => {
    this.choice = firing;
    this.again();
    this.redraw();
  };

  again = (): void => {
    clearTimeout(this.timer);
    this.timer = undefined;
    void this.ask();
  };

  /** Asks after a rest, once for all that happens within it. */
  soon(): void {
    this.timer ??= setTimeout(this.again, this.inspection ? REST : 0);
  }

  open(): void {
    this.isClosed = false;
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private async ask(): Promise<void> {
    if (this.isAsking) {
      this.isStale = true;
      return;
    }
    this.isAsking = true;
    this.isStale = false;
    try {
      this.take(await this.inspect(this.node, this.choice));
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
    }
    this.isAsking = false;
    if (this.isClosed) return;
    if (this.isStale) void this.ask();
    this.redraw();
  }

  private take(answer: Inspection): void {
    this.failure = "";
    this.inspection = answer;
    if (this.choice !== null && answer.firings < this.choice) this.choice = null;
  }
}

export function useFiring(
  node: string,
  state: NodeState | undefined,
  inspect: Inspect,
): ShownFiring {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const kept = useRef<Question>(null);
  kept.current ??= new Question(node, redraw, inspect);
  const question = kept.current;
  question.inspect = inspect;
  const stage = stageOf(state);
  useEffect(() => {
    if (stage !== "") question.soon();
  }, [question, stage]);
  useEffect(() => {
    question.open();
    return () => question.close();
  }, [question]);
  const { inspection, failure, choice, choose, again } = question;
  return { inspection, failure, choice, choose, again };
}

/** Changes when there may be something else to see; progress alone is nothing else. */
function stageOf(state: NodeState | undefined): string {
  if (!state) return "";
  const { status, running, completed, failed, error, reason, question } = state;
  const asked = question ? `${question.firing} ${question.text}` : "";
  return [status, running, completed, failed, error, reason, asked].join(" ");
}
