/** The scale of a timeline: seconds to pixels, round steps for its marks, times in words. */

/** What part of a run is seen: seconds since it began. */
export interface Range {
  start: number;
  end: number;
}

/** The shortest stretch that can be zoomed to, in seconds. */
export const SHORTEST = 1e-5;
/** A little room behind the end, so that the last bar is not cut by the edge. */
export const AIR = 1.02;

export const lengthOf = (range: Range) => range.end - range.start;

/** The whole run. */
export const whole = (seconds: number): Range => ({
  start: 0,
  end: Math.max(seconds, SHORTEST) * AIR,
});

/** The range after a zoom by `factor` that leaves `anchor` (seconds) where it is. */
export function zoomed(
  range: Range,
  factor: number,
  anchor: number,
  total: number,
): Range {
  const most = whole(total).end;
  const length = Math.min(most, Math.max(SHORTEST, lengthOf(range) * factor));
  const part = (anchor - range.start) / lengthOf(range);
  return within({ start: anchor - part * length, end: 0 }, length, total);
}

/** The range moved by some seconds, within the run. */
export const moved = (range: Range, by: number, total: number): Range =>
  within({ start: range.start + by, end: 0 }, lengthOf(range), total);

function within({ start }: Range, length: number, total: number): Range {
  const last = Math.max(0, whole(total).end - length);
  const begin = Math.min(Math.max(0, start), last);
  return { start: begin, end: begin + length };
}

/** The marks of a scale, each a round number of seconds, about `apart` pixels apart. */
export function marks(
  range: Range,
  width: number,
  apart = 110,
): { at: number; text: string }[] {
  const step = roundUp((lengthOf(range) * apart) / Math.max(width, 1));
  const found: { at: number; text: string }[] = [];
  for (let n = Math.ceil(range.start / step); n * step <= range.end; n++) {
    found.push({ at: n * step, text: atScale(n * step, step) });
  }
  return found;
}

const LONG = [60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];

function roundUp(seconds: number): number {
  if (seconds > 30) return LONG.find((it) => it >= seconds) ?? seconds;
  const power = 10 ** Math.floor(Math.log10(seconds));
  const digit = [1, 2, 5, 10].find((it) => it * power >= seconds * 0.999) ?? 10;
  return digit * power;
}

function atScale(at: number, step: number): string {
  if (at === 0) return "0";
  if (step >= 60) return inWords(at);
  if (step >= 1) return at < 120 ? `${Math.round(at)} s` : inWords(at);
  const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  if (at >= 1) return `${at.toFixed(digits)} s`;
  if (step >= 1e-3) return `${Math.round(at * 1e3)} ms`;
  if (at >= 1e-3) return `${(at * 1e3).toFixed(Math.max(0, digits - 3))} ms`;
  return `${Math.round(at * 1e6)} µs`;
}

/** A length of time as people read it: `12.3 ms`, `4.56 s`, `3 min 20 s`. */
export function inWords(seconds: number): string {
  if (seconds < 0.9995e-3) return `${Math.round(seconds * 1e6)} µs`;
  if (seconds < 0.9995) return `${Number((seconds * 1e3).toPrecision(3))} ms`;
  if (seconds < 99.5) return `${Number(seconds.toPrecision(3))} s`;
  const whole = Math.round(seconds);
  if (whole < 7200) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
