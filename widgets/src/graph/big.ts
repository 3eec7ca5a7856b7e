/**
 * Whole numbers of which JavaScript would lose digits. They cross from the kernel and back
 * as `{"$int": "9007199254740993"}` (`widgets/constants.py`), and are shown as they are.
 */

/** A whole number too large for a number of JavaScript, as it crosses from the kernel. */
export interface BigNumber {
  $int: string;
}

export const isBig = (it: unknown): it is BigNumber =>
  typeof it === "object" &&
  it !== null &&
  Object.keys(it).length === 1 &&
  typeof (it as Partial<BigNumber>).$int === "string";

type Raw = { rawJSON?(text: string): unknown };
type Context = { source?: string };

/** JSON with every digit of large whole numbers, where the browser can write them. */
export function stringify(it: unknown, indent?: number): string {
  const { rawJSON } = JSON as Raw;
  const whole = (_: string, value: unknown) =>
    isBig(value) && rawJSON ? rawJSON(value.$int) : value;
  return JSON.stringify(it, whole, indent) ?? "";
}

/** What a JSON text holds, with every digit of large whole numbers. */
export function parse(text: string): unknown {
  if (isLong(text.trim())) return { $int: text.trim() };
  const whole = (_: string, value: unknown, context?: Context) =>
    typeof value === "number" && context?.source && isLong(context.source)
      ? { $int: context.source }
      : value;
  return JSON.parse(text, whole);
}

/** Whether a text is a whole number of which JavaScript would lose digits. */
export const isLong = (text: string): boolean =>
  /^-?(0|[1-9]\d*)$/.test(text) && !Number.isSafeInteger(Number(text));
