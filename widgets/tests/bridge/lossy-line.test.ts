/** T32a: messages of the kernel are lost, doubled and mixed up, and the view is right. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Connection, type Hearer } from "../../src/bridge/connection";
import { FakeModel } from "../../src/bridge/fake-model";
import type { FromView, Snapshot, ToView, Update } from "../../src/protocol/messages";

const KEPT = 400;

/** A kernel that counts: its state is how many updates it has told, as the log's fold. */
class Kernel {
  last = 0;
  update = (text: string): Update => ({ update: "notice_given", level: "info", text });

  tell(count: number): ToView {
    const first = this.last + 1;
    this.last += count;
    return { kind: "updates", client: "", first, updates: this.range(first) };
  }

  answer(message: FromView): ToView[] {
    if (message.op !== "sync") return [];
    const { client, rid, since } = message;
    const reply = {
      kind: "reply",
      client,
      rid,
      ok: true,
      error: "",
      code: "",
    } as const;
    const missing = this.last - since;
    const news: ToView =
      since < 0 || missing > KEPT
        ? ({ kind: "snapshot", client, seq: this.last } as Snapshot)
        : { kind: "updates", client, first: since + 1, updates: this.range(since + 1) };
    return [news, { ...reply, result: null } as ToView];
  }

  private range(first: number): Update[] {
    const numbers = Array.from({ length: this.last - first + 1 }, (_, i) => first + i);
    return numbers.map((number) => this.update(String(number)));
  }
}

/** What the view has understood: where the last snapshot was, and what came since. */
class Eye implements Hearer {
  at = 0;
  wrong = 0;
  onSnapshot = (snapshot: Snapshot) => {
    this.at = snapshot.seq;
  };
  onUpdates = (updates: readonly Update[]) => {
    for (const update of updates) {
      if (!("text" in update) || Number(update.text) !== this.at + 1) this.wrong++;
      this.at++;
    }
  };
  onPhase = () => {};
  onBusy = () => {};
  onUnknown = () => {};
}

/** Numbers from 0 to 1, the same for the same seed. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

/** Loses 70 % of the messages, doubles 10 %, and mixes them up in windows of 20. */
class Line {
  isWhole = true;
  isCut = false;
  private window: ToView[] = [];
  constructor(
    private readonly roll: () => number,
    private readonly deliver: (message: ToView) => void,
  ) {}

  carry(message: ToView): void {
    if (this.isWhole) this.deliver(message);
    else if (!this.isCut) {
      if (this.roll() >= 0.7) this.window.push(message);
      if (this.roll() < 0.1) this.window.push(message);
      if (this.window.length >= 20) this.flush();
    }
  }

  flush(): void {
    const mixed = this.window
      .splice(0)
      .map((message) => [this.roll(), message] as const);
    mixed.sort(([a], [b]) => a - b);
    for (const [, message] of mixed) this.deliver(message);
  }
}

let eye: Eye;
let connection: Connection;
let line: Line;
let kernel: Kernel;

function open(seed: number): void {
  kernel = new Kernel();
  const model: FakeModel = new FakeModel({}, (message) => {
    for (const answer of kernel.answer(message)) line.carry(answer);
  });
  line = new Line(dice(seed), (message) => model.tell(message));
  eye = new Eye();
  connection = new Connection(model, eye);
  connection.start();
  connection.expectNews(true);
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  connection.close();
  vi.useRealTimers();
});

test.each([1, 2, 3, 4, 5])(
  "t32a: the view is right after a lossy run, seed %i",
  (seed) => {
    open(seed);
    line.isWhole = false;
    for (let told = 0; told < 4000; told++) {
      line.carry(kernel.tell(1));
      vi.advanceTimersByTime(5);
    }
    line.flush();
    line.isWhole = true;
    vi.advanceTimersByTime(2000);
    expect(eye.at).toBe(4000);
    expect(eye.wrong).toBe(0);
  },
);

test("t32a: the view is right though the last 2,000 messages were lost", () => {
  open(7);
  for (let told = 0; told < 500; told++) line.carry(kernel.tell(1));
  line.isWhole = false;
  line.isCut = true;
  for (let told = 0; told < 2000; told++) {
    line.carry(kernel.tell(1));
    vi.advanceTimersByTime(5);
  }
  line.isWhole = true;
  vi.advanceTimersByTime(2000);
  expect(eye.at).toBe(2500);
  expect(eye.wrong).toBe(0);
});

test("t32a: a line that goes on losing is right in the end", () => {
  open(11);
  line.isWhole = false;
  for (let told = 0; told < 2000; told++) line.carry(kernel.tell(1));
  for (let second = 0; second < 60 && eye.at < 2000; second++) {
    vi.advanceTimersByTime(1000);
    line.flush();
  }
  expect(eye.at).toBe(2000);
  expect(eye.wrong).toBe(0);
});
