/** What comes of a gesture on the canvas: a link let go, nodes let go, a block over a link. */

import type { Connection } from "@xyflow/react";
import { CONVERTER, conversionTo } from "../graph/conversion";
import { familyOf, familyOfBlock } from "../graph/families";
import { whyNotLink } from "../graph/types";
import { type FlowNode, linkEdit, type PortEnd } from "./flow";
import { onFrames } from "./frames";
import type { View } from "./view";

type Place = { x: number; y: number };

/** How close together, in pixels, a dragged node looks for a link below its middle. */
const PROBE = 6;

/** Links two ports; where they do not fit, says why and offers to convert. */
export function join(view: View, connection: Connection, at: Place): void {
  const { actions, rearranging, session } = view;
  const { source, sourceHandle, target, targetHandle } = connection;
  const from: PortEnd = { node: source, port: sourceHandle ?? "", side: "output" };
  const to: PortEnd = { node: target, port: targetHandle ?? "", side: "input" };
  const [giving, taking] = [actions.port(from), actions.port(to)];
  const isKnown = session.kernel.getState().blocks.some(({ id }) => id === CONVERTER);
  const kind = giving && taking && isKnown ? conversionTo(giving, taking) : "";
  if (!giving || !taking || !kind) {
    actions.edit([linkEdit(connection)], at);
    return;
  }
  const onChoose = () => rearranging.convert(from, to);
  const action = { label: `Convert to ${kind}`, onChoose };
  actions.toast("warning", whyNotLink(giving, taking) ?? "", { at, action });
}

/** The link on which a node stands that has no links of its own, while it is dragged. */
export function linkBelow({ session, root }: View, node: FlowNode): string | null {
  const { links } = session.kernel.getState();
  const isLoose = Object.values(links).every(
    ({ source, target }) => source !== node.id && target !== node.id,
  );
  if (!isLoose || node.type !== "block") return null;
  const card = root.querySelector(
    `.react-flow__node[data-id="${CSS.escape(node.id)}"]`,
  );
  const box = card?.getBoundingClientRect();
  if (!box) return null;
  const page = root.getRootNode() as Document;
  for (let y = box.y; y < box.bottom; y += PROBE) {
    for (const target of page.elementsFromPoint(box.x + box.width / 2, y)) {
      const link = linkUnder({ target });
      if (link) return link;
    }
  }
  return null;
}

/** Sends where nodes are now, with what their frames carried along. */
export function settle(view: View, moved: readonly FlowNode[]): void {
  const { actions, local, rearranging } = view;
  const over = local.getState().overLink;
  const [only] = moved;
  if (over) local.setState({ overLink: null });
  const ids = new Set(moved.map(({ id }) => id));
  const frames = new Set(moved.flatMap((it) => (it.type === "frame" ? [it.id] : [])));
  const carried = onFrames(local.getState().nodes, frames, ids);
  const settled = actions.settle([...ids, ...carried]);
  const link = over && moved.length === 1 ? actions.link(over) : undefined;
  if (link && only) settled.then(() => rearranging.splice(link, only.id));
}

/** The link under the pointer, if any. */
export function linkUnder({ target }: { target: EventTarget }): string | null {
  const edge = (target as Element).closest<HTMLElement>(".react-flow__edge");
  return edge?.dataset.id ?? null;
}

/** The colour of a node on the map: how it stands in the run, else its own. */
export function mapColour({ session }: View, { id }: Pick<FlowNode, "id">): string {
  const { nodes, states } = session.kernel.getState();
  const node = nodes[id];
  const status = states[id]?.status;
  if (status === "failed") return "var(--ab-failed)";
  if (status === "running") return "var(--ab-running)";
  if (!node) return "var(--ab-line-strong)";
  if (node.colour) return `var(--ab-family-${node.colour})`;
  const { accent } = familyOf(familyOfBlock(node.block), node.role);
  return `color-mix(in srgb, var(--ab-raised), ${accent} 55%)`;
}
