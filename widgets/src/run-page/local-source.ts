/** A timeline whose bars lie in the page. */

import type { Late, Source } from "../film/source";
import type {
  FiringLook,
  TimelineAbout,
  TimelineBars,
  ValueLook,
} from "../protocol/messages";

/** What is in the page, as `page.py` writes it. */
export interface Shared {
  about: TimelineAbout;
  bars: TimelineBars;
  /** By `node#number`. */
  firings: Record<string, FiringLook>;
  /** How many firings the page holds in full, and how many there are. */
  held: number;
  total: number;
  inputs: ValueLook[];
  outputs: ValueLook[];
  failures: string[];
  reason: string;
  drawing: string;
  when: string;
  written_by: string;
}

export class LocalSource implements Source {
  constructor(private readonly shared: Shared) {}

  get about(): TimelineAbout {
    return this.shared.about;
  }

  async bars(): Promise<TimelineBars> {
    return this.shared.bars;
  }

  async firing(node: string, number: number): Promise<FiringLook> {
    const key = `${node}#${number}`;
    const found = Object.hasOwn(this.shared.firings, key)
      ? this.shared.firings[key]
      : undefined;
    if (found) return found;
    const { held, total } = this.shared;
    const count = `${held.toLocaleString("en")} of ${total.toLocaleString("en")}`;
    throw new Error(
      `This page holds ${count} firings in full; ${node} #${number} is not one of them.`,
    );
  }

  /** The program of a stage lies in the page too, packed, if a value here needs it. */
  readonly late: Late = (name) => {
    const known = this.unpacked.get(name);
    if (known) return known;
    const coming = unpack(document.getElementById(`stage-${name}`)?.textContent ?? "");
    this.unpacked.set(name, coming);
    return coming;
  };

  private readonly unpacked = new Map<string, ReturnType<Late>>();

  listen(): () => void {
    return () => {};
  }
}

/** Reads base64 of gzip of JSON. */
async function unpack(packed: string): ReturnType<Late> {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream();
  const text = new Response(stream.pipeThrough(new DecompressionStream("gzip"))).text();
  return JSON.parse(await text);
}
