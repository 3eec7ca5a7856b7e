/**
 * The way to the kernel and back: requests with replies, and every update once, in order.
 *
 * Requests wait until the first snapshot has come. A gap in the numbers of the updates,
 * a long silence during a run, and a tab that comes back all lead to a `sync`. A send
 * that throws means that the kernel was restarted; that it ended, Jupyter may tell before.
 */

import type { FromView, Snapshot, ToView, Update } from "../protocol/messages";
import { watchKernel } from "./liveness";
import type { Model } from "./model";
import { RequestFailed, Requests } from "./requests";
import { Sequence } from "./sequence";

export type Phase = "connecting" | "ready" | "lost";

/** What a request says, without what the connection adds. */
export type Ask = FromView extends infer Each
  ? Each extends FromView
    ? Omit<Each, "client" | "rid">
    : never
  : never;

export interface Hearer {
  onSnapshot(snapshot: Snapshot): void;
  onUpdates(updates: readonly Update[]): void;
  onPhase(phase: Phase): void;
  onBusy(isBusy: boolean): void;
  /** The line to the kernel is broken: what is sent waits until it is there again. */
  onCut?(isCut: boolean): void;
  /** A message this front end does not know: it is older than the kernel half. */
  onUnknown(kind: string): void;
}

export const TIMES = {
  busyAfter: 1500,
  giveUpAfter: 60_000,
  /** How long an update that came too early waits for those before it. */
  reorder: 120,
  /** When a sync is sent again; doubles up to `retryMost`. */
  retryFirst: 2000,
  retryMost: 30_000,
  /** The same while a run goes on: its end has to be shown within two seconds. */
  retryInRun: 800,
  /** How long a run may be silent before the view asks. */
  silence: 800,
};

/** Work that takes its time in a kernel that is idle: their silence says nothing. */
const LONG: readonly FromView["op"][] = [
  "inspect",
  "check",
  "credentials",
  "models",
  "add_credential",
  "upload",
  "late",
];

const GONE = "The kernel was restarted or shut down. Run the cell again to go on.";

export class Connection {
  readonly client: string =
    crypto.randomUUID?.() ?? `view-${Math.random().toString(36).slice(2)}`;
  phase: Phase = "connecting";

  private readonly sequence = new Sequence();
  private readonly requests: Requests;
  private readonly times: typeof TIMES;
  private queue: [FromView, ArrayBuffer[]][] = [];
  private rid = 0;
  private syncRid = 0;
  private gapSyncs = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private retryIn: number;
  private gap: ReturnType<typeof setTimeout> | undefined;
  private pulse: ReturnType<typeof setInterval> | undefined;
  private heardAt = Date.now();
  private unwatch = (): void => {};

  constructor(
    private readonly model: Model,
    private readonly hearer: Hearer,
    times: Partial<typeof TIMES> = {},
  ) {
    this.times = { ...TIMES, ...times };
    this.retryIn = this.times.retryFirst;
    this.requests = new Requests(this.times, (isBusy) => hearer.onBusy(isBusy));
  }

  /** Begins to listen and asks for everything. */
  start(): void {
    this.model.on("msg:custom", this.hear);
    this.model.on("comm_live_update", this.ask);
    this.model.on("change:run_status", this.ask);
    document.addEventListener("visibilitychange", this.onVisible);
    window.addEventListener("online", this.ask);
    this.unwatch = watchKernel(this.model, {
      onGone: () => this.onLost(),
      onCut: (isCut) => this.hearer.onCut?.(isCut),
    });
    this.sync();
  }

  close(): void {
    this.model.off("msg:custom", this.hear);
    this.model.off("comm_live_update", this.ask);
    this.model.off("change:run_status", this.ask);
    document.removeEventListener("visibilitychange", this.onVisible);
    window.removeEventListener("online", this.ask);
    this.unwatch();
    this.requests.failAll("The editor was closed.");
    clearTimeout(this.retry);
    clearTimeout(this.gap);
    clearInterval(this.pulse);
  }

  /** Asks the kernel; resolves with the result of its reply. `beside` goes along as bytes. */
  request(ask: Ask, beside: ArrayBuffer[] = []): Promise<unknown> {
    if (this.phase === "lost") return Promise.reject(new RequestFailed(GONE));
    const message = { ...ask, client: this.client, rid: ++this.rid } as FromView;
    const isLong = LONG.includes(message.op);
    const reply = this.requests.add(message.rid, !isLong);
    if (isLong) setTimeout(() => this.probe(message.rid), this.times.busyAfter);
    // Its reply may be lost, and with it the word that a run has begun.
    else setTimeout(() => this.doubt(message.rid), this.times.silence);
    if (this.phase === "ready") this.post(message, beside);
    else this.queue.push([message, beside]);
    return reply;
  }

  private doubt(unanswered: number): void {
    if (this.phase === "ready" && this.requests.has(unanswered)) this.ask();
  }

  /** Drawing a value may take long in an idle kernel: what it is up to, a `sync` tells. */
  private probe(slow: number): void {
    if (this.phase !== "ready" || !this.requests.has(slow)) return;
    const rid = ++this.rid;
    this.requests.add(rid).catch(() => {});
    this.post({ op: "sync", since: this.sequence.last, client: this.client, rid });
  }

  /** While on, a silence leads to a sync: the last message of a run may be lost. */
  expectNews(isOn: boolean): void {
    clearInterval(this.pulse);
    this.pulse = undefined;
    if (!isOn) return;
    this.pulse = setInterval(() => {
      if (Date.now() - this.heardAt >= this.times.silence) this.ask();
    }, this.times.silence / 2);
  }

  /** Throws away what is known and asks for everything: after a guess proved wrong. */
  startOver(): void {
    this.sync(-1);
  }

  private readonly ask = () => {
    if (this.retry === undefined) this.sync();
  };

  private readonly onVisible = () => {
    if (!document.hidden) this.ask();
  };

  private sync(since = this.sequence.last): void {
    clearTimeout(this.retry);
    // The kernel answers only the newest of those that wait, so they cost little there.
    const soon =
      this.pulse === undefined ? this.times.retryMost : this.times.retryInRun;
    this.retry = setTimeout(() => this.sync(), Math.min(this.retryIn, soon));
    this.retryIn = Math.min(this.retryIn * 2, this.times.retryMost);
    this.syncRid = ++this.rid;
    this.post({ op: "sync", since, client: this.client, rid: this.syncRid });
  }

  private onSynced(): void {
    clearTimeout(this.retry);
    this.retry = undefined;
    this.retryIn = this.times.retryFirst;
  }

  private post(message: FromView, beside: ArrayBuffer[] = []): void {
    try {
      this.model.send(message, undefined, beside);
    } catch {
      this.onLost();
    }
  }

  private onLost(): void {
    this.onSynced();
    this.queue = [];
    this.enter("lost");
    this.requests.failAll(GONE);
  }

  private enter(phase: Phase): void {
    if (phase === this.phase) return;
    this.phase = phase;
    this.hearer.onPhase(phase);
  }

  private readonly hear = (message: ToView) => {
    this.heardAt = Date.now();
    if (this.phase === "lost") {
      this.enter("connecting");
      this.sync(-1);
    }
    switch (message?.kind) {
      case "snapshot":
        if (message.client === this.client) this.onSnapshot(message);
        return;
      case "updates":
        if (message.client === "") this.onUpdates(message.first, message.updates);
        else if (message.client === this.client) {
          this.onSynced();
          this.onUpdates(message.first, message.updates);
        }
        return;
      case "reply":
        if (message.client !== this.client) return;
        if (message.rid === this.syncRid && message.ok) this.onSynced();
        this.requests.settle(message.rid, message);
        return;
      default:
        this.hearer.onUnknown(String((message as { kind?: unknown })?.kind));
    }
  };

  private onSnapshot(snapshot: Snapshot): void {
    this.onSynced();
    const newer = this.sequence.startAt(snapshot.seq);
    this.hearer.onSnapshot(snapshot);
    if (newer.length) this.hearer.onUpdates(newer);
    this.enter("ready");
    const queue = this.queue;
    this.queue = [];
    for (const [message, beside] of queue) this.post(message, beside);
    this.watchGap();
  }

  private onUpdates(first: number, updates: readonly Update[]): void {
    const turn = this.sequence.take(first, updates);
    if (turn.length) this.hearer.onUpdates(turn);
    this.watchGap();
  }

  private watchGap(): void {
    clearTimeout(this.gap);
    if (!this.sequence.hasGap) this.gapSyncs = 0;
    if (!this.sequence.hasGap || this.phase !== "ready") return;
    this.gap = setTimeout(() => this.closeGap(), this.times.reorder);
  }

  /** What is missing is asked for once; if it does not come, everything is. */
  private closeGap(): void {
    if (this.retry !== undefined) return;
    this.sync(this.gapSyncs++ === 0 ? this.sequence.last : -1);
  }
}
