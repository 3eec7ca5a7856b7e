/**
 * A large graph from far away: every node a plate with its title, every link a line of one
 * drawing. What could not be read or hit at that size is not in the page.
 */

import {
  useStore as useFlow,
  useUpdateNodeInternals,
  ViewportPortal,
} from "@xyflow/react";
import { type CSSProperties, useEffect, useLayoutEffect, useMemo } from "react";
import { familyOf, familyOfBlock } from "../graph/families";
import { MODE_ICONS, modeOf } from "../graph/modes";
import { nodeTitle } from "../graph/names";
import { NODE_WIDTH } from "../graph/place";
import { typeColour } from "../graph/types";
import type { WireNode } from "../protocol/messages";
import { Icon } from "../ui/icon";
import { StatusIcon } from "../ui/status";
import { FarTitle } from "./far-title";
import { CROWD, guessed, withoutGuess } from "./guess";
import type { Sight } from "./local-state";
import { useKernel, useLocal, useView } from "./view";

/** Below this zoom a large graph is drawn as an overview. */
const FAR = 0.36;
/** Below this one its titles could not be read. */
const FARTHEST = 0.16;

/** How the canvas is drawn. Nodes ask the view, which hears of no step of a movement. */
export const useSight = (): Sight => useLocal((state) => state.sight);

/** Works out how the canvas is to be drawn, and tells the view. */
export function useNewSight(): Sight {
  const { local } = useView();
  const isCrowd = useLocal(({ nodes }) => nodes.length >= CROWD);
  const sight = useFlow(({ transform: [, , zoom] }) => {
    if (!isCrowd || zoom >= FAR) return "";
    return zoom < FARTHEST ? "farthest" : "far";
  });
  useLayoutEffect(() => {
    local.setState({ sight });
  }, [local, sight]);
  return sight;
}

/** Marks the canvas while it is moved: see `overview.css`. */
export function useMoving() {
  const { root } = useView();
  return useMemo(() => {
    const canvas = () => root.querySelector<HTMLElement>(".ab-canvas");
    return {
      onMoveStart: () => canvas()?.setAttribute("data-moving", ""),
      onMoveEnd: () => canvas()?.removeAttribute("data-moving"),
    };
  }, [root]);
}

/**
 * A node as a plate of the size that it has in full. It is put in its place here, by `left` and
 * `top`: React Flow's own way, a transform for each node, makes each of them a layer of its
 * own to be sorted at every step of a movement, and that was most of what panning cost.
 */
export function Plate({ node, x, y }: { node: WireNode; x: number; y: number }) {
  const sight = useSight();
  const status = useKernel((state) => state.states[node.id]?.status);
  const size = useLocal(({ nodes }) => indexOf(nodes).get(node.id)?.measured);
  const family = familyOf(familyOfBlock(node.block), node.role);
  const mode = modeOf(node);
  const mark = node.problem ? "unplugged" : mode && MODE_ICONS[mode];
  const { width, height } = size ?? guessed(node).measured;
  return (
    <div
      className="ab-node ab-plate ab-drag"
      data-run={status}
      data-mode={mode || undefined}
      style={
        {
          width,
          height,
          left: x,
          top: y,
          "--ab-family": family.accent,
        } as CSSProperties
      }
    >
      {sight === "far" && (
        <>
          <FarTitle title={nodeTitle(node)} />
          <span className="ab-far-marks">
            {mark && <Icon name={mark} />}
            {status && <StatusIcon status={status} />}
          </span>
        </>
      )}
    </div>
  );
}

/** Has a node measured once it is drawn in full, so that the guess counts no longer. */
export function useMeasured(id: string): void {
  const read = useUpdateNodeInternals();
  const { local } = useView();
  useEffect(() => {
    // Also when it was measured before: as a plate it had no handles.
    if (local.getState().nodes.length < CROWD) return;
    const waiting = toMeasure.get(local) ?? new Set();
    toMeasure.set(local, waiting.add(id));
    if (waiting.size > 1) return;
    queueMicrotask(() => {
      const ids = new Set(waiting);
      waiting.clear();
      local.setState(({ nodes }) => ({
        nodes: nodes.map((it) => (ids.has(it.id) ? withoutGuess(it) : it)),
      }));
      read([...ids]);
    });
  }, [id, local, read]);
}
/** By view, the nodes that have just been drawn in full: they are measured together. */
const toMeasure = new WeakMap<object, Set<string>>();

/** Every link, as one path for each colour, from the middle of a node to the next. */
export function FarLinks() {
  const nodes = useLocal((state) => state.nodes);
  const links = useLocal((state) => state.links);
  const paths = useMemo(() => {
    const known = indexOf(nodes);
    const drawn = new Map<string, string>();
    for (const { source, target, data } of links) {
      const [from, to] = [known.get(source), known.get(target)];
      if (!from || !to || !data) continue;
      const colour = typeColour(data.link.types, data.link.output);
      const [x1, y1] = [
        from.position.x + (from.measured?.width ?? NODE_WIDTH),
        middleOf(from),
      ];
      const [x2, y2] = [to.position.x, middleOf(to)];
      const bend = Math.max(30, Math.abs(x2 - x1) / 2);
      const line = `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
      drawn.set(colour, (drawn.get(colour) ?? "") + line);
    }
    return [...drawn];
  }, [nodes, links]);
  return (
    <ViewportPortal>
      <svg className="ab-far-links" aria-hidden>
        {paths.map(([colour, path]) => (
          <path key={colour} d={path} stroke={colour} />
        ))}
      </svg>
    </ViewportPortal>
  );
}

interface Drawn {
  id: string;
  position: { x: number; y: number };
  measured?: { width?: number; height?: number };
  handles?: unknown;
}

const middleOf = ({ position, measured }: Drawn) =>
  position.y + (measured?.height ?? 100) / 2;

const indexes = new WeakMap<readonly Drawn[], Map<string, Drawn>>();

/** Nodes by id, worked out once for each list of them. */
function indexOf(nodes: readonly Drawn[]): Map<string, Drawn> {
  const index = indexes.get(nodes) ?? new Map(nodes.map((node) => [node.id, node]));
  indexes.set(nodes, index);
  return index;
}
