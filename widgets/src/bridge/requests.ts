/** Requests that have no reply yet: their promises, their patience, and "kernel busy". */

import type { Reply } from "../protocol/messages";

export interface Patience {
  /** Without a reply for so long, the kernel counts as busy. */
  busyAfter: number;
  /** Without a reply for so long, a request is given up. */
  giveUpAfter: number;
}

/** The kernel said no, or did not answer; the message is for the user. */
export class RequestFailed extends Error {
  constructor(
    message: string,
    /** The class of the kernel's error, as in `SaveConflict`; empty when it gave none. */
    readonly code = "",
    /** By which the kernel finds all of it again, as in `E-7K2M`. */
    readonly trouble = "",
  ) {
    super(message);
  }
}

type Settled = Pick<Reply, "ok" | "error" | "code" | "trouble" | "result">;

const failureOf = ({ error, code, trouble }: Settled) =>
  new RequestFailed(error || "The kernel refused.", code, trouble);

interface Open {
  sentAt: number;
  /** Whether its silence says that the kernel is busy: not where the work itself is long. */
  isTelling: boolean;
  timers: ReturnType<typeof setTimeout>[];
  keep(result: unknown): void;
  fail(error: RequestFailed): void;
}

export class Requests {
  private readonly open = new Map<number, Open>();
  private isBusy = false;

  constructor(
    private readonly patience: Patience,
    private readonly onBusy: (isBusy: boolean) => void,
  ) {}

  /** A promise of the reply to request `rid`, counted from now. */
  add(rid: number, isTelling = true): Promise<unknown> {
    return new Promise((keep, fail) => {
      const timers = [
        setTimeout(() => this.lookBusy(), this.patience.busyAfter),
        setTimeout(() => this.giveUp(rid), this.patience.giveUpAfter),
      ];
      this.open.set(rid, { sentAt: Date.now(), isTelling, timers, keep, fail });
    });
  }

  has(rid: number): boolean {
    return this.open.has(rid);
  }

  /** Ends request `rid` with its reply; a reply nobody waits for is none of ours. */
  settle(rid: number, reply: Settled): void {
    const request = this.take(rid);
    if (!request) return;
    if (reply.ok) request.keep(reply.result);
    else request.fail(failureOf(reply));
  }

  /** Ends every request without a reply. */
  failAll(reason: string): void {
    for (const rid of [...this.open.keys()]) {
      this.take(rid)?.fail(new RequestFailed(reason));
    }
  }

  private giveUp(rid: number): void {
    const reason = "The kernel has not answered. It may still do what was asked.";
    this.take(rid)?.fail(new RequestFailed(reason));
  }

  private take(rid: number): Open | undefined {
    const request = this.open.get(rid);
    this.open.delete(rid);
    request?.timers.forEach(clearTimeout);
    this.lookBusy();
    return request;
  }

  private lookBusy(): void {
    const since = Date.now() - this.patience.busyAfter;
    const isBusy = [...this.open.values()].some(
      ({ sentAt, isTelling }) => isTelling && sentAt <= since,
    );
    if (isBusy !== this.isBusy) this.onBusy(isBusy);
    this.isBusy = isBusy;
  }
}
