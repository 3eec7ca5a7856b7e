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

/** JSON with every digit of large whole numbers. */
export function stringify(it: unknown, indent?: number): string {
  // Quotes within texts are escaped, so that only numbers look like this.
  const text = JSON.stringify(it, null, indent) ?? "";
  return text.replace(/\{\s*"\$int":\s*"(-?\d+)"\s*\}/g, "$1");
}

const TEXT_OR_LONG = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;

/** What a JSON text holds, with every digit of large whole numbers. */
export function parse(text: string): unknown {
  const whole = text.replace(TEXT_OR_LONG, (found, at: number) => {
    const isPart = /[\d.eE+]/.test(text[at - 1] ?? "");
    return !isPart && isLong(found) ? `{"$int":"${found}"}` : found;
  });
  return JSON.parse(whole);
}

/** Whether a text is a whole number of which JavaScript would lose digits. */
export const isLong = (text: string): boolean =>
  /^-?(0|[1-9]\d*)$/.test(text) && !Number.isSafeInteger(Number(text));
