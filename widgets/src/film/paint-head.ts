/** Draws the head of a timeline: the whole run in small, the scale, and where the film stands. */

import type { Palette } from "./palette";
import { AXIS, HEAD, LABEL, type Pen, type Picture, STRIP, toPixels } from "./picture";
import { marks } from "./scale";
import { STATUSES } from "./source";

export function axis(pen: Pen, picture: Picture, palette: Palette): void {
  pen.fillStyle = palette.surface;
  pen.fillRect(0, STRIP, picture.width, AXIS);
  pen.fillStyle = palette.line;
  pen.fillRect(0, HEAD - 1, picture.width, 1);
  pen.fillStyle = palette.soft;
  pen.font = `11px ${palette.font}`;
  for (const { at, text } of marks(picture.range, picture.width - LABEL)) {
    const x = toPixels(picture, at);
    if (x + pen.measureText(text).width + 8 > picture.width) continue;
    pen.fillText(text, x + 5, STRIP + AXIS / 2);
  }
}

/** The whole run in small, and what part of it is seen. */
export function strip(pen: Pen, picture: Picture, palette: Palette): void {
  const { width, range, overview, rows } = picture;
  pen.fillStyle = palette.surface;
  pen.fillRect(0, 0, width, STRIP);
  const end = Math.max(picture.total, 1e-9) * 1.02;
  const scale = (width - LABEL) / end;
  const lane = Math.max(1, (STRIP - 8) / Math.max(1, rows.length));
  if (overview) {
    const { told } = overview;
    const at = new Map(rows.map((row, place) => [row.row, place]));
    told.node.forEach((node, place) => {
      const order = at.get(node);
      if (order === undefined) return;
      const status = STATUSES[told.status[place] ?? 1] ?? "completed";
      pen.fillStyle = palette.bar[status];
      const start = told.begins[place] ?? 0;
      const wide = Math.max(1, ((told.ends[place] ?? 0) - start) * scale);
      const y = 4 + ((STRIP - 8) * order) / Math.max(1, rows.length);
      pen.fillRect(LABEL + start * scale, y, wide, Math.max(1, lane - 1));
    });
  }
  const left = LABEL + range.start * scale;
  const right = LABEL + range.end * scale;
  pen.fillStyle = palette.surface;
  pen.globalAlpha = 0.72;
  pen.fillRect(LABEL, 0, left - LABEL, STRIP);
  pen.fillRect(right, 0, width - right, STRIP);
  pen.globalAlpha = 1;
  pen.fillStyle = palette.line;
  pen.fillRect(0, STRIP - 1, width, 1);
  if (range.end - range.start < end * 0.999) {
    pen.strokeStyle = palette.accent;
    pen.lineWidth = 1.5;
    pen.strokeRect(left, 1, Math.max(2, right - left - 1), STRIP - 3);
  }
}

export function cursor(pen: Pen, picture: Picture, palette: Palette): void {
  if (picture.cursor === undefined) return;
  const x = Math.round(toPixels(picture, picture.cursor));
  if (x < LABEL) return;
  pen.fillStyle = palette.accent;
  pen.fillRect(x, STRIP, 2, picture.height - STRIP);
  pen.beginPath();
  pen.moveTo(x - 5, STRIP);
  pen.lineTo(x + 7, STRIP);
  pen.lineTo(x + 1, STRIP + 8);
  pen.fill();
}
