/** Search in the graph, links by the keyboard, and a name for a new agent. */

import { useReactFlow } from "@xyflow/react";
import { useMemo } from "react";
import { familyOf, familyOfBlock } from "../graph/families";
import { findNodes } from "../graph/find";
import { findJoinable, joinable } from "../graph/joinable";
import { linkKey, nodeTitle } from "../graph/names";
import { Picker } from "../ui/picker";
import type { FlowLink, FlowNode } from "./flow";
import { foldedInto, reveal } from "./folding";
import { inSight } from "./sight";
import { takeFocus, useKernel, useLocal, useView } from "./view";

export function Pickers() {
  const picking = useLocal((state) => state.picking);
  if (picking?.what === "node") return <NodePicker />;
  return picking?.what === "link" ? <LinkPicker from={picking.from} /> : null;
}

/** How many pixels of a node are to be seen below the list, at the least. */
const LEAST = 84;

function useClose(): () => void {
  const view = useView();
  return () => {
    view.local.setState({ picking: null });
    takeFocus(view);
  };
}

/** Ctrl+F: pointing at a node shows it, Enter goes there. */
function NodePicker() {
  const view = useView();
  const flow = useReactFlow<FlowNode, FlowLink>();
  const nodes = useKernel((state) => state.nodes);
  const all = useMemo(() => Object.values(nodes), [nodes]);
  const close = useClose();
  const find = (query: string) =>
    findNodes(all, query).map(({ node, where }) => {
      const family = familyOf(familyOfBlock(node.block), node.role);
      return {
        id: node.id,
        label: nodeTitle(node),
        note: where || node.id,
        icon: family.icon,
        accent: family.accent,
      };
    });
  const show = (wanted: string, isChosen = false) => {
    if (isChosen) reveal(view, wanted);
    // What is folded away is shown by its frame until it is chosen.
    const folded = foldedInto(view.session.kernel.getState().nodes);
    const id = isChosen ? wanted : (folded.get(wanted) ?? wanted);
    view.actions.select([id]);
    const node = flow.getInternalNode(id);
    if (!node) return;
    const { left, right, top, bottom } = inSight(view.root);
    const list = view.root.querySelector(".ab-picker")?.getBoundingClientRect();
    const listed = Math.min(list?.bottom ?? top, bottom - 2 * LEAST);
    const zoom = Math.max(0.7, flow.getZoom());
    const { x, y } = node.internals.positionAbsolute;
    const { width = 0, height = 0 } = node.measured;
    const canvas = view.root.querySelector(".ab-canvas")?.getBoundingClientRect();
    const middle = {
      x: (left + right) / 2 - (canvas?.left ?? 0),
      // Below the list of what was found, while there is one.
      y: ((isChosen ? top : Math.max(top, listed)) + bottom) / 2 - (canvas?.top ?? 0),
    };
    flow.setViewport(
      {
        x: middle.x - (x + width / 2) * zoom,
        y: middle.y - (y + height / 2) * zoom,
        zoom,
      },
      { duration: 180 },
    );
  };
  return (
    <Picker
      label="Search in the graph"
      placeholder="Title, id, block, port or value…"
      find={find}
      onPoint={show}
      onChoose={(id, isMore) => {
        show(id, true);
        close();
        if (isMore) view.actions.inspect(id);
        view.root
          .querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)
          ?.focus({ preventScroll: true });
      }}
      onClose={close}
      nothing="No node has that."
      hint="Enter goes there · Shift+Enter inspects it"
    />
  );
}

/** L: every link that could begin or end at the node. */
function LinkPicker({ from }: { from: string }) {
  const { actions } = useView();
  const nodes = useKernel((state) => state.nodes);
  const links = useKernel((state) => state.links);
  const all = useMemo(() => joinable(from, nodes, links), [from, nodes, links]);
  const close = useClose();
  const node = nodes[from];
  if (!node) return null;
  return (
    <Picker
      label={`Link ${nodeTitle(node)}`}
      placeholder={`Link ${nodeTitle(node)} with…`}
      find={(query) =>
        findJoinable(all, query).map(({ link, label, note }) => ({
          id: linkKey(link),
          label,
          note,
        }))
      }
      onChoose={(id) => {
        const found = all.find(({ link }) => linkKey(link) === id);
        close();
        if (found) actions.edit([{ edit: "add_link", ...found.link }]);
      }}
      onClose={close}
      nothing="Nothing else fits."
    />
  );
}
