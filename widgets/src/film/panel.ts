/** The timeline with its head and the firing that is chosen: one panel for every host. */

import { Detail } from "./detail";
import { inWords } from "./scale";
import type { Source } from "./source";
import { type Hooks, Timeline } from "./timeline";
import "./film.css";

export interface Panel {
  timeline: Timeline;
  close(): void;
}

const SAID: Record<string, string> = {
  completed: "Done",
  needs_decision: "Needs a decision",
};

/** Builds the panel in `host`, its canvas at the most so many pixels high. */
export function openPanel(
  host: HTMLElement,
  source: Source,
  { mostHeight = 420 }: { mostHeight?: number } = {},
): Panel {
  const head = document.createElement("header");
  head.className = "ab-timeline-head";
  const status = document.createElement("span");
  status.className = "ab-firing-status";
  const line = document.createElement("span");
  line.className = "ab-timeline-line";
  const buttons = document.createElement("span");
  buttons.className = "ab-timeline-buttons";
  head.append(status, line, buttons);
  const body = document.createElement("div");
  body.className = "ab-timeline";
  host.append(head, body);

  const detail = new Detail(source, (chosen) => timeline.choose(chosen));
  const onChoose: Hooks["onChoose"] = (chosen) => void detail.show(chosen);
  const timeline = new Timeline(body, source, { onChoose }, mostHeight);
  host.append(detail.box);

  const button = (text: string, label: string, act: () => void) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "ab-button ab-button--icon";
    made.textContent = text;
    made.title = label;
    made.setAttribute("aria-label", label);
    made.onclick = act;
    buttons.append(made);
  };
  button("−", "Zoom out (S)", () => timeline.zoom(1 / 0.6));
  button("+", "Zoom in (W)", () => timeline.zoom(0.6));
  button("⤢", "Show all of it (0)", () => timeline.fit());

  const tell = () => {
    const { about } = source;
    if (!about) return;
    status.dataset.status = about.status;
    const word = about.status.charAt(0).toUpperCase() + about.status.slice(1);
    status.textContent = SAID[about.status] ?? word;
    line.textContent = inALine(about);
  };
  const unlisten = source.listen(tell);
  tell();
  return {
    timeline,
    close() {
      unlisten();
      timeline.close();
    },
  };
}

function inALine(about: NonNullable<Source["about"]>): string {
  // Tokens and cost of what was called are in those of the node that called it.
  const own = about.rows.filter((row) => row.depth === 0);
  const sum = (of: (row: (typeof about.rows)[number]) => number) =>
    own.reduce((total, row) => total + of(row), 0);
  const firings = sum((row) => row.firings);
  const failed = sum((row) => row.failed);
  const tokens = sum((row) => row.tokens);
  const cost = sum((row) => row.cost);
  const parts = [
    about.agent,
    inWords(about.seconds),
    `${firings.toLocaleString("en")} firing${firings === 1 ? "" : "s"}`,
  ];
  if (failed) parts.push(`${failed.toLocaleString("en")} failed`);
  if (tokens) parts.push(`${tokens.toLocaleString("en")} tokens`);
  if (cost) parts.push(`$${cost.toFixed(4)}`);
  const called = about.rows.reduce((total, row) => total + row.firings, 0) - firings;
  if (called) parts.push(`${called.toLocaleString("en")} in agents that it called`);
  if (about.read < 1) parts.push(`reading, ${Math.floor(about.read * 100)} %`);
  if (about.more_rows) parts.push(`${about.more_rows.toLocaleString("en")} more nodes`);
  return parts.join(" · ");
}
