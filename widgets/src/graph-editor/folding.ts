/**
 * Folded frames: what stands on one is not drawn, and its links end at the frame.
 *
 * A frame remembers by their ids which nodes it took in when it was folded, so that nothing
 * else vanishes that is put near it.
 */

import type { WireNode } from "../protocol/messages";
import { type FlowLink, type FlowNode, FRAME, foldedIds } from "./flow";
import { onFrames } from "./frames";
import type { View } from "./view";

/** The ends of links on a folded frame. */
export const FOLD_IN = "folded in";
export const FOLD_OUT = "folded out";

type Nodes = Record<string, WireNode>;

/** For each node that is folded away, the frame that is drawn in its place. */
export function foldedInto(wire: Nodes): Map<string, string> {
  const found = new Map<string, string>();
  for (const node of Object.values(wire)) {
    for (const id of foldedIds(node)) {
      if (id in wire && id !== node.id) found.set(id, node.id);
    }
  }
  // A frame may itself be folded into another: the outermost is drawn.
  for (const [id, first] of found) {
    let frame = first;
    for (let step = 0; step < 8 && found.has(frame); step++) {
      frame = found.get(frame) ?? frame;
    }
    found.set(id, frame);
  }
  return found;
}

/** The nodes, those hidden that are folded away; what did not change stays the same object. */
export function foldNodes(nodes: FlowNode[], into: Map<string, string>): FlowNode[] {
  return nodes.map((node) => {
    const frame = into.get(node.id);
    if (node.data.foldedInto === frame) return node;
    return {
      ...node,
      hidden: frame !== undefined,
      selected: frame === undefined && node.selected,
      data: { foldedInto: frame },
    };
  });
}

/** The links, ending at the frames into which their nodes are folded. */
export function foldLinks(links: FlowLink[], into: Map<string, string>): FlowLink[] {
  return links.map((flow) => {
    if (!flow.data) return flow;
    const { source, target, output, input } = flow.data.link;
    const [from, to] = [into.get(source), into.get(target)];
    const ends = {
      source: from ?? source,
      target: to ?? target,
      sourceHandle: from ? FOLD_OUT : output,
      targetHandle: to ? FOLD_IN : input,
      hidden: from !== undefined && from === to,
    };
    const isSame =
      flow.source === ends.source &&
      flow.target === ends.target &&
      Boolean(flow.hidden) === ends.hidden;
    return isSame ? flow : { ...flow, ...ends };
  });
}

/** Folds a frame with what stands on it, or unfolds it. One step to undo. */
export async function fold({ actions, local }: View, node: WireNode): Promise<void> {
  const edit = { edit: "set_constant", id: node.id, port: "folded" } as const;
  if (foldedIds(node).length) {
    await actions.edit([{ ...edit, value: [] }], undefined, {
      title: "Unfold the frame",
    });
    return;
  }
  const { nodes } = local.getState();
  const value = [...onFrames(nodes, new Set([node.id]), new Set([node.id]))].sort();
  if (value.length === 0) {
    actions.toast("info", "Nothing stands on this frame that could be folded away.");
    return;
  }
  await actions.edit([{ ...edit, value }], undefined, { title: "Fold the frame" });
}

/** Unfolds the frame into which a node is folded, so that it can be gone to; null if none. */
export function reveal(view: View, id: string): Promise<void> | null {
  const { nodes } = view.session.kernel.getState();
  const frame = nodes[foldedInto(nodes).get(id) ?? ""];
  return frame ? fold(view, frame) : null;
}

/** Nodes, and with folded frames among them what is folded into those. */
export function withFolded(chosen: readonly WireNode[], wire: Nodes): WireNode[] {
  const into = foldedInto(wire);
  const ids = new Set(chosen.map(({ id }) => id));
  const more = Object.values(wire).filter(
    ({ id }) => !ids.has(id) && ids.has(into.get(id) ?? ""),
  );
  return [...chosen, ...more];
}

/** The menu's words for it; null for what is no frame. */
export const foldLabel = (node: WireNode): string | null =>
  node.block !== FRAME ? null : foldedIds(node).length ? "Unfold" : "Fold";
