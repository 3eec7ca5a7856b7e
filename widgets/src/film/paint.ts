/** Draws a timeline on a canvas. It knows nothing of events: what is given is drawn. */

import type { Bars } from "./bars";
import { axis, cursor, strip } from "./paint-head";
import type { Palette } from "./palette";
import { AXIS, HEAD, LABEL, type Pen, type Picture, STRIP, toPixels } from "./picture";
import { GAP, INDENT, type Row } from "./rows";
import { inWords, marks } from "./scale";
import { STATUSES } from "./source";

export function paint(pen: Pen, picture: Picture, palette: Palette): void {
  pen.clearRect(0, 0, picture.width, picture.height);
  pen.textBaseline = "middle";
  bands(pen, picture, palette);
  grid(pen, picture, palette);
  pen.save();
  pen.beginPath();
  pen.rect(LABEL, HEAD, picture.width - LABEL, picture.height - HEAD);
  pen.clip();
  drawBars(pen, picture, palette);
  befell(pen, picture, palette);
  pen.restore();
  labels(pen, picture, palette);
  axis(pen, picture, palette);
  strip(pen, picture, palette);
  cursor(pen, picture, palette);
}

function bands(pen: Pen, picture: Picture, palette: Palette): void {
  pen.fillStyle = palette.band;
  for (let n = picture.first; n < picture.last; n++) {
    const row = picture.rows[n];
    if (row && n % 2 === 1) {
      pen.fillRect(0, HEAD + row.top - picture.scroll, picture.width, row.height);
    }
  }
}

function grid(pen: Pen, picture: Picture, palette: Palette): void {
  pen.fillStyle = palette.line;
  for (const mark of marks(picture.range, picture.width - LABEL)) {
    const x = Math.round(toPixels(picture, mark.at));
    pen.fillRect(x, AXIS, 1, picture.height - AXIS);
  }
}

function drawBars(pen: Pen, picture: Picture, palette: Palette): void {
  const { bars, rows, width } = picture;
  if (!bars) return;
  const { told } = bars;
  const scale = (width - LABEL) / (picture.range.end - picture.range.start);
  pen.font = `10.5px ${palette.font}`;
  for (let n = picture.first; n < picture.last; n++) {
    const row = rows[n];
    if (!row) continue;
    const top = HEAD + row.top - picture.scroll + GAP / 2;
    const high = row.lane - 2;
    for (const place of bars.byRow.get(row.row) ?? []) {
      const start = told.begins[place] ?? 0;
      const left = LABEL + (start - picture.range.start) * scale;
      const wide = Math.max(1.5, ((told.ends[place] ?? 0) - start) * scale);
      if (left > width || left + wide < LABEL) continue;
      const status = STATUSES[told.status[place] ?? 1] ?? "completed";
      const count = told.count[place] ?? 1;
      const y = top + (told.lane[place] ?? 0) * row.lane;
      pen.fillStyle = palette.bar[status];
      if (count > 1) {
        // A cell: as high as what it holds was busy, never so low that it is not seen.
        const busy = Math.max(0.3, Math.min(1, told.busy[place] ?? 1));
        pen.globalAlpha = 0.45 + 0.55 * busy;
        pen.fillRect(left, y + (high * (1 - busy)) / 2, wide, high * busy);
        pen.globalAlpha = 1;
        continue;
      }
      const thin = status === "retry" || status === "waiting";
      const gap = wide > 4 ? 0.5 : 0;
      if (wide > 5 && !thin) {
        pen.beginPath();
        pen.roundRect(left + gap, y, wide - 2 * gap, high, 2.5);
        pen.fill();
      } else {
        pen.fillRect(
          left + gap,
          thin ? y + high / 4 : y,
          wide - 2 * gap,
          thin ? high / 2 : high,
        );
      }
      if (wide > 46 && high > 11 && !thin) {
        caption(
          pen,
          palette,
          left,
          wide,
          y + high / 2,
          told.number[place] ?? 0,
          told,
          place,
        );
      }
    }
  }
  outline(pen, picture, palette, scale);
}

function caption(
  pen: Pen,
  palette: Palette,
  left: number,
  wide: number,
  middle: number,
  number: number,
  told: Bars["told"],
  place: number,
): void {
  const from = Math.max(left, LABEL);
  const room = left + wide - from - 12;
  const tries = (told.attempt[place] ?? 1) > 1 ? `, try ${told.attempt[place]}` : "";
  const took = inWords((told.ends[place] ?? 0) - (told.begins[place] ?? 0));
  const choices = [`#${number}${tries} · ${took}`, `#${number}`];
  const text = choices.find((it) => pen.measureText(it).width <= room);
  if (!text) return;
  pen.fillStyle = palette.onBar;
  pen.fillText(text, from + 6, middle + 0.5);
}

function outline(pen: Pen, picture: Picture, palette: Palette, scale: number): void {
  const { bars, hovered, chosen, rows } = picture;
  const box = (row: Row, lane: number, start: number, end: number) => {
    const left = LABEL + (start - picture.range.start) * scale;
    const y = HEAD + row.top - picture.scroll + GAP / 2 + lane * row.lane;
    const wide = Math.max(2, (end - start) * scale);
    pen.strokeRect(left - 1, y - 1, wide + 2, row.lane);
  };
  if (hovered) {
    const row = rows.find((it) => it.row === hovered.row);
    pen.lineWidth = 1;
    pen.strokeStyle = palette.soft;
    if (row) box(row, hovered.lane, hovered.start, hovered.end);
  }
  if (!chosen || !bars) return;
  const row = rows.find((it) => it.node === chosen.node);
  if (!row) return;
  pen.lineWidth = 2;
  pen.strokeStyle = palette.text;
  for (const place of bars.byRow.get(row.row) ?? []) {
    const bar = bars.at(place);
    if (bar.number === chosen.number && bar.count === 1) {
      box(row, bar.lane, bar.start, bar.end);
    }
  }
}

/** What befell the run as a whole: a dashed line through all rows. */
function befell(pen: Pen, picture: Picture, palette: Palette): void {
  pen.strokeStyle = palette.bar.stopped;
  pen.lineWidth = 1;
  pen.setLineDash([3, 3]);
  for (const { at } of picture.about?.marks ?? []) {
    const x = Math.round(toPixels(picture, at)) + 0.5;
    pen.beginPath();
    pen.moveTo(x, HEAD);
    pen.lineTo(x, picture.height);
    pen.stroke();
  }
  pen.setLineDash([]);
}

function labels(pen: Pen, picture: Picture, palette: Palette): void {
  pen.save();
  pen.beginPath();
  pen.rect(0, HEAD, LABEL, picture.height - HEAD);
  pen.clip();
  for (let n = picture.first; n < picture.last; n++) {
    const row = picture.rows[n];
    if (!row) continue;
    const y = HEAD + row.top - picture.scroll + Math.min(row.height / 2, 14);
    const count = row.firings.toLocaleString("en");
    pen.font = `11px ${palette.font}`;
    const failed = `${row.failed.toLocaleString("en")} failed`;
    const note = row.failed ? `${failed} of ${count}` : count;
    const right = row.firings > 1 || row.failed ? pen.measureText(note).width + 8 : 0;
    pen.fillStyle = palette.text;
    pen.font = `12px ${palette.font}`;
    pen.textAlign = "left";
    const left = 14 + Math.min(4, row.depth) * INDENT;
    const title = row.title || row.node;
    pen.fillText(clipped(pen, title, LABEL - 12 - left - right), left, y);
    if (row.isParent) triangle(pen, palette, left - 6, y, row.isFolded);
    if (right) {
      pen.font = `11px ${palette.font}`;
      pen.textAlign = "right";
      pen.fillStyle = row.failed ? palette.bar.failed : palette.soft;
      pen.fillText(note, LABEL - 12, y);
      pen.textAlign = "left";
    }
  }
  pen.restore();
  pen.fillStyle = palette.line;
  pen.fillRect(LABEL - 1, STRIP, 1, picture.height - STRIP);
}

/** Beside a row with others below it: right when they are folded, down when not. */
function triangle(
  pen: Pen,
  palette: Palette,
  x: number,
  y: number,
  isFolded: boolean,
): void {
  const [far, near] = [3.5, 2];
  const points = isFolded
    ? [-near, -far, near, 0, -near, far]
    : [-far, -near, far, -near, 0, near];
  const [ax = 0, ay = 0, bx = 0, by = 0, cx = 0, cy = 0] = points;
  pen.fillStyle = palette.soft;
  pen.beginPath();
  pen.moveTo(x + ax, y + ay);
  pen.lineTo(x + bx, y + by);
  pen.lineTo(x + cx, y + cy);
  pen.fill();
}

function clipped(pen: Pen, text: string, room: number): string {
  if (pen.measureText(text).width <= room) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pen.measureText(`${text.slice(0, middle)}…`).width <= room) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low)}…`;
}
