/** One block in a list: click adds it, dragging puts it on a spot. */

import type { CSSProperties } from "react";
import { familyOf } from "../graph/families";
import type { WireBlock } from "../protocol/messages";
import { Icon } from "../ui/icon";

/** What a dragged block is called on its way to the canvas. */
export const BLOCK_DRAG = "application/x-agentbench-block";

interface Props {
  block: WireBlock;
  id: string;
  isActive: boolean;
  isDisabled?: boolean;
  /** Shows the family after the title: where items of many families are mixed. */
  hasFamily?: boolean;
  onAdd(block: string): void;
  onPoint?(block: WireBlock | null): void;
}

export function BlockItem(props: Props) {
  const { block, id, isActive, isDisabled, hasFamily, onAdd, onPoint } = props;
  const family = familyOf(block.family, block.role);
  return (
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      aria-disabled={isDisabled || undefined}
      tabIndex={-1}
      className={`ab-block${isActive ? " ab-active" : ""}`}
      style={{ "--ab-family": family.accent } as CSSProperties}
      title={block.help || undefined}
      draggable={!isDisabled}
      onDragStart={(event) => {
        event.dataTransfer.setData(BLOCK_DRAG, block.id);
        event.dataTransfer.effectAllowed = "copy";
      }}
      onClick={() => !isDisabled && onAdd(block.id)}
      onKeyDown={(event) => event.key === "Enter" && !isDisabled && onAdd(block.id)}
      onPointerEnter={() => onPoint?.(block)}
      onPointerLeave={() => onPoint?.(null)}
    >
      <span className="ab-family-icon">
        <Icon name={family.icon} size={13} />
      </span>
      <span className="ab-block-title">{block.title}</span>
      {hasFamily && <span className="ab-block-family">{family.title}</span>}
    </div>
  );
}
