import { expect, test } from "vitest";
import { Sequence } from "../../src/bridge/sequence";
import type { Update } from "../../src/protocol/messages";

const notice = (text: string): Update => ({
  update: "notice_given",
  level: "info",
  text,
});
const texts = (updates: Update[]) =>
  updates.map((update) => (update.update === "notice_given" ? update.text : "?"));

function started(seq = 0): Sequence {
  const sequence = new Sequence();
  sequence.startAt(seq);
  return sequence;
}

test("updates in order pass at once", () => {
  expect(texts(started().take(1, [notice("a"), notice("b")]))).toEqual(["a", "b"]);
});

test("a repeated update falls away", () => {
  const sequence = started();
  sequence.take(1, [notice("a"), notice("b")]);
  expect(texts(sequence.take(2, [notice("b"), notice("c")]))).toEqual(["c"]);
});

test("an update that came too early waits for the one before", () => {
  const sequence = started();
  expect(sequence.take(2, [notice("b")])).toEqual([]);
  expect(sequence.hasGap).toBe(true);
  expect(texts(sequence.take(1, [notice("a")]))).toEqual(["a", "b"]);
  expect(sequence.hasGap).toBe(false);
});

test("before the first snapshot nothing passes, and nothing is lost", () => {
  const sequence = new Sequence();
  expect(sequence.take(0, [notice("a"), notice("b"), notice("c")])).toEqual([]);
  expect(texts(sequence.startAt(1))).toEqual(["c"]);
});

test("a snapshot makes older updates needless", () => {
  const sequence = started();
  sequence.take(5, [notice("e")]);
  expect(sequence.startAt(7)).toEqual([]);
  expect(sequence.hasGap).toBe(false);
  expect(texts(sequence.take(8, [notice("h")]))).toEqual(["h"]);
});
