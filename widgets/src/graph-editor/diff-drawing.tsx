/** Two graphs in one drawing: what is new, what is different, what is gone. */

import type { KeyboardEvent } from "react";
import type { Difference } from "../graph/diff";
import { NODE_WIDTH } from "../graph/place";
import { titleLines } from "../graph/title-lines";
import type { PlainGraph, PlainNode } from "../protocol/messages";
import { FRAME } from "./flow";

const HEIGHT = 64;
const MARGIN = 40;
const PADDING = 14;
/** The size of the letters of a title, and from one line to the next. */
const LETTER = 21;
const LINE = 24;
/** So wide may a line be, in the size of its letters. */
const ROOM = (NODE_WIDTH - 2 * PADDING) / LETTER;

interface Props {
  before: PlainGraph;
  after: PlainGraph;
  found: readonly Difference[];
  /** How nodes differ besides, by what their runs did. */
  marks?: Readonly<Record<string, string>>;
  onChoose?: ((node: string) => void) | undefined;
}

export function DiffDrawing({ before, after, found, marks = {}, onChoose }: Props) {
  const nodes = { ...before.nodes, ...after.nodes };
  const kinds = new Map<string, string>();
  for (const { kind, node, what } of found) {
    if (["linked", "unlinked"].includes(kind)) kinds.set(what, kind);
    else if (kind !== "moved" || !kinds.has(node)) kinds.set(node, kind);
  }
  const links = new Map(
    [...before.links, ...after.links].map((link) => [
      `${link.source}.${link.output} → ${link.target}.${link.input}`,
      link,
    ]),
  );
  const boxes = Object.values(nodes).map(boxOf);
  if (boxes.length === 0) return null;
  const [left, top] = [
    Math.min(...boxes.map(({ x }) => x)),
    Math.min(...boxes.map(({ y }) => y)),
  ];
  const width = Math.max(...boxes.map((it) => it.x + it.width)) - left;
  const height = Math.max(...boxes.map((it) => it.y + it.height)) - top;
  const box = [
    left - MARGIN,
    top - MARGIN,
    width + 2 * MARGIN,
    height + 2 * MARGIN,
  ].join(" ");
  return (
    <svg className="ab-diff" viewBox={box} role="img" aria-label="What differs">
      {[...links].map(([key, { source, target }]) => {
        const [from, to] = [nodes[source], nodes[target]];
        if (!from || !to) return null;
        const [x1, y1] = placeOf(from);
        const [x2, y2] = placeOf(to);
        const [start, y, end, z] = [
          x1 + NODE_WIDTH,
          y1 + HEIGHT / 2,
          x2,
          y2 + HEIGHT / 2,
        ];
        const bend = Math.max(40, Math.abs(end - start) / 2);
        const line = `M${start} ${y}C${start + bend} ${y} ${end - bend} ${z} ${end} ${z}`;
        return <path key={key} d={line} data-kind={kinds.get(key)} />;
      })}
      {[...Object.entries(nodes)].sort(framesFirst).map(([id, node]) => {
        const { x, y, width, height } = boxOf(node);
        const isFrame = node.block === FRAME;
        return (
          <g
            key={id}
            transform={`translate(${x} ${y})`}
            data-kind={kinds.get(id)}
            data-mark={marks[id]}
            data-frame={isFrame || undefined}
            {...(onChoose && handles(() => onChoose(id), nameOf(id, node)))}
          >
            <rect width={width} height={height} rx={10} />
            <Title lines={titleLines(nameOf(id, node), ROOM, isFrame ? 1 : 2)} />
          </g>
        );
      })}
    </svg>
  );
}

function Title({ lines }: { lines: readonly string[] }) {
  const first = HEIGHT / 2 + 0.35 * LETTER - (LINE / 2) * (lines.length - 1);
  return (
    <text fontSize={LETTER}>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name, and no state
        <tspan key={index} x={PADDING} y={first + LINE * index}>
          {line}
        </tspan>
      ))}
    </text>
  );
}

/** What makes a node of the drawing one that can be pressed, by pointer and keys. */
const handles = (choose: () => void, label: string) => ({
  role: "button",
  tabIndex: 0,
  "aria-label": label,
  onClick: choose,
  onKeyDown: (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    choose();
  },
});

const placeOf = ({ position }: PlainNode): [number, number] =>
  (position as [number, number] | null) ?? [0, 0];

/** Where it stands; a frame is as large as it is, a node as it is drawn here. */
function boxOf(node: PlainNode): Box {
  const [x, y] = placeOf(node);
  const { width, height } = node.constants;
  if (node.block !== FRAME) return { x, y, width: NODE_WIDTH, height: HEIGHT };
  return { x, y, width: sized(width, 480), height: sized(height, 280) };
}

type Box = { x: number; y: number; width: number; height: number };

const sized = (value: unknown, usual: number) =>
  typeof value === "number" && value > 0 ? value : usual;

/** What stands on a frame is drawn over it. */
const framesFirst = ([, a]: [string, PlainNode], [, b]: [string, PlainNode]) =>
  Number(b.block === FRAME) - Number(a.block === FRAME);

/** Its own title; inputs and outputs of the agent by name. */
const nameOf = (id: string, { title, block, constants }: PlainNode): string => {
  if (!title && block === "values.note" && typeof constants.text === "string")
    return constants.text.trim().split("\n", 1)[0] || id;
  const isEnd = /^agent\.(input|output)$/.test(block) || block.startsWith("input.");
  const name = isEnd && constants.name;
  return title || (typeof name === "string" && name) || id;
};
