/** Asks the kernel for what a timeline shows, each question with a number of its own. */

import type { Model } from "../bridge/model";
import type { Ask, Late, Source } from "../film/source";
import type {
  AskBars,
  AskFiring,
  FetchCode,
  FilmReply,
  FiringLook,
  TimelineAbout,
  TimelineBars,
} from "../protocol/messages";
import { codeOf } from "../ui/late-code";

/** The kernel may be busy with a cell; then what was told before stays on the screen. */
const PATIENCE = 15_000;

type Question = AskBars | AskFiring | Omit<FetchCode, "client" | "rid">;

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
  timer: ReturnType<typeof setTimeout>;
}

export class KernelSource implements Source {
  private readonly client = Math.random().toString(36).slice(2);
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  constructor(private readonly model: Model) {
    model.on("msg:custom", this.heard);
  }

  get about(): TimelineAbout | undefined {
    const told = this.model.get("about") as TimelineAbout | undefined;
    return told?.rows ? told : undefined;
  }

  bars({ start, end, width, rows }: Ask): Promise<TimelineBars> {
    return this.ask<TimelineBars>({ op: "bars", start, end, width, rows });
  }

  firing(node: string, number: number): Promise<FiringLook> {
    return this.ask<FiringLook>({ op: "firing", node, number });
  }

  readonly late: Late = (name) => codeOf(name, (what) => this.ask(what));

  listen(tell: () => void): () => void {
    this.model.on("change:about", tell);
    return () => this.model.off("change:about", tell);
  }

  close(): void {
    this.model.off("msg:custom", this.heard);
    for (const { timer } of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
  }

  private ask<Result>(question: Question): Promise<Result> {
    this.last += 1;
    const rid = this.last;
    return new Promise<Result>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(rid);
        reject(new Error("The kernel does not answer: it is busy, or it is gone."));
      }, PATIENCE);
      this.waiting.set(rid, { resolve: resolve as Waiting["resolve"], reject, timer });
      try {
        this.model.send({ ...question, rid, client: this.client });
      } catch {
        clearTimeout(timer);
        this.waiting.delete(rid);
        reject(new Error("The kernel is gone. Run the cell again."));
      }
    });
  }

  private readonly heard = (content: unknown): void => {
    const reply = content as FilmReply;
    if (reply?.client !== this.client) return;
    const waiting = this.waiting.get(reply.rid);
    if (!waiting) return;
    this.waiting.delete(reply.rid);
    clearTimeout(waiting.timer);
    if (reply.error) waiting.reject(new Error(reply.error));
    else waiting.resolve(reply.result);
  };
}
