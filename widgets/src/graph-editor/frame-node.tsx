/** A frame: an area with a title, on which nodes stand and with which they move. */

import { type NodeProps, NodeResizer } from "@xyflow/react";
import { type CSSProperties, memo } from "react";
import { nodeTitle } from "../graph/names";
import { Icon } from "../ui/icon";
import type { FlowNode } from "./flow";
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
