/** How well typed words fit a title: what the searches for blocks and for nodes rank by. */

const EXACT = 100;
const PREFIX = 80;
const WORD = 70;
const INSIDE = 55;
/** Added where all that was typed is the title. */
export const WHOLE = EXACT;

/** The words of what was typed; all of them have to be found. */
export const wordsOf = (query: string): string[] =>
  query.toLowerCase().split(/\s+/).filter(Boolean);

/** The words of a title, in any script. */
export const partsOf = (title: string): string[] => title.split(/[^\p{L}\p{N}]+/u);

/** How well a word fits the best of some titles, in small letters; 0 is not at all. */
export function titleScore(titles: readonly string[], word: string): number {
  if (titles.includes(word)) return EXACT;
  if (titles.some((it) => it.startsWith(word))) return PREFIX;
  if (titles.flatMap(partsOf).some((it) => it.startsWith(word))) return WORD;
  return titles.some((it) => it.includes(word)) ? INSIDE : 0;
}

/** Whether `typed` is a slip of the beginning of a word: one slip, two in long words. */
export function isNearly(words: readonly string[], typed: string): boolean {
  if (typed.length < 3) return false;
  const most = typed.length > 6 ? 2 : 1;
  return words.some((word) =>
    [-1, 0, 1].some(
      (more) => slipsBetween(word.slice(0, typed.length + more), typed) <= most,
    ),
  );
}

/** Letters added, left out, changed or swapped with their neighbour. */
export function slipsBetween(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const now = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      let least = Math.min(
        at(last, column) + 1,
        at(now, column - 1) + 1,
        at(last, column - 1) + same,
      );
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (row > 1 && column > 1 && isSwap) {
        least = Math.min(least, at(before, column - 2) + 1);
      }
      now.push(least);
    }
    before = last;
    last = now;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], column: number) => row[column] ?? 0;
