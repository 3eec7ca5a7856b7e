/** A frame: an area with a title, on which nodes stand and with which they move. */

import { Handle, type NodeProps, NodeResizer, Position } from "@xyflow/react";
import { type CSSProperties, memo } from "react";
import { nodeTitle } from "../graph/names";
import type { WireNode } from "../protocol/messages";
import { Icon } from "../ui/icon";
import { StatusIcon } from "../ui/status";
import { type FlowNode, foldedIds } from "./flow";
import { FOLD_IN, FOLD_OUT, fold } from "./folding";
import { openNodeMenu } from "./menus";
import { TitleInput } from "./title-input";
import { useKernel, useLocal, useReadOnly, useView } from "./view";

export const FrameNode = memo(function FrameNode({
  id,
  selected,
}: NodeProps<FlowNode>) {
  const view = useView();
  const { actions, local } = view;
  const node = useKernel((state) => state.nodes[id]);
  const isRenaming = useLocal((state) => state.renaming === id);
  const isReadOnly = useReadOnly();
  if (!node) return null;
  if (foldedIds(node).length) return <FoldedFrame node={node} selected={selected} />;
  const colour = node.colour || "slate";
  return (
    <div
      className={`ab-frame${selected ? " ab-selected" : ""}`}
      style={{ "--ab-family": `var(--ab-family-${colour})` } as CSSProperties}
    >
      <NodeResizer
        isVisible={selected && !isReadOnly}
        minWidth={120}
        minHeight={80}
        onResizeEnd={(_, { x, y, width, height }) =>
          actions.edit(
            [
              { edit: "move_node", id, position: [Math.round(x), Math.round(y)] },
              { edit: "set_constant", id, port: "width", value: Math.round(width) },
              { edit: "set_constant", id, port: "height", value: Math.round(height) },
            ],
            undefined,
            { title: "Resize the frame" },
          )
        }
      />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: F2 and the menu rename too */}
      <header
        className="ab-frame-head ab-drag"
        onDoubleClick={() => local.setState({ renaming: id })}
      >
        {isRenaming ? (
          <TitleInput
            label="Title of the frame"
            value={nodeTitle(node)}
            onDone={(title) => actions.rename(id, title)}
          />
        ) : (
          <span className="ab-frame-title">{nodeTitle(node)}</span>
        )}
        {!isReadOnly && (
          <button
            type="button"
            className="ab-node-menu nodrag"
            aria-label={`Fold ${nodeTitle(node)}`}
            title="Fold the frame"
            onClick={(event) => {
              event.stopPropagation();
              fold(view, node);
            }}
          >
            <Icon name="fold" />
          </button>
        )}
        <button
          type="button"
          className="ab-node-menu nodrag"
          aria-label={`Menu of ${nodeTitle(node)}`}
          onClick={(event) => {
            event.stopPropagation();
            openNodeMenu(view, node, event);
          }}
        >
          <Icon name="more" />
        </button>
      </header>
    </div>
  );
});

/** A frame that is folded: its title, what is in it, and how that stands in the run. */
function FoldedFrame({ node, selected }: { node: WireNode; selected: boolean }) {
  const view = useView();
  const { local, actions } = view;
  const isRenaming = useLocal((state) => state.renaming === node.id);
  const isReadOnly = useReadOnly();
  const ids = foldedIds(node);
  const count = useKernel((state) => ids.filter((id) => id in state.nodes).length);
  const status = useKernel(({ states }) =>
    WORST.find((word) => ids.some((id) => states[id]?.status === word)),
  );
  const colour = node.colour || "slate";
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: F2 and the menu rename too
    <div
      className={`ab-frame ab-folded ab-drag${selected ? " ab-selected" : ""}`}
      style={{ "--ab-family": `var(--ab-family-${colour})` } as CSSProperties}
      onDoubleClick={() => local.setState({ renaming: node.id })}
    >
      <Handle
        id={FOLD_IN}
        type="target"
        position={Position.Left}
        isConnectable={false}
      />
      <button
        type="button"
        className="ab-fold nodrag"
        aria-label={`Unfold ${nodeTitle(node)}`}
        title="Unfold the frame"
        disabled={isReadOnly}
        onClick={(event) => {
          event.stopPropagation();
          fold(view, node);
        }}
      >
        <Icon name="unfold" />
      </button>
      <span className="ab-folded-words">
        {isRenaming ? (
          <TitleInput
            label="Title of the frame"
            value={nodeTitle(node)}
            onDone={(title) => actions.rename(node.id, title)}
          />
        ) : (
          <span className="ab-frame-title">{nodeTitle(node)}</span>
        )}
        <span className="ab-folded-count">
          {count === 1 ? "1 node" : `${count} nodes`}
        </span>
      </span>
      {status && <StatusIcon status={status} />}
      <Handle
        id={FOLD_OUT}
        type="source"
        position={Position.Right}
        isConnectable={false}
      />
    </div>
  );
}

/** What a folded frame shows of its nodes: what somebody has to know first. */
const WORST = [
  "failed",
  "waiting",
  "running",
  "stopped",
  "completed",
  "reused",
] as const;
