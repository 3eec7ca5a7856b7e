/** Knows our own changes again when the kernel tells them back to us. */

import { isSame } from "../graph/same";

export class Echo {
  private sent: unknown[] = [];

  send(value: unknown): void {
    this.sent.push(value);
  }

  /** Whether a value is one we sent; it and those before it are then answered. */
  answers(value: unknown): boolean {
    const at = this.sent.findIndex((it) => isSame(it, value));
    this.sent.splice(0, at + 1);
    return at >= 0;
  }

  /** What the kernel will know once it has answered; `known` when it owes nothing. */
  newest(known: unknown): unknown {
    return this.isQuiet ? known : this.sent.at(-1);
  }

  get isQuiet(): boolean {
    return this.sent.length === 0;
  }

  forget(): void {
    this.sent = [];
  }
}
