/** Our words in React Flow's, and back: nodes, links (its edges), ports (its handles). */

import type { Connection, Edge, Node, NodeChange } from "@xyflow/react";
import { nodeTitle } from "../graph/names";
import type { Box } from "../graph/place";
import { NODE_WIDTH } from "../graph/place";
import type { Edit, WireLink, WireNode } from "../protocol/messages";
import { CROWD, guessed } from "./guess";

export type FlowNode = Node<Folded, "block" | "note" | "frame">;
/** The frame into which a node is folded away. */
type Folded = { foldedInto?: string };
export type FlowLink = Edge<{ link: WireLink }, "link">;
/** One end of a link. */
export interface PortEnd {
  node: string;
  port: string;
  side: "input" | "output";
}

/** The block of a frame: an area on which nodes stand. */
export const FRAME = "values.frame";

const NOTHING: Folded = {};

/** The flow nodes for the kernel's nodes; what did not change stays the same object. */
export function flowNodes(
  wire: Record<string, WireNode>,
  before: readonly FlowNode[],
): FlowNode[] {
  const known = new Map(before.map((node) => [node.id, node]));
  const all = Object.values(wire);
  const isCrowd = all.length >= CROWD;
  return all.map((node) => {
    const old = known.get(node.id);
    if (old && (old.dragging || old.resizing || isAt(old, node))) return old;
    const position = { x: node.x, y: node.y };
    const size = sizeOf(node);
    if (old) return { ...old, position, ...size };
    const fresh = newFlowNode(node, position);
    return isCrowd && fresh.type === "block" ? { ...fresh, ...guessed(node) } : fresh;
  });
}

const isAt = (flow: FlowNode, node: WireNode) =>
  flow.position.x === node.x &&
  flow.position.y === node.y &&
  isSized(flow, sizeOf(node));

const isSized = (flow: FlowNode, size: ReturnType<typeof sizeOf>) =>
  !size || (flow.width === size.width && flow.height === size.height);

/** The size of a frame, which is told; other nodes are as large as what is in them. */
function sizeOf(node: WireNode) {
  if (node.block !== FRAME) return undefined;
  if (foldedIds(node).length) return FOLDED;
  const { width, height } = node.constants;
  return {
    width: typeof width === "number" ? width : 480,
    height: typeof height === "number" ? height : 280,
  };
}

/** How large a folded frame is drawn. */
const FOLDED = { width: 232, height: 58 };

/** The nodes that are folded into a node: a frame's, else none. */
export function foldedIds({ block, constants }: WireNode): string[] {
  const { folded } = constants;
  if (block !== FRAME || !Array.isArray(folded)) return [];
  return folded.filter((id) => typeof id === "string");
}

function newFlowNode(node: WireNode, position: { x: number; y: number }): FlowNode {
  const isFrame = node.block === FRAME;
  const type = isFrame ? "frame" : node.role === "note" ? "note" : "block";
  return {
    // A frame lies under all that stands on it, also while it is selected.
    ...(isFrame ? { zIndex: -2000, ...sizeOf(node) } : {}),
    id: node.id,
    type,
    position,
    data: NOTHING,
    dragHandle: ".ab-drag",
    ariaLabel: `${nodeTitle(node)}, node ${node.id}`,
  };
}

/** The flow links for the kernel's links; what did not change stays the same object. */
export function flowLinks(
  wire: Record<string, WireLink>,
  before: readonly FlowLink[],
  nodes: Record<string, WireNode> = {},
): FlowLink[] {
  const known = new Map(before.map((link) => [link.id, link]));
  return Object.entries(wire).map(([id, link]) => {
    const old = known.get(id);
    if (old?.data?.link === link) return old;
    return {
      ...old,
      id,
      type: "link",
      source: link.source,
      target: link.target,
      sourceHandle: link.output,
      targetHandle: link.input,
      data: { link },
      ariaLabel: linkWords(link, nodes),
    };
  });
}

/** A link as it is read out: by the titles of its nodes and of their ports. */
function linkWords(link: WireLink, nodes: Record<string, WireNode>): string {
  const [source, target] = [nodes[link.source], nodes[link.target]];
  const from = source ? nodeTitle(source) : link.source;
  const to = target ? nodeTitle(target) : link.target;
  const names = [link.output, link.input].map((name) => name.replaceAll("_", " "));
  const sticky = link.sticky ? ", sticky" : "";
  return `Link from ${from}, ${names[0]}, to ${to}, ${names[1]}${sticky}`;
}

/** The edit that draws this connection. */
export function linkEdit(connection: Connection): Edit {
  return {
    edit: "add_link",
    source: connection.source,
    output: connection.sourceHandle ?? "",
    target: connection.target,
    input: connection.targetHandle ?? "",
  };
}

/** The edit that takes a link away. */
export function unlinkEdit({ source, output, target, input }: WireLink): Edit {
  return { edit: "remove_link", source, output, target, input };
}

/** The edits that put nodes where they are drawn. */
export function moveEdits(nodes: readonly FlowNode[]): Edit[] {
  return nodes.map(({ id, position: { x, y } }) => ({
    edit: "move_node",
    id,
    position: [Math.round(x), Math.round(y)],
  }));
}

/** The nodes that a batch of changes has moved for good: by arrow keys, not a drag. */
export const movedByKeys = (changes: readonly NodeChange<FlowNode>[]): string[] =>
  changes.flatMap((change) =>
    change.type === "position" && change.position && change.dragging === false
      ? [change.id]
      : [],
  );

/** The nodes as boxes, for finding places. */
export const boxesOf = (nodes: readonly FlowNode[]): Box[] =>
  nodes.map(({ id, position, measured, width, height }) => ({
    id,
    ...position,
    width: width ?? measured?.width ?? NODE_WIDTH,
    height: height ?? measured?.height ?? 140,
  }));
