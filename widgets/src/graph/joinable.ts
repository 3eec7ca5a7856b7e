/** The links that could begin or end at a node: for those who draw them by the keyboard. */

import type { WireLink, WireNode, WirePort } from "../protocol/messages";
import { linkKey, nodeTitle, portLabel } from "./names";
import { whyNotLink } from "./types";

export interface Joinable {
  link: Pick<WireLink, "source" | "output" | "target" | "input">;
  label: string;
  /** The type that goes over it. */
  note: string;
  /** The lower, the likelier. */
  rank: number;
}

type Nodes = Readonly<Record<string, WireNode>>;

/** Links that fit and are not there yet: from the node first, then to it. */
export function joinable(
  id: string,
  nodes: Nodes,
  links: Readonly<Record<string, WireLink>>,
): Joinable[] {
  const own = nodes[id];
  if (!own) return [];
  const others = Object.values(nodes).filter((node) => node.id !== id);
  const there = new Set(Object.values(links).map(linkKey));
  const found = [
    ...others.flatMap((other) => between(own, other)),
    ...others.flatMap((other) => between(other, own)),
  ];
  return found
    .filter(({ link }) => !there.has(linkKey(link)))
    .sort((a, b) => a.rank - b.rank);
}

function between(source: WireNode, target: WireNode): Joinable[] {
  return source.outputs.flatMap((output) =>
    target.inputs
      .filter((input) => whyNotLink(output, input) === null)
      .map((input) => ({
        link: {
          source: source.id,
          output: output.name,
          target: target.id,
          input: input.name,
        },
        label: `${nodeTitle(source)} · ${portLabel(output)} → ${nodeTitle(target)} · ${portLabel(input)}`,
        note: output.type_name,
        rank: rankOf(output, input, target),
      })),
  );
}

/** What is needed comes first; failures and what has a value already come last. */
function rankOf(output: WirePort, input: WirePort, { constants }: WireNode): number {
  const isAlike = output.types.some((type) => input.types.includes(type));
  return (
    (output.name === "error" ? 8 : 0) +
    (input.name in constants ? 4 : 0) +
    (input.required ? 0 : input.shown ? 1 : 2) +
    (isAlike ? 0 : 0.5)
  );
}

/** Those that have every typed word in them. */
export const findJoinable = (all: readonly Joinable[], query: string): Joinable[] => {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter(({ label }) =>
    words.every((word) => label.toLowerCase().includes(word)),
  );
};
