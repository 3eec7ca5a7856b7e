/** What the pointer, the wheel and the keys do to a timeline. */

import type { Bar } from "./bars";
import { HEAD, LABEL, STRIP } from "./picture";
import { lengthOf, whole } from "./scale";
import type { Timeline } from "./timeline";

const STEP = 0.18;
const CLOSER = 0.72;
/** A pointer that moves less has pressed, not dragged. */
const SLACK = 4;

export function followHand(timeline: Timeline): () => void {
  const { canvas } = timeline;
  const stop = new AbortController();
  const { signal } = stop;
  let drag: { x: number; y: number; far: boolean; strip: boolean } | undefined;

  const at = (event: MouseEvent) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const perPixel = () => lengthOf(timeline.range) / (timeline.width - LABEL);

  canvas.addEventListener(
    "wheel",
    (event) => {
      const { x } = at(event);
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const factor = Math.exp(Math.max(-60, Math.min(60, event.deltaY)) * 0.012);
        timeline.zoom(factor, timeline.timeAt(Math.max(LABEL, x)));
        return;
      }
      const aside = event.shiftKey ? event.deltaY : event.deltaX;
      if (Math.abs(aside) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
        event.preventDefault();
        timeline.move(aside * perPixel());
        return;
      }
      // The page scrolls on where the rows cannot.
      if (timeline.scrollBy(event.deltaY)) event.preventDefault();
    },
    { signal, passive: false },
  );

  canvas.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0) return;
      const { x, y } = at(event);
      canvas.setPointerCapture(event.pointerId);
      canvas.focus({ preventScroll: true });
      drag = { x, y, far: false, strip: y < STRIP };
      if (drag.strip) centre(timeline, x);
    },
    { signal },
  );
  canvas.addEventListener(
    "pointermove",
    (event) => {
      const { x, y } = at(event);
      if (!drag) {
        timeline.hover(timeline.barAt(x, y), x, y);
        return;
      }
      drag.far ||= Math.hypot(x - drag.x, y - drag.y) > SLACK;
      if (!drag.far) return;
      if (drag.strip) centre(timeline, x);
      else {
        timeline.move((drag.x - x) * perPixel());
        timeline.scrollBy(drag.y - y);
        drag = { ...drag, x, y };
      }
    },
    { signal },
  );
  canvas.addEventListener(
    "pointerup",
    (event) => {
      const { x, y } = at(event);
      if (drag && !drag.far && !drag.strip) press(timeline, timeline.barAt(x, y), x, y);
      drag = undefined;
    },
    { signal },
  );
  canvas.addEventListener("pointerleave", () => timeline.hover(undefined, 0, 0), {
    signal,
  });
  canvas.addEventListener("dblclick", () => timeline.fit(), { signal });
  canvas.addEventListener("keydown", (event) => onKey(timeline, event), { signal });
  return () => stop.abort();
}

function centre(timeline: Timeline, x: number): void {
  const part = (x - LABEL) / (timeline.width - LABEL);
  const middle = part * whole(timeline.total).end;
  const { start, end } = timeline.range;
  timeline.move(middle - (start + end) / 2);
}

function press(timeline: Timeline, bar: Bar | undefined, x: number, y: number): void {
  const row = timeline.rowAt(y);
  if (bar && bar.count > 1) {
    const length = (bar.end - bar.start) * 40;
    const middle = timeline.timeAt(x);
    timeline.show({ start: middle - length / 2, end: middle + length / 2 });
  } else if (bar && row) {
    timeline.choose({ node: row.node, number: bar.number });
  } else if (row?.isParent && x < LABEL) {
    timeline.fold(row);
  } else if (row && x < LABEL && y > HEAD) {
    timeline.choose({ node: row.node, number: 1 });
  } else {
    timeline.choose(undefined);
  }
}

function onKey(timeline: Timeline, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const step = lengthOf(timeline.range) * STEP;
  const acts: Record<string, () => void> = {
    ArrowLeft: () => timeline.move(-step),
    ArrowRight: () => timeline.move(step),
    ArrowUp: () => up(timeline, -1),
    ArrowDown: () => up(timeline, 1),
    a: () => timeline.move(-step),
    d: () => timeline.move(step),
    w: () => timeline.zoom(CLOSER),
    s: () => timeline.zoom(1 / CLOSER),
    "+": () => timeline.zoom(CLOSER),
    "=": () => timeline.zoom(CLOSER),
    "-": () => timeline.zoom(1 / CLOSER),
    "0": () => timeline.fit(),
    Home: () => timeline.move(-timeline.total),
    End: () => timeline.move(timeline.total),
    f: () => foldChosen(timeline),
    Escape: () => timeline.choose(undefined),
    Enter: () => chooseNext(timeline, 1),
    "]": () => chooseNext(timeline, 1),
    "[": () => chooseNext(timeline, -1),
  };
  const act = acts[event.key];
  if (!act) return;
  event.preventDefault();
  // The notebook has keys of its own: what the timeline takes stays here.
  event.stopPropagation();
  act();
}

/** Folds what lies below the node that is chosen, or else all that can be folded. */
function foldChosen(timeline: Timeline): void {
  const parents = timeline.rows.filter((row) => row.isParent);
  const mine = parents.filter((row) => row.node === timeline.chosen?.node);
  const shouldFold = parents.some((row) => !row.isFolded);
  if (mine.length) for (const row of mine) timeline.fold(row);
  else for (const row of parents) timeline.fold(row, shouldFold);
}

/** To the next row that fired, where a firing is chosen; else the rows move. */
function up(timeline: Timeline, by: 1 | -1): void {
  const { chosen, rows } = timeline;
  const at = rows.findIndex((row) => row.node === chosen?.node);
  if (!chosen || at < 0) {
    timeline.scrollBy(40 * by);
    return;
  }
  const others = by > 0 ? rows.slice(at + 1) : rows.slice(0, at).reverse();
  const next = others.find((row) => row.firings > 0);
  if (!next) return;
  timeline.choose({ node: next.node, number: Math.min(next.firings, chosen.number) });
  timeline.showRow(next);
}

/** The next firing of the node that is chosen; of the first node, when none is. */
function chooseNext(timeline: Timeline, by: number): void {
  const { chosen, rows } = timeline;
  const row = rows.find((it) => it.node === chosen?.node) ?? rows[0];
  if (!row) return;
  const next = chosen ? chosen.number + by : 1;
  timeline.choose({ node: row.node, number: Math.min(row.firings, Math.max(1, next)) });
}
