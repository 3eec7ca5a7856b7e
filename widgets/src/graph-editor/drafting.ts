/**
 * Keeps a draft of what no save has kept, and brings it back: by itself what the same kernel
 * did not hear, after a question what a kernel took with it when it went.
 */

import { type Draft, type Drafts, held, hold, unheld } from "../bridge/drafts";
import { differences, plainOf, rebased } from "../graph/diff";
import type { Edit, PlainGraph } from "../protocol/messages";
import type { KernelState } from "./kernel-state";
import type { Session } from "./session";

/** How long a change rests before it is written. */
const REST = 400;

export class Drafting {
  private base: PlainGraph | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly alive = new AbortController();
  private readonly stops: (() => void)[] = [];
  private isBegun = false;
  /** Drafts of others that may be left behind yet. */
  private readonly awaited = new Set<string>();

  constructor(
    private readonly session: Session,
    private readonly drafts: Drafts,
    /** Names this draft: the model's own id, the same after a reload of the page. */
    private readonly id: string,
  ) {}

  start(): void {
    this.session.onEdit = () => this.later();
    const now = () => void this.write();
    window.addEventListener("pagehide", now);
    this.stops.push(() => window.removeEventListener("pagehide", now));
    const { kernel } = this.session;
    this.stops.push(
      kernel.subscribe((state, before) => void this.follow(state, before)),
    );
  }

  close(): void {
    clearTimeout(this.timer);
    this.alive.abort();
    for (const stop of this.stops) stop();
  }

  /** The graph as it was last saved, or first seen. */
  lastSaved(): PlainGraph | undefined {
    return this.base;
  }

  /** Takes back what is offered; true when all of it could be. */
  async recover(): Promise<boolean> {
    const { recovery } = this.session.kernel.getState();
    if (!recovery) return true;
    const edits = [...recovery.fits, ...recovery.clashes].flatMap((it) => it.edits);
    const isDone = await this.apply(edits);
    await this.discard();
    return isDone;
  }

  /** Forgets what is offered. */
  async discard(): Promise<void> {
    const { recovery } = this.session.kernel.getState();
    this.session.kernel.setState({ recovery: null });
    if (recovery) await this.drafts.remove(recovery.draft.id).catch(() => {});
  }

  /** All at once; if the kernel refuses that, what it takes one by one. */
  private async apply(edits: Edit[]): Promise<boolean> {
    if (edits.length === 0) return true;
    try {
      await this.session.edit(edits);
      return true;
    } catch {
      let isDone = true;
      for (const edit of edits) {
        await this.session.edit([edit]).catch(() => {
          isDone = false;
        });
      }
      return isDone;
    }
  }

  private async follow(state: KernelState, before: KernelState): Promise<void> {
    if (state.phase === "lost") this.alive.abort(); // what it had may be taken over
    if (state.phase !== "ready" || state.about.read_only) return;
    if (!this.isBegun) {
      this.isBegun = true;
      hold(this.id, this.alive.signal);
      this.base = plain(state);
      await this.begin().catch(() => {});
      return;
    }
    const { about, nodes, links } = state;
    if (about.is_saved && !before.about.is_saved) {
      this.base = plain(state);
      clearTimeout(this.timer);
      this.timer = undefined;
      await this.drafts.remove(this.id).catch(() => {});
    } else if (nodes !== before.nodes || links !== before.links) this.later();
  }

  /** Looks for what was left behind: by this page before it was reloaded, or by another. */
  private async begin(): Promise<void> {
    const drafts = await this.drafts.all();
    const own = drafts.find(({ id }) => id === this.id);
    const state = this.session.kernel.getState();
    if (own) {
      this.base = own.base;
      await this.apply(own.unsure);
    } else if (!state.about.is_saved) this.later();
    await this.look();
  }

  /** Offers the newest draft that another page left behind, if there is one. */
  private async look(): Promise<void> {
    const { about, phase, recovery } = this.session.kernel.getState();
    if (recovery || phase !== "ready") return;
    const others = (await this.drafts.all()).filter(
      ({ id, name }) => id !== this.id && name === about.name,
    );
    const writing = await held();
    // A page that has just crashed holds its draft for a moment longer; another tab as
    // long as it is there.
    for (const { id } of others) {
      if (!writing.has(id) || this.awaited.has(id)) continue;
      this.awaited.add(id);
      const again = () => this.awaited.delete(id) && void this.look();
      unheld(id, this.alive.signal).then(again, () => {});
    }
    const left = others
      .filter(({ id }) => !writing.has(id))
      .sort((a, b) => b.at - a.at);
    for (const draft of left) {
      const now = plain(this.session.kernel.getState());
      const found = rebased(draft.base, draft.mine, now);
      if (found.fits.length + found.clashes.length === 0) {
        await this.drafts.remove(draft.id);
        continue;
      }
      this.session.kernel.setState({ recovery: { draft, ...found } });
      return;
    }
  }

  /** Called when an edit is sent or confirmed, too: its loss is what this is for. */
  later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.write(), REST);
  }

  private async write(): Promise<void> {
    if (this.timer === undefined || !this.base) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    const state = this.session.kernel.getState();
    const unsure = this.session.unsure();
    const mine = plain(state);
    const { id, base } = this;
    const isSame = unsure.length === 0 && differences(base, mine).length === 0;
    const { name } = state.about;
    const draft: Draft = { id, name, at: Date.now(), base, mine, unsure };
    await (isSame ? this.drafts.remove(id) : this.drafts.put(draft)).catch(() => {});
  }
}

const plain = ({ about, nodes, links }: KernelState) =>
  plainOf(about.name, nodes, links);
