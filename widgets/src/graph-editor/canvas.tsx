/** The canvas: nodes, links, and what the pointer does to them. */

import {
  Background,
  BackgroundVariant,
  ConnectionLineType,
  type OnConnectEnd,
  ReactFlow,
  SelectionMode,
  useStore as useFlow,
  useReactFlow,
} from "@xyflow/react";
import {
  type CSSProperties,
  type DragEvent,
  type MouseEvent,
  useEffect,
  useRef,
  useState,
} from "react";
import { typeColour } from "../graph/types";
import { BLOCK_DRAG } from "./block-item";
import { BlockNode } from "./block-node";
import { useCanvasChanges } from "./canvas-changes";
import { CanvasControls } from "./canvas-controls";
import { EmptyHint } from "./empty-hint";
import { FAR, fitting, TIGHT } from "./fit";
import type { FlowLink, FlowNode } from "./flow";
import { FrameNode } from "./frame-node";
import { join, linkBelow, linkUnder, settle } from "./gestures";
import { GraphMap } from "./graph-map";
import { CROWD } from "./guess";
import { LinkLine } from "./link-line";
import { openCanvasMenu, openLinkMenu, openNodeMenu, placeInside } from "./menus";
import { NoteNode } from "./note-node";
import { FarLinks, useMoving, useNewSight } from "./overview";
import { followPointer } from "./pointer";
import { useSamePart } from "./same-part";
import { SelectionBar } from "./selection-bar";
import { useLocal, useReadOnly, useView } from "./view";

const NODE_TYPES = { block: BlockNode, note: NoteNode, frame: FrameNode };
const LINK_TYPES = { link: LinkLine };
const LIBRARY = { hideAttribution: false };
const NO_LINKS: FlowLink[] = [];
const OWN = "input, textarea, select, button, label";
const SNAP: [number, number] = [20, 20];
/** The titles of nodes that are far away are this large on the screen. */
const FAR_SIZE = 11.5;
/** What came out of a node is at the most so high; its text is smaller: see `far.css`. */
const PREVIEW = 82;

export function Canvas({ isDark }: { isDark: boolean }) {
  const view = useView();
  const { actions, local } = view;
  const flow = useReactFlow<FlowNode, FlowLink>();
  const isReadOnly = useReadOnly();
  const isMaximised = useLocal((state) => state.isMaximised);
  const drawing = useLocal((state) => state.drawing);
  const nodes = useLocal((state) => state.nodes);
  const links = useLocal((state) => state.links);
  const farZoom = useFlow(({ transform: [, , zoom] }) => farZoomOf(zoom));
  const sight = useNewSight();
  const moving = useMoving();
  // An empty canvas keeps its place when the first node comes.
  const [isFitted] = useState(() => nodes.length > 0);
  const [firstFit] = useState(() =>
    fitting(view.session.kernel.getState().run !== null),
  );
  const changes = useCanvasChanges();
  const isSelecting = useLocal((state) => state.isSelecting);
  const isSnapping = useLocal((state) => state.isSnapping);
  const canvas = useRef<HTMLDivElement>(null);
  useEffect(() => {
    view.flow = flow;
    return canvas.current ? followPointer(view, canvas.current) : undefined;
  }, [view, flow]);
  useSamePart();

  const onDrop = (event: DragEvent) => {
    const block = event.dataTransfer.getData(BLOCK_DRAG);
    if (!block) return;
    event.preventDefault();
    const spot = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const link = linkUnder(event);
    local.setState({ overLink: null });
    const corner = { x: spot.x - 60, y: spot.y - 20 };
    const wire = link && actions.link(link);
    if (wire) view.rearranging.insert(wire, block, corner, changes.pointer.current);
    else actions.add(block, corner, true);
  };
  const onDragOver = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes(BLOCK_DRAG)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    const overLink = linkUnder(event);
    if (overLink !== local.getState().overLink) local.setState({ overLink });
  };
  const quickAdd = (event: MouseEvent | globalThis.MouseEvent, from = drawing) => {
    if (isReadOnly) return;
    const spot = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const place = { ...event, currentTarget: event.target as Element };
    const { clientX, clientY } = event;
    const at = placeInside({ ...place, clientX, clientY });
    local.setState({ quickAdd: { at, spot, from: from ?? undefined } });
  };
  const onConnectEnd: OnConnectEnd = (event, state) => {
    const from = drawing;
    local.setState({ drawing: null });
    if (!from || state.toHandle || !("clientX" in event)) return;
    const target = event.target as Element;
    const node = target.closest<HTMLElement>(".react-flow__node")?.dataset.id;
    const place = { clientX: event.clientX, clientY: event.clientY };
    if (node)
      actions.linkTo(node, from, placeInside({ ...place, currentTarget: target }));
    else if (target.closest(".react-flow__pane")) quickAdd(event, from);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys reach all of it too: "/" and Enter
    <div
      ref={canvas}
      className={classesAt(farZoom)}
      style={farZoom ? farStyle(farZoom) : undefined}
      data-drawing={drawing ? drawing.side : undefined}
      onDrop={onDrop}
      onDragOver={onDragOver}
      onDoubleClick={(event) => {
        const isPane = (event.target as Element).matches(".react-flow__pane");
        if (isPane) quickAdd(event);
      }}
    >
      <ReactFlow<FlowNode, FlowLink>
        nodes={nodes}
        edges={sight ? NO_LINKS : links}
        {...moving}
        nodeTypes={NODE_TYPES}
        edgeTypes={LINK_TYPES}
        colorMode={isDark ? "dark" : "light"}
        proOptions={LIBRARY}
        fitView={isFitted}
        fitViewOptions={firstFit}
        minZoom={0.05}
        maxZoom={2}
        onlyRenderVisibleElements={nodes.length >= CROWD && sight !== "farthest"}
        nodesDraggable={!isReadOnly}
        nodesConnectable={!isReadOnly}
        deleteKeyCode={null}
        panActivationKeyCode={null}
        zoomOnDoubleClick={false}
        zoomOnScroll={isMaximised}
        preventScrolling={isMaximised}
        selectionMode={SelectionMode.Partial}
        selectionOnDrag={isSelecting}
        panOnDrag={isSelecting ? [1, 2] : true}
        snapToGrid={isSnapping}
        snapGrid={SNAP}
        connectionRadius={26}
        connectionLineType={ConnectionLineType.Bezier}
        connectionLineStyle={{
          stroke: drawing
            ? typeColour(actions.port(drawing)?.types ?? [], drawing.port)
            : undefined,
          strokeWidth: 2,
        }}
        onNodesChange={changes.onNodes}
        onEdgesChange={changes.onLinks}
        onConnectStart={(_, { nodeId, handleId, handleType }) => {
          const side = handleType === "source" ? "output" : "input";
          if (!nodeId || !handleId) return;
          local.setState({ drawing: { node: nodeId, port: handleId, side } });
        }}
        onConnectEnd={onConnectEnd}
        onConnect={(connection) => join(view, connection, changes.pointer.current)}
        onNodeClick={(event, node) => {
          // A field or a button of a node is for itself.
          if ((event.target as Element).closest(OWN)) return;
          const isMore = event.shiftKey || event.ctrlKey || event.metaKey;
          actions.inspect(isMore ? null : node.id);
        }}
        onNodeDrag={(_, node, dragged) => {
          const overLink = dragged.length === 1 ? linkBelow(view, node) : null;
          if (overLink !== local.getState().overLink) local.setState({ overLink });
        }}
        onNodeDragStop={(_, __, moved) => settle(view, moved)}
        onSelectionDragStop={(_, moved) => settle(view, moved)}
        onPaneClick={() => actions.inspect(null)}
        onPaneContextMenu={(event) => {
          const { clientX, clientY } = event as MouseEvent;
          const currentTarget = event.target as Element;
          openCanvasMenu(view, { clientX, clientY, currentTarget });
        }}
        onNodeContextMenu={(event, node) => {
          const wire = view.session.kernel.getState().nodes[node.id];
          if (wire) openNodeMenu(view, wire, event);
        }}
        onEdgeContextMenu={(event, link) => {
          const wire = actions.link(link.id);
          const currentTarget = event.target;
          if (wire) openLinkMenu(view, wire, { ...pick(event), currentTarget });
        }}
      >
        {!sight && <Background variant={BackgroundVariant.Dots} gap={20} size={1.5} />}
        <GraphMap />
        {sight && <FarLinks />}
      </ReactFlow>
      <CanvasControls />
      <SelectionBar />
      {nodes.length === 0 && <EmptyHint />}
    </div>
  );
}

/** The zoom in steps while it is far, so that not every step of a zoom draws anew. */
const farZoomOf = (zoom: number) =>
  zoom < FAR ? Math.max(0.15, Math.round(zoom * 20) / 20) : 0;

const classesAt = (farZoom: number) =>
  `ab-canvas${farZoom ? " ab-far" : ""}${farZoom && farZoom < TIGHT ? " ab-tight" : ""}`;

function farStyle(zoom: number): CSSProperties {
  const size = Math.min(46, FAR_SIZE / zoom);
  const lines = Math.max(1, Math.floor(PREVIEW / (size * 0.78 * 1.35)));
  return {
    "--ab-far": size,
    "--ab-far-size": `${size}px`,
    "--ab-far-lines": lines,
  } as CSSProperties;
}

const pick = ({ clientX, clientY }: MouseEvent) => ({ clientX, clientY });
