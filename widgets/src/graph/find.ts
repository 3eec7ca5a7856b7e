/** Search in a graph: which nodes a few typed words mean, best first, and why. */

import type { WireNode } from "../protocol/messages";
import { nodeTitle, portLabel } from "./names";
import { isNearly, partsOf, titleScore, WHOLE, wordsOf } from "./ranking";

export interface Found {
  node: WireNode;
  /** What of the node was found, where it is not its title. */
  where: string;
}

const BLOCK = 45;
const PORT = 35;
const VALUE = 30;
const HELP = 10;
const NEARLY = 8;
const SHOWN = 60;

/** Nodes that match every word, best first; all of them, by title, for no words. */
export function findNodes(nodes: readonly WireNode[], query: string): Found[] {
  const words = wordsOf(query);
  const byTitle = (a: Found, b: Found) =>
    nodeTitle(a.node).localeCompare(nodeTitle(b.node)) ||
    a.node.id.localeCompare(b.node.id);
  if (words.length === 0)
    return nodes.map((node) => ({ node, where: "" })).sort(byTitle);
  return nodes
    .map((node) => ({ ...matchOf(node, words), node }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || byTitle(a, b))
    .map(({ node, where }) => ({ node, where }));
}

interface Match {
  score: number;
  where: string;
}

function matchOf(node: WireNode, words: readonly string[]): Match {
  const matches = words.map((word) => matchOfWord(node, word));
  if (matches.some(({ score }) => score === 0)) return { score: 0, where: "" };
  const whole = nodeTitle(node).toLowerCase() === words.join(" ") ? WHOLE : 0;
  return {
    score: matches.reduce((sum, { score }) => sum + score, whole),
    where: matches.find(({ where }) => where)?.where ?? "",
  };
}

function matchOfWord(node: WireNode, word: string): Match {
  const titles = [nodeTitle(node).toLowerCase(), node.id];
  const score = titleScore(titles, word);
  if (score) return { score, where: "" };
  if (`${node.title} ${node.block}`.toLowerCase().includes(word))
    return { score: BLOCK, where: node.block };
  return inPorts(node, word) ?? nearly(node, titles.flatMap(partsOf), word);
}

function inPorts(node: WireNode, word: string): Match | null {
  for (const [port, value] of Object.entries(node.constants)) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const at = text?.toLowerCase().indexOf(word) ?? -1;
    if (at >= 0)
      return { score: VALUE, where: `${port.replaceAll("_", " ")}: ${part(text, at)}` };
  }
  const port = [...node.inputs, ...node.outputs].find(
    (it) =>
      it.name !== "error" &&
      (it.name.includes(word) || portLabel(it).toLowerCase().includes(word)),
  );
  return port ? { score: PORT, where: `port ${portLabel(port)}` } : null;
}

function nearly(node: WireNode, parts: readonly string[], word: string): Match {
  const { help } = node;
  if (help.toLowerCase().includes(word)) return { score: HELP, where: help };
  return { score: isNearly(parts, word) ? NEARLY : 0, where: "" };
}

/** The part of a text around a place, on one line. */
function part(text: string, at: number): string {
  const from = Math.max(0, at - 16);
  const shown = text.slice(from, from + SHOWN).replaceAll(/\s+/g, " ");
  return `${from > 0 ? "…" : ""}${shown}${from + SHOWN < text.length ? "…" : ""}`;
}
