/** Ids of nodes and links, and the words for them. */

import type { WireLink, WireNode, WirePort } from "../protocol/messages";

type LinkEnds = Pick<WireLink, "source" | "output" | "target" | "input">;

/** The key of a link; also how a run counts the values that went over it. */
export const linkKey = ({ source, output, target, input }: LinkEnds) =>
  `${source}.${output} -> ${target}.${input}`;

/** What people read on a port: its title, or its name made readable. */
export const portLabel = (port: Pick<WirePort, "title" | "name">) =>
  port.title || port.name.replaceAll("_", " ");

/** What is written on a node: its own title; inputs and outputs of the agent by name. */
export function nodeTitle(
  node: Pick<WireNode, "own_title" | "title" | "role" | "constants">,
): string {
  const { name } = node.constants;
  const isNamed = node.role === "input" || node.role === "output";
  return node.own_title || (isNamed && typeof name === "string" && name) || node.title;
}

/** An id for a new node of a block that no node has yet: `join`, `join-2`, … */
export function freeId(block: string, isTaken: (id: string) => boolean): string {
  const tail = block.slice(block.lastIndexOf(".") + 1).toLowerCase();
  const base = tail.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "node";
  if (!isTaken(base)) return base;
  for (let number = 2; ; number++) {
    if (!isTaken(`${base}-${number}`)) return `${base}-${number}`;
  }
}

/** A duration as people say it: `4 ms`, `0.4 s`, `12 s`, `3 m 05 s`. */
export function duration(seconds: number): string {
  if (seconds > 0 && seconds < 0.001) return "< 1 ms";
  if (seconds > 0 && seconds < 0.0995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const rest = String(whole % 60).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${rest} s`;
  const minutes = String(Math.floor((whole % 3600) / 60)).padStart(2, "0");
  return `${Math.floor(whole / 3600)} h ${minutes} m`;
}
