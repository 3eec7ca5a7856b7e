/**
 * What differs between two graphs, and the edits that bring it about. The same question is
 * asked of two versions, of what was saved elsewhere, and of what a draft has kept.
 */

import type {
  Edit,
  PlainGraph,
  PlainNode,
  WireLink,
  WireNode,
} from "../protocol/messages";

/** One thing that differs; `before` and `after` are undefined where there was or is none. */
export interface Difference {
  kind: "added" | "removed" | "changed" | "moved" | "linked" | "unlinked";
  /** The node, or the one at whose input a link ends. */
  node: string;
  /** Which constant, option, title or link it is; empty for the node itself. */
  what: string;
  before?: unknown;
  after?: unknown;
  edits: Edit[];
}

type Link = Pick<WireLink, "source" | "output" | "target" | "input" | "sticky">;

/** The graph that a view shows, without what can be worked out again. */
export function plainOf(
  name: string,
  nodes: Record<string, WireNode>,
  links: Record<string, WireLink>,
): PlainGraph {
  const plain = Object.values(nodes).map((node): [string, PlainNode] => {
    const { block, own_title: title, constants, options, x, y } = node;
    const secret = new Set(node.inputs.filter(isSecret).map((port) => port.name));
    const kept = Object.entries(constants).filter(([port]) => !secret.has(port));
    const given = { block, title, constants: Object.fromEntries(kept), options };
    return [node.id, { ...given, position: [x, y], colour: node.colour }];
  });
  const ends = Object.values(links).map(
    ({ source, output, target, input, sticky }): Link => ({
      source,
      output,
      target,
      input,
      sticky,
    }),
  );
  return { name, nodes: Object.fromEntries(plain), links: ends, hash: "" };
}

const isSecret = ({ schema }: WireNode["inputs"][number]) =>
  schema.format === "password" || schema.writeOnly === true;

/** What has to happen to `from` to become `to`, in the order in which it has to. */
export function differences(from: PlainGraph, to: PlainGraph): Difference[] {
  const found: Difference[] = [];
  const links = new Map(from.links.map((link) => [ends(link), link]));
  const wanted = new Map(to.links.map((link) => [ends(link), link]));
  for (const [key, link] of links) {
    const isKept = wanted.get(key)?.sticky === link.sticky;
    if (!isKept && to.nodes[link.source] && to.nodes[link.target])
      found.push(linkDifference("unlinked", link));
  }
  for (const [id, node] of Object.entries(from.nodes)) {
    if (!to.nodes[id] || to.nodes[id].block !== node.block)
      found.push({
        kind: "removed",
        node: id,
        what: "",
        before: node,
        edits: [{ edit: "remove_node", id }],
      });
  }
  for (const [id, node] of Object.entries(to.nodes)) {
    const before = from.nodes[id];
    if (before && before.block === node.block) found.push(...within(id, before, node));
    else found.push(whole(id, node));
  }
  for (const [key, link] of wanted) {
    const isThere =
      links.get(key)?.sticky === link.sticky &&
      !found.some(({ kind, node }) => kind === "removed" && touches(link, node));
    if (!isThere) found.push(linkDifference("linked", link));
  }
  return found;
}

/**
 * The differences that still make sense in `now`: nothing that is so already, nothing of a
 * node that is gone. `clashes` are those where `now` has been changed too, to something else.
 */
export function rebased(
  base: PlainGraph,
  mine: PlainGraph,
  now: PlainGraph,
): { fits: Difference[]; clashes: Difference[] } {
  const left = new Set(differences(now, mine).map(keyOf));
  const theirs = new Map(differences(base, now).map((it) => [placeOf(it), it]));
  const fits: Difference[] = [];
  const clashes: Difference[] = [];
  for (const one of differences(base, mine)) {
    const node = mine.nodes[one.node];
    if (node && base.nodes[one.node] && !now.nodes[one.node]) {
      // Changed here, taken away there: it can only come back whole.
      if (one.kind !== "moved" && !clashes.some((it) => it.node === one.node))
        clashes.push(whole(one.node, node));
      continue;
    }
    if (!left.has(keyOf(one))) continue;
    const other = theirs.get(placeOf(one)) ?? theirs.get(`${one.node}\n`);
    if (!other) fits.push(one);
    else if (!same(other.after, one.after)) clashes.push(one);
  }
  return { fits, clashes };
}

/** The differences in words of a few: “2 nodes added, 1 changed”. */
export function inWords(list: readonly Difference[]): string {
  const count = (...kinds: Difference["kind"][]) =>
    new Set(
      list
        .filter(({ kind }) => kinds.includes(kind))
        .map((it) => (it.kind.endsWith("linked") ? keyOf(it) : it.node)),
    ).size;
  const parts: [number, string][] = [
    [count("added"), "added"],
    [count("removed"), "removed"],
    [count("changed"), "changed"],
    [count("moved"), "moved"],
  ];
  const words = parts
    .filter(([many]) => many > 0)
    .map(([many, word], index) => {
      const noun = index === 0 ? ` ${many === 1 ? "node" : "nodes"}` : "";
      return `${many}${noun} ${word}`;
    });
  const links = count("linked", "unlinked");
  if (links) words.push(`${links} ${links === 1 ? "link" : "links"}`);
  return words.join(", ");
}

const whole = (id: string, node: PlainNode): Difference => ({
  kind: "added",
  node: id,
  what: "",
  after: node,
  edits: [{ edit: "add_node", id, ...node }],
});

function within(id: string, before: PlainNode, after: PlainNode): Difference[] {
  const found: Difference[] = [];
  const change = (what: string, old: unknown, now: unknown, edit: Edit) =>
    found.push({
      kind: "changed",
      node: id,
      what,
      before: old,
      after: now,
      edits: [edit],
    });
  if (before.title !== after.title) {
    const title = after.title;
    change("title", before.title, title, { edit: "set_title", id, title });
  }
  for (const port of keysOf(before.constants, after.constants)) {
    const [old, value] = [before.constants[port], after.constants[port]];
    if (same(old, value) || isLive(value)) continue;
    if (value === undefined)
      change(port, old, value, { edit: "clear_constant", id, port });
    else change(port, old, value, { edit: "set_constant", id, port, value });
  }
  for (const option of keysOf(before.options, after.options)) {
    const [old, value] = [before.options[option], after.options[option]];
    if (same(old, value)) continue;
    const edit: Edit = { edit: "set_option", id, option, value: value ?? null };
    change(`option ${option}`, old, value, edit);
  }
  if (before.colour !== after.colour) {
    const { colour } = after;
    change("colour", before.colour, colour, { edit: "set_colour", id, colour });
  }
  if (!same(before.position, after.position)) {
    const { position } = after;
    found.push({
      kind: "moved",
      node: id,
      what: "position",
      before: before.position,
      after: position,
      edits: [{ edit: "move_node", id, position }],
    });
  }
  return found;
}

function linkDifference(kind: "linked" | "unlinked", link: Link): Difference {
  const { source, output, target, input, sticky } = link;
  const edit: Edit =
    kind === "linked"
      ? { edit: "add_link", source, output, target, input, sticky }
      : { edit: "remove_link", source, output, target, input };
  const what = ends(link);
  const after = kind === "linked" ? sticky : undefined;
  return { kind, node: target, what, after, edits: [edit] };
}

const ends = ({ source, output, target, input }: Omit<Link, "sticky">) =>
  `${source}.${output} → ${target}.${input}`;
const touches = ({ source, target }: Link, node: string) =>
  source === node || target === node;
const keysOf = (a: object, b: object) =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
const isLive = (value: unknown) =>
  typeof value === "object" && value !== null && "$live" in value;
const placeOf = ({ node, what }: Difference) => `${node}\n${what}`;
const keyOf = (it: Difference) => `${placeOf(it)}\n${it.kind}\n${stable(it.after)}`;
const same = (a: unknown, b: unknown) => a === b || stable(a) === stable(b);

/** JSON with its keys in order, so that equal values have equal texts. */
function stable(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "";
  if (Array.isArray(value)) return `[${value.map(stable).join()}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${stable(v)}`).join()}}`;
}
