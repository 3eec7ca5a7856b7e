/** A model with nothing behind it but a function: for tests and the playground. */

import type { FromView, ToView } from "../protocol/messages";
import type { Model, Traits } from "./model";

type Listener = (...args: never[]) => void;

/** Answers what a view sends; `tell` sends back. */
export type FakeKernel = (
  message: FromView,
  tell: (message: ToView) => void,
  beside: readonly ArrayBuffer[],
) => void;

export class FakeModel implements Model {
  readonly sent: FromView[] = [];
  /** Set to make every send fail, as it does once the kernel was restarted. */
  isDead = false;
  private readonly listeners = new Map<string, Set<Listener>>();

  constructor(
    private readonly traits: Traits = {},
    private readonly kernel: FakeKernel = () => {},
  ) {}

  get = ((name: string) => this.traits[name]) as Model["get"];

  set = ((name: string, value: unknown) => {
    this.traits[name] = value;
    this.emit(`change:${name}`);
  }) as Model["set"];

  save_changes = () => {};

  on = ((event: string, listener: Listener) => {
    const known = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, known.add(listener));
  }) as Model["on"];

  off = ((event: string, listener: Listener) => {
    this.listeners.get(event)?.delete(listener);
  }) as Model["off"];

  send = ((message: FromView, _told?: unknown, beside: ArrayBuffer[] = []) => {
    if (this.isDead) throw new Error("Cannot send");
    const copy = structuredClone(message);
    this.sent.push(copy);
    this.kernel(copy, (answer) => this.tell(answer), beside);
  }) as Model["send"];

  /** Delivers a message of the kernel to the views. */
  tell(message: ToView): void {
    this.emit("msg:custom", structuredClone(message), []);
  }

  emit(event: string, ...args: unknown[]): void {
    for (const listener of [...(this.listeners.get(event) ?? [])]) {
      (listener as (...args: unknown[]) => void)(...args);
    }
  }
}
