/**
 * Requests to the kernel and their replies, for widgets that show how something stands and
 * are told by a number that it stands otherwise. The editor's line is `connection.ts`.
 */

import type { Reply, ToView } from "../protocol/messages";
import type { Model } from "./model";
import { RequestFailed, Requests } from "./requests";

/** What a request says, without what the line adds. */
export type Said<Request> = Request extends unknown
  ? Omit<Request, "client" | "rid">
  : never;

const PATIENCE = { busyAfter: 1500, giveUpAfter: 120_000 };
const GONE = "The kernel was restarted. Run the cell again to go on.";

/** `Request` is the union of what may be asked. */
export class Asking<Request = object> {
  private readonly client =
    crypto.randomUUID?.() ?? `view-${Math.random().toString(36).slice(2)}`;
  private readonly requests: Requests;
  private rid = 0;

  constructor(
    private readonly model: Model,
    onBusy: (isBusy: boolean) => void = () => {},
  ) {
    this.requests = new Requests(PATIENCE, onBusy);
    model.on("msg:custom", this.hear);
  }

  /** Asks the kernel; resolves with the result of its reply. `beside` goes along as bytes. */
  readonly ask = (
    what: Said<Request>,
    beside: ArrayBuffer[] = [],
  ): Promise<unknown> => {
    this.rid += 1;
    const message = { ...what, client: this.client, rid: this.rid };
    const reply = this.requests.add(this.rid);
    try {
      this.model.send(message, undefined, beside);
    } catch {
      this.requests.failAll(GONE);
    }
    return reply;
  };

  close(): void {
    this.model.off("msg:custom", this.hear);
    this.requests.failAll("It was closed.");
  }

  private readonly hear = (message: ToView) => {
    const reply = message as Reply;
    if (reply?.kind === "reply" && reply.client === this.client) {
      this.requests.settle(reply.rid, reply);
    }
  };
}

/** Why a request failed, for people. */
export const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

export { RequestFailed };
