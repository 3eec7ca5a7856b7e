/** What is said of the bar under the pointer. */

import type { Bar } from "./bars";
import type { Row } from "./rows";
import { inWords } from "./scale";
import { SAID, STATUSES } from "./source";

const ASIDE = 14;

export class Tip {
  private readonly box = document.createElement("div");

  constructor(private readonly root: HTMLElement) {
    this.box.className = "ab-timeline-tip";
    this.box.hidden = true;
    root.append(this.box);
  }

  hide(): void {
    this.box.hidden = true;
  }

  show(bar: Bar | undefined, row: Row | undefined, x: number, y: number): void {
    this.box.hidden = !bar || !row;
    if (!bar || !row) return;
    const head = document.createElement("b");
    head.textContent = row.title || row.node;
    const what = document.createElement("span");
    what.textContent = bar.count > 1 ? cell(bar) : single(bar);
    this.box.replaceChildren(head, what);
    const room = this.root.clientWidth - this.box.offsetWidth - 4;
    this.box.style.left = `${Math.max(4, Math.min(x + ASIDE, room))}px`;
    this.box.style.top = `${y + ASIDE}px`;
  }
}

function single(bar: Bar): string {
  const status = STATUSES[bar.status] ?? "completed";
  const tries = bar.attempt > 1 ? `, try ${bar.attempt}` : "";
  const took = inWords(bar.end - bar.start);
  return `#${bar.number}${tries} · ${SAID[status]} · ${took} · at ${inWords(bar.start)}`;
}

function cell(bar: Bar): string {
  const status = STATUSES[bar.status] ?? "completed";
  const worst = status === "failed" ? "some failed" : SAID[status].toLowerCase();
  const span = inWords(bar.end - bar.start);
  const busy = Math.round(bar.busy * 100);
  return `${bar.count.toLocaleString("en")} in ${span} · ${worst} · ${busy} % busy. Press to look closer.`;
}
