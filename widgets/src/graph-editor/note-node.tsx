/** A note: a sticky card with text that can be written on the spot. */

import type { NodeProps } from "@xyflow/react";
import { type CSSProperties, memo, useEffect, useState } from "react";
import { Icon } from "../ui/icon";
import type { FlowNode } from "./flow";
import { openNodeMenu } from "./menus";
import { useSight } from "./overview";
import { useKernel, useReadOnly, useView } from "./view";

export const NoteNode = memo(function NoteNode({
  id,
  selected,
  height,
}: NodeProps<FlowNode>) {
  const view = useView();
  const node = useKernel((state) => state.nodes[id]);
  const isReadOnly = useReadOnly();
  const sight = useSight();
  const port = node?.inputs[0]?.name ?? "text";
  const told = String(node?.constants[port] ?? node?.inputs[0]?.default ?? "");
  const [text, setText] = useState(told);
  useEffect(() => setText(told), [told]);
  if (!node) return null;
  const write = (value: string) => {
    setText(value);
    view.actions.edit([{ edit: "set_constant", id, port, value }]);
  };
  return (
    <div
      className={`ab-note${selected ? " ab-selected" : ""}`}
      data-colour={node.colour || undefined}
      style={
        {
          "--ab-family": `var(--ab-family-${node.colour})`,
          "--ab-note-height": height,
        } as CSSProperties
      }
    >
      <header className="ab-note-head ab-drag">
        <Icon name="note" size={13} />
        <span className="ab-node-title">{node.own_title || "Note"}</span>
        <button
          type="button"
          className="ab-node-menu nodrag"
          aria-label={`Menu of ${node.title}`}
          onClick={(event) => {
            event.stopPropagation();
            openNodeMenu(view, node, event);
          }}
        >
          <Icon name="more" />
        </button>
      </header>
      <textarea
        className="ab-note-text nodrag nowheel nokey"
        aria-label="Text of the note"
        placeholder="Write a note…"
        value={text}
        readOnly={isReadOnly}
        rows={Math.min(14, Math.max(2, text.split("\n").length))}
        onChange={(event) => write(event.target.value)}
      />
      {sight !== "farthest" && (
        <p className="ab-note-far ab-drag" aria-hidden>
          <span>
            {node.own_title && <strong>{node.own_title}</strong>}
            {text.trim().replaceAll(/\s*\n\s*/g, "\n")}
          </span>
        </p>
      )}
    </div>
  );
});
