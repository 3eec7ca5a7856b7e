/** The palette's search: which blocks a few typed letters mean, best first. */

import type { WireBlock } from "../protocol/messages";

const EXACT = 100;
const PREFIX = 80;
const WORD_PREFIX = 70;
const INSIDE = 55;
const KEYWORD = 45;
const FAMILY = 35;
const HELP = 20;
const NEARLY = 12;

/** Blocks that match every word of the query, best first; all of them for an empty one. */
export function searchBlocks(
  blocks: readonly WireBlock[],
  query: string,
): readonly WireBlock[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return blocks;
  return blocks
    .map((block) => ({ block, score: scoreOf(block, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.block.title.localeCompare(b.block.title))
    .map(({ block }) => block);
}

function scoreOf(block: WireBlock, words: readonly string[]): number {
  const whole = words.join(" ");
  const bonus = block.title.toLowerCase() === whole || block.id === whole ? EXACT : 0;
  const scores = words.map((word) => scoreOfWord(block, word));
  return scores.includes(0) ? bonus : bonus + scores.reduce((sum, x) => sum + x, 0);
}

function scoreOfWord(block: WireBlock, word: string): number {
  const title = block.title.toLowerCase();
  const titleWords = title.split(/\W+/);
  const keywords = block.keywords.map((keyword) => keyword.toLowerCase());
  if (title === word || block.id === word) return EXACT;
  if (title.startsWith(word)) return PREFIX;
  if (titleWords.some((part) => part.startsWith(word))) return WORD_PREFIX;
  if (keywords.some((keyword) => keyword.startsWith(word))) return KEYWORD + 5;
  if (title.includes(word) || block.id.includes(word)) return INSIDE;
  if (keywords.some((keyword) => keyword.includes(word))) return KEYWORD;
  if (block.family.includes(word)) return FAMILY;
  if (block.help.toLowerCase().includes(word)) return HELP;
  const near = [...titleWords, ...keywords].some((part) => isNearly(part, word));
  return near ? NEARLY : 0;
}

/** Whether `typed` is a slip of the beginning of `word`: one slip, two in long words. */
function isNearly(word: string, typed: string): boolean {
  if (typed.length < 3) return false;
  const slips = typed.length > 6 ? 2 : 1;
  return [-1, 0, 1].some(
    (more) => slipsBetween(word.slice(0, typed.length + more), typed) <= slips,
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
