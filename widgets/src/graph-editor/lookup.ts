/**
 * Look-ups by node, worked out once per list that the kernel told: every node asks at every
 * change, so going through all links and problems each time would be slow.
 */

import type { WireLink, WireProblem } from "../protocol/messages";

const linked = new WeakMap<object, Map<string, string>>();
const problems = new WeakMap<object, Map<string, WireProblem[]>>();
const NONE: readonly WireProblem[] = [];

/** Which ports of a node are linked, as one text, so that it is compared by value. */
export function linkedPorts(links: Record<string, WireLink>, node: string): string {
  let index = linked.get(links);
  if (!index) {
    index = new Map();
    for (const { source, output, target, input } of Object.values(links)) {
      index.set(target, `${index.get(target) ?? ""}<${input}\n`);
      index.set(source, `${index.get(source) ?? ""}>${output}\n`);
    }
    linked.set(links, index);
  }
  return index.get(node) ?? "";
}

const outdated = new WeakMap<object, [links: object, reasons: Map<string, string>]>();

/** Why a node is out of date: it was changed since the run, or something before it was. */
export function whyStale(
  stale: Record<string, string>,
  links: Record<string, WireLink>,
  node: string,
): string {
  let found = outdated.get(stale);
  if (found?.[0] !== links) {
    found = [links, reasonsOf(stale, Object.values(links))];
    outdated.set(stale, found);
  }
  return found[1].get(node) ?? "";
}

function reasonsOf(stale: Record<string, string>, links: WireLink[]) {
  const reasons = new Map(Object.entries(stale));
  const ahead = [...reasons.keys()];
  if (ahead.length === 0) return reasons;
  const targets = new Map<string, string[]>();
  for (const { source, target } of links)
    targets.set(source, [...(targets.get(source) ?? []), target]);
  for (let source = ahead.pop(); source !== undefined; source = ahead.pop()) {
    for (const target of targets.get(source) ?? []) {
      if (reasons.has(target)) continue;
      reasons.set(target, `“${source}” before it is out of date`);
      ahead.push(target);
    }
  }
  return reasons;
}

export const isLinkedIn = (ports: string, input: string) =>
  ports.includes(`<${input}\n`);
export const isLinkedOut = (ports: string, output: string) =>
  ports.includes(`>${output}\n`);

/** The names of the linked ports of a side. */
export function namesIn(ports: string, side: "input" | "output"): string[] {
  const mark = side === "input" ? "<" : ">";
  const lines = ports.split("\n").filter((line) => line.startsWith(mark));
  return [...new Set(lines.map((line) => line.slice(1)))];
}

/** The problems of a node, errors first; the same list until the problems change. */
export function problemsOf(
  list: readonly WireProblem[],
  node: string,
): readonly WireProblem[] {
  let index = problems.get(list);
  if (!index) {
    index = new Map();
    for (const problem of [...list].sort((a, b) => a.level.localeCompare(b.level))) {
      index.set(problem.node, [...(index.get(problem.node) ?? []), problem]);
    }
    problems.set(list, index);
  }
  return index.get(node) ?? NONE;
}

const broken = new WeakMap<object, Map<string, string>>();

/** Why a link is wrong, if it is. */
export function whyBroken(list: readonly WireProblem[], link: string): string {
  let index = broken.get(list);
  if (!index) {
    index = new Map(list.flatMap((it) => (it.link ? [[it.link, it.message]] : [])));
    broken.set(list, index);
  }
  return index.get(link) ?? "";
}

/** How a problem is shown: what is not given yet is to do, until somebody tried to run. */
export const toneOf = (
  { level, node, is_missing }: WireProblem,
  tried: ReadonlySet<string>,
): "error" | "warning" | "todo" => (is_missing && !tried.has(node) ? "todo" : level);
