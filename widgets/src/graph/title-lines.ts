/** Where a title may be broken into lines, and how wide its widest line then is. */

/** A title has at the most so many parts that are weighed; more are not seen from afar. */
const PARTS = 16;

/** After a space, and in a name as programs have them: after `_`, and before a capital. */
const BREAKS = /(?<=[\s_./:-])(?=[^\s_./:-])|(?<=\p{Ll})(?=\p{Lu})/u;

/** The parts of a title that stay together. */
export const titleParts = (title: string): string[] => title.trim().split(BREAKS);

/** How wide the title is over one line, two lines and so on, in the size of its letters. */
export function lineWidths(title: string, most: number): number[] {
  const parts = titleParts(title).slice(0, PARTS);
  const widths = parts.map((part) => ({
    full: widthOf(part),
    last: widthOf(part.trimEnd()),
  }));
  const sums = parts.flatMap((_, from) => {
    let sum = 0;
    return widths.slice(from).map(({ full, last }) => {
      const line = sum + last;
      sum += full;
      return line;
    });
  });
  sums.sort((a, b) => a - b);
  return Array.from(
    { length: most },
    (_, index) => sums.find((width) => linesAt(widths, width) <= index + 1) ?? 0,
  );
}

/** The title in lines of so much room; what does not fit ends with an ellipsis. */
export function titleLines(title: string, room: number, most: number): string[] {
  const lines: string[] = [];
  for (const part of titleParts(title)) {
    const last = lines.at(-1);
    const isFull = last !== undefined && widthOf((last + part).trimEnd()) > room;
    if (last === undefined || (isFull && lines.length < most)) lines.push(part);
    else lines[lines.length - 1] = last + part;
  }
  return lines.map((line) => cut(line.trimEnd(), room));
}

function cut(line: string, room: number): string {
  if (widthOf(line) <= room) return line;
  const letters = [...line];
  while (letters.length > 1 && widthOf(`${letters.join("")}…`) > room) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

interface Width {
  full: number;
  /** Without the space behind it: at the end of a line it takes no room. */
  last: number;
}

/** How many lines there are where none may be wider than that. */
function linesAt(widths: readonly Width[], most: number): number {
  let lines = 1;
  let sum = 0;
  for (const { full, last } of widths) {
    if (last > most) return Number.POSITIVE_INFINITY;
    if (sum + last > most) {
      lines += 1;
      sum = 0;
    }
    sum += full;
  }
  return lines;
}

const widthOf = (text: string) =>
  [...text].reduce((sum, letter) => sum + widthOfLetter(letter), 0);

/** About, and rather too much: fonts differ, and a word that does not fit is cut in two. */
function widthOfLetter(letter: string): number {
  if (/[\s.,:;'|!()[\]{}fijltI-]/.test(letter)) return 0.44;
  if (/[MWmw@%]/.test(letter)) return 1.04;
  if (letter > "\u1100") return 1.05;
  return letter.toLowerCase() === letter ? 0.72 : 0.8;
}
