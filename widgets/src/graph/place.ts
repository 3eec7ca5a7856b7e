/** Where nodes stand: a free spot for a new one, and a tidy order for all. */

export interface Box {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Spot = { x: number; y: number };
export type Area = { left: number; right: number; top: number; bottom: number };
type Joined = { source: string; target: string };

export const NODE_WIDTH = 232;
const NEW_HEIGHT = 140;
const SPACE = 28;
const COLUMN_SPACE = 52;
const STEP_X = (NODE_WIDTH + SPACE) / 5;
const STEP_Y = 36;

/**
 * A free spot near `wish` for a new node: rings of tries around it, each from its right
 * on, because values go from left to right. One that can be seen, if there is any.
 */
export function freeSpot(wish: Spot, boxes: readonly Box[], seen?: Area): Spot {
  const start = { x: wish.x - NODE_WIDTH / 2, y: wish.y - NEW_HEIGHT / 2 };
  let unseen: Spot | undefined;
  for (let ring = 0; ring < 40; ring++) {
    for (const [dx, dy] of ringOf(ring)) {
      const spot = { x: start.x + dx * STEP_X, y: start.y + dy * STEP_Y };
      if (boxes.some((box) => overlaps(spot, box))) continue;
      if (!seen || isInside(spot, seen)) return rounded(spot);
      unseen ??= spot;
    }
  }
  return rounded(unseen ?? start);
}

const isInside = ({ x, y }: Spot, area: Area): boolean =>
  x >= area.left &&
  x + NODE_WIDTH <= area.right &&
  y >= area.top &&
  y + NEW_HEIGHT <= area.bottom;

function ringOf(ring: number): [number, number][] {
  if (ring === 0) return [[0, 0]];
  const steps: [number, number][] = [];
  for (let i = -ring; i <= ring; i++) {
    steps.push([ring, i], [i, ring], [-ring, i], [i, -ring]);
  }
  const fromRight = ([dx, dy]: [number, number]) => Math.hypot(dx - ring, dy);
  return steps.sort((a, b) => fromRight(a) - fromRight(b));
}

function overlaps(spot: Spot, box: Box): boolean {
  return (
    spot.x < box.x + box.width + SPACE &&
    spot.x + NODE_WIDTH + SPACE > box.x &&
    spot.y < box.y + box.height + SPACE &&
    spot.y + NEW_HEIGHT + SPACE > box.y
  );
}

const rounded = ({ x, y }: Spot): Spot => ({ x: Math.round(x), y: Math.round(y) });

/**
 * Places for all boxes: columns from left to right along the links, as they are sized.
 *
 * Inside a column, boxes stand near the middle of what feeds them.
 */
export function arrange(
  boxes: readonly Box[],
  links: readonly Joined[],
): Map<string, Spot> {
  const columns = columnsOf(boxes, links);
  const places = new Map<string, Spot>();
  const middles = new Map<string, number>();
  let x = 0;
  for (const column of columns) {
    const wish = (box: Box) =>
      meanOf(feeds(box.id, links).map((id) => middles.get(id)));
    const order = [...column].sort(
      (a, b) => (wish(a) ?? a.y) - (wish(b) ?? b.y) || a.y - b.y,
    );
    const total = order.reduce((sum, box) => sum + box.height + SPACE, -SPACE);
    let y = (meanOf(order.map(wish)) ?? 0) - total / 2;
    for (const box of order) {
      places.set(box.id, rounded({ x, y }));
      middles.set(box.id, y + box.height / 2);
      y += box.height + SPACE;
    }
    x += Math.max(...column.map((box) => box.width)) + COLUMN_SPACE;
  }
  return places;
}

/** Places for boxes side by side above what is placed, in their order from the left. */
export function rowAbove(
  boxes: readonly Box[],
  placed: ReadonlyMap<string, Spot>,
): Map<string, Spot> {
  const top = Math.min(...[...placed.values()].map(({ y }) => y));
  const places = new Map<string, Spot>();
  let x = 0;
  for (const box of [...boxes].sort((a, b) => a.x - b.x)) {
    const y = Number.isFinite(top) ? top - box.height - SPACE : 0;
    places.set(box.id, rounded({ x, y }));
    x += box.width + SPACE;
  }
  return places;
}

function feeds(id: string, links: readonly Joined[]): string[] {
  return links.filter((link) => link.target === id).map((link) => link.source);
}

function meanOf(numbers: readonly (number | undefined)[]): number | undefined {
  const known = numbers.filter((x) => x !== undefined);
  return known.length ? known.reduce((a, b) => a + b, 0) / known.length : undefined;
}

/** Boxes by column: each one right of all that feed it, links that lead back left out. */
function columnsOf(boxes: readonly Box[], links: readonly Joined[]): Box[][] {
  const depth = new Map<string, number>();
  const onPath = new Set<string>();
  const known = new Set(boxes.map((box) => box.id));
  const sources = new Map<string, string[]>();
  for (const { source, target } of links) {
    if (known.has(source))
      sources.set(target, [...(sources.get(target) ?? []), source]);
  }
  const depthOf = (id: string): number => {
    const found = depth.get(id);
    if (found !== undefined) return found;
    onPath.add(id);
    const before = (sources.get(id) ?? []).filter((source) => !onPath.has(source));
    const own = before.reduce((most, source) => Math.max(most, depthOf(source) + 1), 0);
    onPath.delete(id);
    depth.set(id, own);
    return own;
  };
  const columns: Box[][] = [];
  for (const box of [...boxes].sort((a, b) => a.x - b.x || a.y - b.y)) {
    const column = depthOf(box.id);
    columns[column] = [...(columns[column] ?? []), box];
  }
  return columns.filter((column) => column?.length);
}
