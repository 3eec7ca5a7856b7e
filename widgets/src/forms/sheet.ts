/** What a spreadsheet puts on the clipboard, and what a table makes of it. */

import type { Part } from "./parts";
import { plainOf } from "./schema";
import { shapeAt } from "./shape";
import { guess, readNumber } from "./values";

type Record_ = Readonly<Record<string, unknown>>;

/** The cells of a pasted text, by line; cells in quotes may hold line breaks and tabs. */
export function cellsOf(text: string): string[][] {
  const lines: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"(?=[\t\n]|$)|([^\t\n]*))(\t|\n|$)/gy;
  const plain = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n").replace(/\n$/, "");
  while (cell.lastIndex <= plain.length) {
    const found = cell.exec(plain);
    if (!found) break;
    const [, quoted, bare, end] = found;
    lines.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare ?? "");
    if (end === "\n") lines.push([]);
    if (end === "") break;
  }
  return lines;
}

/** Whether the first line names the columns. */
export function isHeader(cells: readonly string[], columns: readonly Part[]): boolean {
  const names = columns.flatMap(({ name, label }) => [name, label]).map(plainWord);
  return cells.length > 0 && cells.every((cell) => names.includes(plainWord(cell)));
}

const plainWord = (text: string) => text.trim().toLowerCase();

/** The text of a cell as its column has it; what does not fit stays text, to be mended. */
export function cellValue(text: string, column: Part): unknown {
  const shape = shapeAt(column.placed);
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  switch (shape.kind) {
    case "number": {
      const read = readNumber(trimmed, { isWhole: shape.isWhole });
      return read.is === "value" ? read.value : text;
    }
    case "boolean": {
      if (/^(true|yes|1|x|✓)$/i.test(trimmed)) return true;
      return /^(false|no|0)$/i.test(trimmed) ? false : text;
    }
    case "choice": {
      const found = shape.choices.find(
        ({ label, value }) =>
          plainWord(label) === plainWord(text) || String(value) === trimmed,
      );
      return found ? found.value : text;
    }
    case "anything":
      return plainOf(column.placed).type === undefined ? guess(trimmed) : text;
    default:
      return text;
  }
}

/** The rows with a block of cells put in at a place; what it does not cover stays. */
export function pasted(
  rows: readonly Record_[],
  columns: readonly Part[],
  cells: readonly string[][],
  at: number,
  column: number,
): Record_[] {
  const [first = []] = cells;
  const hasNames = cells.length > 1 && isHeader(first, columns);
  const byName = (text: string) =>
    columns.find((one) =>
      [one.name, one.label].some(
        (it) => it.toLowerCase() === text.trim().toLowerCase(),
      ),
    );
  const order = hasNames ? first.map(byName) : columns.slice(column);
  const next = [...rows];
  (hasNames ? cells.slice(1) : cells).forEach((line, index) => {
    const row: Record<string, unknown> = { ...next[at + index] };
    line.forEach((text, place) => {
      const into = order[place];
      if (!into || into.isFixed) return;
      const value = cellValue(text, into);
      if (value === undefined) delete row[into.name];
      else row[into.name] = value;
    });
    next[at + index] = row;
  });
  return next;
}
