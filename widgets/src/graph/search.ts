/** The palette's search: which blocks a few typed letters mean, best first. */

import type { WireBlock } from "../protocol/messages";
import { isNearly, partsOf, titleScore, WHOLE, wordsOf } from "./ranking";

const KEYWORD_PREFIX = 50;
const KEYWORD = 45;
const FAMILY = 35;
const HELP = 20;
const NEARLY = 12;

/** Blocks that match every word of the query, best first; all of them for an empty one. */
export function searchBlocks(
  blocks: readonly WireBlock[],
  query: string,
): readonly WireBlock[] {
  const words = wordsOf(query);
  if (words.length === 0) return blocks;
  return blocks
    .map((block) => ({ block, score: scoreOf(block, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.block.title.localeCompare(b.block.title))
    .map(({ block }) => block);
}

function scoreOf(block: WireBlock, words: readonly string[]): number {
  const whole = words.join(" ");
  const bonus = block.title.toLowerCase() === whole || block.id === whole ? WHOLE : 0;
  const scores = words.map((word) => scoreOfWord(block, word));
  return scores.includes(0) ? bonus : bonus + scores.reduce((sum, x) => sum + x, 0);
}

function scoreOfWord(block: WireBlock, word: string): number {
  const title = block.title.toLowerCase();
  const keywords = block.keywords.map((keyword) => keyword.toLowerCase());
  const score = titleScore([title], word) || (block.id === word ? WHOLE : 0);
  if (score) return score;
  if (keywords.some((keyword) => keyword.startsWith(word))) return KEYWORD_PREFIX;
  if (keywords.some((keyword) => keyword.includes(word))) return KEYWORD;
  if (block.id.includes(word)) return KEYWORD;
  if (block.family.includes(word)) return FAMILY;
  if (block.help.toLowerCase().includes(word)) return HELP;
  return isNearly([...partsOf(title), ...keywords], word) ? NEARLY : 0;
}
