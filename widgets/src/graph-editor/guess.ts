/**
 * How large a node will be and where its handles stand, before it was ever drawn. In a large
 * graph most nodes are out of sight or too small to be read: they are drawn by this guess.
 * What is drawn in full is measured, and the measure counts from then on.
 */

import { type Node, Position } from "@xyflow/react";
import { NODE_WIDTH } from "../graph/place";
import type { WireNode } from "../protocol/messages";

/** From so many nodes on, nodes start by a guess. */
export const CROWD = 120;

const FRAME = 46;
const ROW = 26;
const FIRST_HANDLE = 51;
const HANDLE = 11;

type Guess = Required<Pick<Node, "measured" | "handles">>;

/** The size and the handles of a node that was not measured yet. */
export function guessed(node: WireNode): Guess {
  const inputs = node.inputs.filter(
    ({ name, required }) => required || name in node.constants,
  );
  const outputs = node.outputs.filter(({ name }) => name !== "error");
  const rows = inputs.length + Math.max(1, outputs.length);
  const height = FRAME + ROW * rows;
  const handle = (id: string, row: number, isInput: boolean) => ({
    id,
    type: isInput ? ("target" as const) : ("source" as const),
    position: isInput ? Position.Left : Position.Right,
    x: isInput ? 0 : NODE_WIDTH - HANDLE,
    y: Math.min(FIRST_HANDLE + ROW * row, height - HANDLE),
    width: HANDLE,
    height: HANDLE,
  });
  const rowOf = new Map(inputs.map(({ name }, row) => [name, row]));
  return {
    measured: { width: NODE_WIDTH, height },
    handles: [
      ...node.inputs.map(({ name }) => handle(name, rowOf.get(name) ?? 0, true)),
      ...node.outputs.map(({ name }) =>
        handle(name, inputs.length + outputs.findIndex((x) => x.name === name), false),
      ),
    ],
  };
}

/** A node that was measured, without what was guessed of it. */
export function withoutGuess<T extends Node>(node: T): T {
  if (!node.handles) return node;
  const { handles: _guess, ...rest } = node;
  return rest as T;
}
