import { describe, expect, it } from "vitest";
import { inWords, lengthOf, marks, moved, whole, zoomed } from "../../src/film/scale";

describe("the scale of a timeline", () => {
  it("zooms about the place under the pointer", () => {
    const range = { start: 2, end: 6 };
    const close = zoomed(range, 0.5, 3, 10);
    expect(lengthOf(close)).toBeCloseTo(2);
    expect((3 - close.start) / lengthOf(close)).toBeCloseTo(1 / 4);
  });

  it("never leaves the run, and never shows more or less than there is", () => {
    expect(moved({ start: 2, end: 6 }, -100, 10)).toEqual({ start: 0, end: 4 });
    const right = moved({ start: 2, end: 6 }, 100, 10);
    expect(right.end).toBeCloseTo(whole(10).end);
    expect(zoomed({ start: 2, end: 6 }, 1000, 3, 10)).toEqual(whole(10));
    expect(lengthOf(zoomed({ start: 2, end: 6 }, 1e-12, 3, 10))).toBeGreaterThan(0);
    expect(lengthOf(whole(0))).toBeGreaterThan(0);
  });

  it.each([1e-5, 0.003, 0.4, 7, 90, 4000, 1e6])(
    "marks %s seconds in round steps",
    (end) => {
      const found = marks({ start: 0, end }, 1100);
      expect(found.length).toBeGreaterThan(2);
      expect(found.length).toBeLessThan(24);
      expect(new Set(found.map((mark) => mark.text)).size).toBe(found.length);
      expect(found[0]).toEqual({ at: 0, text: "0" });
    },
  );

  it("says lengths of time as people do", () => {
    const said = [0, 4.2e-5, 0.0123, 0.9999, 4.567, 99.6, 200, 7200].map(inWords);
    expect(said).toEqual([
      "0 µs",
      "42 µs",
      "12.3 ms",
      "1 s",
      "4.57 s",
      "1 min 40 s",
      "3 min 20 s",
      "2 h 0 min",
    ]);
  });
});
