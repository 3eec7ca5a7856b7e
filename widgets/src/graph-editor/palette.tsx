/** The blocks, by family, with a search box: click adds one, dragging puts it on a spot. */

import { useStore as useFlow, useReactFlow } from "@xyflow/react";
import { useMemo, useState } from "react";
import { familyOf } from "../graph/families";
import type { WireBlock } from "../protocol/messages";
import { Icon } from "../ui/icon";
import { BlockItem } from "./block-item";
import { BlockSearch, optionId, useBlockSearch } from "./block-search";
import type { FlowLink, FlowNode } from "./flow";
import { bringNewIntoSight, inSight } from "./sight";
import { useKernel, useReadOnly, useView } from "./view";

export function Palette() {
  const view = useView();
  const { actions } = view;
  const flow = useReactFlow<FlowNode, FlowLink>();
  const canvas = useFlow((state) => state.domNode);
  const blocks = useKernel((state) => state.blocks);
  const isReadOnly = useReadOnly();
  const search = useBlockSearch(blocks);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [pointed, setPointed] = useState<WireBlock | null>(null);
  const isSearching = search.query.trim() !== "";
  const families = useMemo(() => byFamily(search.found), [search.found]);
  const shown = isSearching
    ? search.found
    : families.flatMap(([name, members]) => (closed.has(name) ? [] : members));

  const add = async (block: string) => {
    const box = canvas?.getBoundingClientRect();
    if (!box || isReadOnly) return;
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const { left, top, right, bottom } = inSight(view.root);
    const from = flow.screenToFlowPosition({ x: left, y: top });
    const to = flow.screenToFlowPosition({ x: right, y: bottom });
    const seen = { left: from.x, top: from.y, right: to.x, bottom: to.y };
    const spot = flow.screenToFlowPosition(middle);
    const id = await actions.add(block, spot, false, seen);
    if (id) bringNewIntoSight(view, id);
  };
  const toggle = (name: string) => {
    const next = new Set(closed);
    if (!next.delete(name)) next.add(name);
    setClosed(next);
  };
  const item = (block: WireBlock) => (
    <BlockItem
      key={block.id}
      block={block}
      id={optionId(search.listId, block.id)}
      isActive={shown[search.active] === block}
      isDisabled={isReadOnly}
      hasFamily={isSearching}
      onAdd={add}
      onPoint={setPointed}
    />
  );

  return (
    <aside className="ab-palette" aria-label="Blocks">
      <BlockSearch search={search} shown={shown} label="Search blocks" onAdd={add} />
      <div className="ab-blocks" role="listbox" aria-label="Blocks" id={search.listId}>
        {isSearching && shown.map(item)}
        {!isSearching &&
          families.map(([name, members]) => (
            // biome-ignore lint/a11y/useSemanticElements: a group of options, not of fields
            <div key={name} role="group" aria-label={familyOf(name).title}>
              <button
                type="button"
                className="ab-family"
                aria-expanded={!closed.has(name)}
                onClick={() => toggle(name)}
              >
                <Icon name={closed.has(name) ? "right" : "down"} size={12} />
                {familyOf(name).title}
                <span className="ab-family-count">{members.length}</span>
              </button>
              {!closed.has(name) && members.map(item)}
            </div>
          ))}
        {shown.length === 0 && isSearching && (
          <p className="ab-nothing">No block matches “{search.query}”.</p>
        )}
      </div>
      <About block={pointed ?? shown[search.active]} />
    </aside>
  );
}

/** What the pointed block does; as tall without one, so that the list stays in place. */
function About({ block }: { block: WireBlock | undefined }) {
  const effect = block && EFFECTS[block.effects];
  return (
    <div className="ab-about" aria-hidden={!block}>
      <p>{block ? block.help || block.title : "Click or drag a block to add it."}</p>
      {block && <code>{block.id}</code>}
      {effect && <span className="ab-effect">{effect}</span>}
    </div>
  );
}

const EFFECTS: Partial<Record<WireBlock["effects"], string>> = {
  writes: "changes things here",
  sends: "sends something out",
};

function byFamily(blocks: readonly WireBlock[]): [string, WireBlock[]][] {
  const families = new Map<string, WireBlock[]>();
  for (const block of blocks) {
    families.set(block.family, [...(families.get(block.family) ?? []), block]);
  }
  const title = ([name]: [string, WireBlock[]]) => familyOf(name).title;
  return [...families].sort((a, b) => title(a).localeCompare(title(b)));
}
