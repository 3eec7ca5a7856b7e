/**
 * A part of a graph as the text of an agent document: what is copied. The kernel reads it
 * (`domain/fragment.py`); so does anybody who opens it as a file.
 */

import type { WireLink, WireNode } from "../protocol/messages";
import { stringify } from "./big";

const FORMAT = "agentbench/1";
const SECRET = ["password", "secret"];

/** These nodes, and the links that have both ends among them, as text. */
export function copyText(
  nodes: readonly WireNode[],
  links: readonly WireLink[],
): string {
  const ids = new Set(nodes.map(({ id }) => id));
  const inner = links.filter(
    ({ source, target }) => ids.has(source) && ids.has(target),
  );
  const sorted = [...nodes].sort((a, b) => (a.id < b.id ? -1 : 1));
  const document = {
    format: FORMAT,
    name: "fragment",
    description: "",
    nodes: Object.fromEntries(sorted.map((node) => [node.id, nodeText(node)])),
    links: inner.map(({ source, output, target, input, sticky }) => ({
      from: `${source}.${output}`,
      to: `${target}.${input}`,
      ...(sticky ? { sticky } : {}),
    })),
    layout: Object.fromEntries(sorted.map(({ id, x, y }) => [id, [x, y]])),
  };
  return `${stringify(document, 2)}\n`;
}

function nodeText({ block, own_title, colour, inputs, constants, options }: WireNode) {
  const isSecret = (port: string) => {
    const schema = inputs.find(({ name }) => name === port)?.schema ?? {};
    return SECRET.includes(String(schema.format)) || schema.writeOnly === true;
  };
  const kept = Object.entries(constants).filter(([port]) => !isSecret(port));
  return {
    block,
    ...(own_title ? { title: own_title } : {}),
    ...(colour ? { colour } : {}),
    ...(kept.length ? { constants: Object.fromEntries(kept) } : {}),
    ...(Object.keys(options).length ? { options } : {}),
  };
}
