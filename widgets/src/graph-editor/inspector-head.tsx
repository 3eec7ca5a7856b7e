/** The top of the inspector: the node's title, its block, and what the block does. */

import { X } from "lucide-react";
import { useState } from "react";
import { useDraft } from "../forms/draft";
import { onLineKey } from "../forms/text";
import { asText, readText } from "../forms/values";
import type { Edit, NodeState, WireNode } from "../protocol/messages";
import { Status } from "./inspector-parts";
import { inTwo } from "./inspector-words";

interface HeadProps {
  node: WireNode;
  state: NodeState | undefined;
  readOnly: boolean;
  edit(edits: Edit[]): void;
  onClose(): void;
}

export function Head({ node, state, readOnly, edit, onClose }: HeadProps) {
  return (
    <header className="ab-inspector-head">
      <div className="ab-inspector-title-line">
        <Title node={node} readOnly={readOnly} edit={edit} />
        <button
          type="button"
          className="ab-mini ab-inspector-close"
          title="Close"
          aria-label="Close the inspector"
          onClick={onClose}
        >
          <X size={15} aria-hidden />
        </button>
      </div>
      <div className="ab-inspector-block-line">
        <code className="ab-inspector-block">{node.block}</code>
        {state && <Status status={state.status} reason={state.reason} />}
      </div>
      <Help text={node.help} />
    </header>
  );
}

function Title({
  node,
  readOnly,
  edit,
}: Pick<HeadProps, "node" | "readOnly" | "edit">) {
  const set = (title: string) => edit([{ edit: "set_title", id: node.id, title }]);
  const draft = useDraft({
    value: node.own_title,
    isSet: node.own_title !== "",
    show: asText,
    read: (text) => readText(text.trim() && text),
    commit: (title) => set(asText(title).trim()),
    clear: () => set(""),
  });
  return (
    <input
      className="ab-inspector-title"
      value={draft.text}
      placeholder={node.title}
      aria-label="Title"
      title={readOnly ? undefined : "Give it a title of your own"}
      disabled={readOnly}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => draft.type(event.target.value)}
      onBlur={draft.leave}
      onKeyDown={(event) => {
        onLineKey(event, draft);
        if (event.key === "Enter") event.currentTarget.blur();
      }}
    />
  );
}

function Help({ text }: { text: string }) {
  const [isWhole, setWhole] = useState(false);
  const [first, rest] = inTwo(text);
  if (first === "") return null;
  return (
    <div className="ab-inspector-help">
      {first}
      {rest !== "" && (
        <>
          {isWhole && <div className="ab-inspector-help-rest">{rest}</div>}{" "}
          <button
            type="button"
            className="ab-text-button"
            onClick={() => setWhole(!isWhole)}
          >
            {isWhole ? "less" : "more"}
          </button>
        </>
      )}
    </div>
  );
}
