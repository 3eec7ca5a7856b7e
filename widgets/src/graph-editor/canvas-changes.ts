/** React Flow's changes into this view's state, and the kernel's into React Flow. */

import {
  applyEdgeChanges,
  applyNodeChanges,
  type EdgeChange,
  type NodeChange,
} from "@xyflow/react";
import { useCallback, useEffect, useRef } from "react";
import {
  type FlowLink,
  type FlowNode,
  flowLinks,
  flowNodes,
  movedByKeys,
} from "./flow";
import { foldedInto, foldLinks, foldNodes } from "./folding";
import { Carrying } from "./frames";
import { useView, type View } from "./view";

/** How long arrow keys rest before the move is sent. */
const REST = 200;

export function useCanvasChanges() {
  const { local, actions } = useView();
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const moved = useRef(new Set<string>());
  const carrying = useRef(new Carrying());

  const onNodes = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      const all = carrying.current.with(changes, local.getState().nodes);
      local.setState(({ nodes }) => ({ nodes: applyNodeChanges(all, nodes) }));
      for (const id of movedByKeys(all)) moved.current.add(id);
      if (moved.current.size === 0) return;
      clearTimeout(rest.current);
      rest.current = setTimeout(() => {
        actions.settle([...moved.current]);
        moved.current.clear();
      }, REST);
    },
    [local, actions],
  );
  const onLinks = useCallback(
    (changes: EdgeChange<FlowLink>[]) =>
      local.setState(({ links }) => ({ links: applyEdgeChanges(changes, links) })),
    [local],
  );
  useEffect(() => () => clearTimeout(rest.current), []);
  return { onNodes, onLinks, pointer: usePointer() };
}

/** Draws what the kernel knows, from now on until the clean-up is called. */
export function followKernel({ session, local }: View): () => void {
  const draw = () => {
    const { nodes, links } = session.kernel.getState();
    const into = foldedInto(nodes);
    local.setState((state) => ({
      nodes: foldNodes(flowNodes(nodes, state.nodes), into),
      links: foldLinks(flowLinks(links, state.links, nodes), into),
    }));
    const { inspected } = local.getState();
    if (inspected && !(inspected in nodes)) local.setState({ inspected: null });
  };
  draw();
  return session.kernel.subscribe((now, before) => {
    if (now.nodes !== before.nodes || now.links !== before.links) draw();
  });
}

/** Where the pointer was last, in pixels inside the widget: a refusal is shown there. */
function usePointer() {
  const { root } = useView();
  const pointer = useRef({ x: 0, y: 0 });
  useEffect(() => {
    const note = (event: PointerEvent) => {
      const box = root.getBoundingClientRect();
      pointer.current = { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    root.addEventListener("pointermove", note, true);
    return () => root.removeEventListener("pointermove", note, true);
  }, [root]);
  return pointer;
}
