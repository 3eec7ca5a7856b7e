/** A search over blocks at the pointer: after a double-click, or a link let go in the open. */

import { useMemo } from "react";
import type { Box } from "../graph/place";
import { whyNotLink } from "../graph/types";
import type { WireBlock, WireLink, WirePort } from "../protocol/messages";
import { BlockItem } from "./block-item";
import { BlockSearch, optionId, useBlockSearch } from "./block-search";
import { boxesOf, type PortEnd } from "./flow";
import type { QuickAdd as Wanted } from "./local-state";
import { bringNewIntoSight } from "./sight";
import { takeFocus, useKernel, useLocal, useView } from "./view";

const MOST = 40;
const WIDTH = 264;
const HEIGHT = 300;

export function QuickAdd() {
  const wanted = useLocal((state) => state.quickAdd);
  return wanted && <Panel wanted={wanted} />;
}

function Panel({ wanted }: { wanted: Wanted }) {
  const view = useView();
  const { actions, local, root } = view;
  const { from, at, spot, into } = wanted;
  const { rearranging } = view;
  const all = useKernel((state) => state.blocks);
  const blocks = useMemo(
    () =>
      all.filter((block) =>
        endsOf(from, into).every((end) => {
          const port = actions.port(end);
          return !port || fits(block, port, end.side);
        }),
      ),
    [all, from, into, actions],
  );
  const search = useBlockSearch(blocks);
  const shown = search.found.slice(0, MOST);
  const close = () => {
    local.setState({ quickAdd: null });
    takeFocus(view);
  };
  const add = async (block: string) => {
    close();
    const id = await added(block);
    if (id) bringNewIntoSight(view, id);
  };
  const added = async (block: string) => {
    const left = { x: from?.side === "input" ? spot.x - 260 : spot.x, y: spot.y - 24 };
    if (into) {
      rearranging.insert(into, block, left, at);
      return undefined;
    }
    if (from) {
      const id = await actions.add(block, left, true);
      if (id) await actions.linkTo(id, from, at);
      return id;
    }
    // By the key the pointer may stand over a node, as over the one that was just added.
    const isOver = boxesOf(local.getState().nodes).some((box) => isIn(spot, box));
    const corner = { x: spot.x - 20, y: spot.y - 20 };
    return actions.add(block, isOver ? spot : corner, !isOver);
  };
  return (
    <>
      <div className="ab-menu-veil" onPointerDown={close} aria-hidden />
      <div
        className="ab-quick"
        role="dialog"
        aria-label="Add a block"
        style={{
          left: Math.max(8, Math.min(at.x, root.clientWidth - WIDTH - 8)),
          top: Math.max(8, Math.min(at.y, root.clientHeight - HEIGHT - 8)),
        }}
      >
        <BlockSearch
          search={search}
          shown={shown}
          label={from || into ? "Add a block that fits" : "Add a block"}
          isAutoFocused
          onAdd={add}
          onEscape={close}
        />
        <div
          className="ab-blocks"
          role="listbox"
          aria-label="Blocks"
          id={search.listId}
        >
          {shown.map((block, index) => (
            <BlockItem
              key={block.id}
              block={block}
              id={optionId(search.listId, block.id)}
              isActive={index === search.active}
              hasFamily
              onAdd={add}
            />
          ))}
          {shown.length === 0 && <p className="ab-nothing">No block fits.</p>}
        </div>
      </div>
    </>
  );
}

/** The ports that a block must fit: where a link was begun, or both ends of one. */
function endsOf(from?: PortEnd, into?: WireLink): PortEnd[] {
  if (!into) return from ? [from] : [];
  return [
    { node: into.source, port: into.output, side: "output" },
    { node: into.target, port: into.input, side: "input" },
  ];
}

/** Whether a node of the block has a port that the other end of the link may take. */
function fits(block: WireBlock, port: WirePort, side: PortEnd["side"]): boolean {
  const isBackwards = block.role === (side === "output" ? "input" : "output");
  if (block.role === "note" || isBackwards) return false;
  const types = side === "output" ? block.input_types : block.output_types;
  return types.some((type) => {
    const other = { name: "", types: [type], type_name: type };
    const [source, target] = side === "output" ? [port, other] : [other, port];
    return whyNotLink(source, target) === null;
  });
}

const isIn = ({ x, y }: Wanted["spot"], box: Box): boolean =>
  x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
