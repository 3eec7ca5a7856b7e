/**
 * The timeline of a run, in plain DOM and on one canvas: zoomed and moved by pointer, wheel
 * and keys. It asks its source for what the window shows, one question at a time, and draws
 * what it has meanwhile.
 */

import { type Bar, Bars } from "./bars";
import { followHand } from "./hand";
import { paint } from "./paint";
import { type Palette, paletteOf } from "./palette";
import { HEAD, LABEL, type Picture } from "./picture";
import { heightOf, MOST_OPEN, type Row, seen, stacked } from "./rows";
import { lengthOf, moved, type Range, whole, zoomed } from "./scale";
import type { Source } from "./source";
import { Tip } from "./tip";

export interface Hooks {
  /** A firing was chosen, by pointer or keys; undefined lets it go. */
  onChoose(chosen: { node: string; number: number } | undefined): void;
}

const EMPTY: Range = { start: 0, end: 1 };
/** What is asked for reaches so many windows further on each side. */
const AROUND = 0.6;

export class Timeline {
  readonly canvas = document.createElement("canvas");
  readonly live = document.createElement("div");
  rows: Row[] = [];
  range: Range = EMPTY;
  scroll = 0;
  cursor: number | undefined;
  chosen: { node: string; number: number } | undefined;
  hovered: Bar | undefined;
  bars: Bars | undefined;
  private overview: Bars | undefined;
  /** The rows that were folded or opened by hand. */
  private readonly folds = new Map<string, boolean>();
  private palette: Palette | undefined;
  private isFitted = true;
  private frame = 0;
  private isAsking = false;
  private isStale = false;
  private readonly tip: Tip;
  private readonly undo: (() => void)[] = [];

  constructor(
    readonly root: HTMLElement,
    readonly source: Source,
    readonly hooks: Hooks,
    private readonly mostHeight: number,
  ) {
    this.canvas.className = "ab-timeline-canvas";
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-roledescription", "timeline");
    this.canvas.setAttribute("aria-label", "Timeline of the run");
    this.live.className = "ab-timeline-said";
    this.live.setAttribute("aria-live", "polite");
    root.append(this.canvas, this.live);
    this.tip = new Tip(root);
    this.undo.push(
      followHand(this),
      source.listen(() => this.onNews()),
    );
    const watcher = new ResizeObserver(() => this.onSize());
    watcher.observe(root);
    this.undo.push(() => watcher.disconnect());
    this.onNews();
  }

  close(): void {
    for (const undo of this.undo) undo();
    cancelAnimationFrame(this.frame);
  }

  get total(): number {
    return this.source.about?.seconds ?? 0;
  }

  get width(): number {
    return Math.max(LABEL + 60, this.root.clientWidth);
  }

  get height(): number {
    return Math.min(this.mostHeight, HEAD + Math.max(30, heightOf(this.rows)) + 6);
  }

  /** Reads the colours again: the theme is another. */
  repaint(): void {
    this.palette = undefined;
    this.draw();
  }

  /** Shows the whole run. */
  fit(): void {
    this.isFitted = true;
    this.see(whole(this.total));
  }

  zoom(factor: number, anchor = (this.range.start + this.range.end) / 2): void {
    this.isFitted = false;
    this.see(zoomed(this.range, factor, anchor, this.total));
  }

  move(seconds: number): void {
    this.isFitted = false;
    this.see(moved(this.range, seconds, this.total));
  }

  /** Shows a stretch of the run. */
  show(range: Range): void {
    this.isFitted = false;
    const length = Math.min(lengthOf(range), whole(this.total).end);
    const at = { start: range.start, end: range.start + length };
    this.see(moved(at, 0, this.total));
  }

  scrollBy(pixels: number): boolean {
    const most = Math.max(0, heightOf(this.rows) - (this.height - HEAD));
    const before = this.scroll;
    this.scroll = Math.min(most, Math.max(0, before + pixels));
    if (this.scroll === before) return false;
    this.ask();
    this.draw();
    return true;
  }

  /** Moves the rows so that all of one is seen. */
  showRow({ top, height }: Row): void {
    const room = this.height - HEAD;
    if (top < this.scroll) this.scrollBy(top - this.scroll);
    else if (top + height > this.scroll + room)
      this.scrollBy(top + height - this.scroll - room);
  }

  choose(chosen: { node: string; number: number } | undefined): void {
    this.chosen = chosen;
    this.live.textContent = chosen ? `${chosen.node}, firing ${chosen.number}` : "";
    this.hooks.onChoose(chosen);
    this.draw();
  }

  /** Folds the rows of the agents that a node called, or shows them. */
  fold(row: Row, should = !row.isFolded): void {
    if (!row.isParent) return;
    this.folds.set(row.node, should);
    this.onNews();
  }

  setCursor(seconds: number | undefined): void {
    this.cursor = seconds;
    this.draw();
  }

  /** The bar under a point of the canvas. */
  barAt(x: number, y: number): Bar | undefined {
    const row = this.rowAt(y);
    if (!row || x < LABEL || !this.bars) return undefined;
    const lane = Math.floor((y - HEAD + this.scroll - row.top - 4) / row.lane);
    const near = (lengthOf(this.range) / (this.width - LABEL)) * 3;
    return this.bars.find(row.row, lane, this.timeAt(x), near);
  }

  rowAt(y: number): Row | undefined {
    const at = y - HEAD + this.scroll;
    if (y < HEAD) return undefined;
    return this.rows.find((row) => row.top <= at && at < row.top + row.height);
  }

  timeAt(x: number): number {
    const part = (x - LABEL) / (this.width - LABEL);
    return this.range.start + part * lengthOf(this.range);
  }

  hover(bar: Bar | undefined, x: number, y: number): void {
    const isSame =
      bar?.start === this.hovered?.start && bar?.node === this.hovered?.node;
    this.hovered = bar;
    this.canvas.style.cursor = bar ? "pointer" : "";
    this.tip.show(bar, bar && this.rows.find((row) => row.row === bar.node), x, y);
    if (!isSame) this.draw();
  }

  draw(): void {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.paintNow();
    });
  }

  private see(range: Range): void {
    this.range = range;
    this.tip.hide();
    this.ask();
    this.draw();
  }

  private onNews(): void {
    const { about } = this.source;
    if (!about) return;
    const isShort = about.rows.length <= MOST_OPEN;
    this.rows = stacked(about.rows, (node) => this.folds.get(node) ?? !isShort);
    if (this.isFitted) this.range = whole(this.total);
    this.onSize();
    this.ask();
  }

  private onSize(): void {
    const { width, height, canvas } = this;
    const sharp = window.devicePixelRatio || 1;
    const isSame =
      canvas.width === Math.round(width * sharp) &&
      canvas.height === Math.round(height * sharp);
    if (!isSame) {
      canvas.width = Math.round(width * sharp);
      canvas.height = Math.round(height * sharp);
      canvas.style.height = `${height}px`;
      this.scrollBy(0);
      this.ask();
    }
    this.draw();
  }

  /** Asks for what is seen, unless a question is on its way: then once more after it. */
  private ask(): void {
    if (!this.source.about) return;
    if (this.isAsking) {
      this.isStale = true;
      return;
    }
    this.isAsking = true;
    this.isStale = false;
    void this.asked();
  }

  private async asked(): Promise<void> {
    const { range, width } = this;
    const length = lengthOf(range);
    const { first, last } = seen(this.rows, this.scroll, this.scroll + this.height);
    const wide = Math.round((width - LABEL) * (1 + 2 * AROUND));
    const ask = {
      start: Math.max(0, range.start - AROUND * length),
      end: range.end + AROUND * length,
      width: wide,
      rows: this.rows.slice(first, last).map((row) => row.row),
    };
    try {
      const told = await this.source.bars(ask);
      this.bars = new Bars(told);
      const isWhole = ask.start === 0 && ask.end >= this.total;
      const isAll = first === 0 && last === this.rows.length;
      if (isWhole && (isAll || !this.overview)) this.overview = this.bars;
    } catch {
      // What was told before stays; the next move asks again.
    }
    this.isAsking = false;
    if (this.isStale) this.ask();
    this.draw();
  }

  private paintNow(): void {
    const pen = this.canvas.getContext("2d");
    if (!pen) return;
    this.palette ??= paletteOf(this.root);
    const sharp = window.devicePixelRatio || 1;
    pen.setTransform(sharp, 0, 0, sharp, 0, 0);
    const { hovered } = this;
    const picture: Picture = {
      width: this.width,
      height: this.height,
      range: this.range,
      scroll: this.scroll,
      total: this.total,
      rows: this.rows,
      ...seen(this.rows, this.scroll, this.scroll + this.height),
      bars: this.bars,
      overview: this.overview,
      about: this.source.about,
      hovered: hovered && { row: hovered.node, ...hovered },
      chosen: this.chosen,
      cursor: this.cursor,
    };
    paint(pen, picture, this.palette);
    this.canvas.dataset.still = String(!this.isAsking && this.bars !== undefined);
  }
}
