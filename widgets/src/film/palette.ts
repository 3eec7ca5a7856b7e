/** The colours of a timeline, as the canvas takes them, read from the sheet of the widgets. */

import { type SpanStatus, STATUSES } from "./source";

export interface Palette {
  bar: Record<SpanStatus, string>;
  surface: string;
  band: string;
  line: string;
  text: string;
  soft: string;
  accent: string;
  onBar: string;
  font: string;
}

const BARS: Record<SpanStatus, string> = {
  running: "var(--ab-running)",
  completed: "color-mix(in srgb, var(--ab-surface), var(--ab-family-blue) 78%)",
  reused: "color-mix(in srgb, var(--ab-surface), var(--ab-reused) 72%)",
  skipped: "color-mix(in srgb, var(--ab-surface), var(--ab-quiet) 55%)",
  waiting: "color-mix(in srgb, var(--ab-surface), var(--ab-waiting) 30%)",
  retry: "color-mix(in srgb, var(--ab-surface), var(--ab-failed) 20%)",
  tried: "color-mix(in srgb, var(--ab-surface), var(--ab-failed) 62%)",
  stopped: "var(--ab-quiet)",
  failed: "var(--ab-failed)",
};

/** Reads the colours as they are now under `root`, an element of class `ab-root`. */
export function paletteOf(root: HTMLElement): Palette {
  const probe = document.createElement("span");
  probe.style.display = "none";
  root.append(probe);
  const read = (colour: string) => {
    probe.style.color = colour;
    return getComputedStyle(probe).color;
  };
  const palette = {
    bar: Object.fromEntries(
      STATUSES.map((status) => [status, read(BARS[status])]),
    ) as Palette["bar"],
    surface: read("var(--ab-surface)"),
    band: read("var(--ab-sunken)"),
    line: read("var(--ab-line)"),
    text: read("var(--ab-text)"),
    soft: read("var(--ab-text-2)"),
    accent: read("var(--ab-accent)"),
    onBar: read("var(--ab-on-bar)"),
    font: getComputedStyle(root).fontFamily || "sans-serif",
  };
  probe.remove();
  return palette;
}
