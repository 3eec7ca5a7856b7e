/**
 * One model's session with the kernel: its connection, what the kernel told, and the edits
 * on their way. All views of the model share it.
 */

import { type Ask, Connection, type TIMES } from "../bridge/connection";
import type { Drafts } from "../bridge/drafts";
import type { Model } from "../bridge/model";
import { type Desk, deskOver } from "../forms/desk";
import type { Edit, Snapshot, Update } from "../protocol/messages";
import type { AskLate } from "../ui/late-code";
import { Drafting } from "./drafting";
import {
  after,
  createKernelState,
  fromSnapshot,
  isActive,
  type KernelState,
  withConstant,
  withPositions,
} from "./kernel-state";

type Setting = Extract<Edit, { edit: "set_constant" }>;

/** What an edit is called where it is undone, and what it is undone together with. */
export interface Said {
  title?: string;
  group?: string;
}

interface Typed {
  edit: Setting;
  timer?: ReturnType<typeof setTimeout>;
  sent: Promise<void>;
  send(): void;
}

/** How long typing rests before it is sent. */
const REST = 250;
/** After so long a rest, what is typed next is undone apart. */
const LONG_REST = 3000;
/** How often updates are applied while the page is hidden and draws no frames. */
const HIDDEN_BEAT = 250;

export class Session {
  readonly kernel = createKernelState();
  readonly connection: Connection;
  /** What the forms of every view ask. */
  readonly desk: Desk = deskOver((ask, beside) => this.request(ask, beside));
  readonly late: AskLate = (what) => this.request(what);
  drafting: Drafting | undefined;
  /** Constants that are typed and not yet confirmed, by node and port. */
  private readonly typed = new Map<string, Typed>();
  private burst = { key: "", until: 0, number: 0 };
  private readonly own = Math.random().toString(36).slice(2);
  /** Edits that are sent and not yet answered. */
  private readonly unanswered = new Set<Edit[]>();
  /** Called when there is an edit more that the kernel may never hear. */
  onEdit = (): void => {};
  private arrived: Update[] = [];
  private isScheduled = false;

  constructor(
    readonly model: Model,
    times?: Partial<typeof TIMES>,
  ) {
    const { setState } = this.kernel;
    const hearer = {
      onSnapshot: (snapshot: Snapshot) => this.onSnapshot(snapshot),
      onUpdates: (updates: readonly Update[]) => this.onUpdates(updates),
      onPhase: (phase: KernelState["phase"]) => setState({ phase }),
      onBusy: (isBusy: boolean) => setState({ isBusy }),
      onCut: (isCut: boolean) => setState({ isCut }),
      onUnknown: (kind: string) => this.onUnknown(kind),
    };
    this.connection = new Connection(model, hearer, times);
  }

  /** From now on keeps what no save has kept; there may be no place for it. */
  keepDrafts(drafts: Drafts | undefined): void {
    const id = String(this.model.get("own_id") ?? "");
    if (!drafts || !id) return;
    this.drafting = new Drafting(this, drafts, id);
    this.drafting.start();
  }

  start(): void {
    this.connection.start();
  }

  close(): void {
    this.connection.close();
    this.drafting?.close();
  }

  request(ask: Ask, beside?: ArrayBuffer[]): Promise<unknown> {
    return this.connection.request(ask, beside);
  }

  /**
   * Sends edits; they show at once where that is safe to guess. Typed constants rest a
   * moment first. Rejects with the kernel's reason when it refuses.
   */
  async edit(edits: readonly Edit[], said: Said = {}): Promise<void> {
    if (said.title) {
      this.flush();
      return this.sendEdits([...edits], said);
    }
    const settings = edits.filter((edit) => edit.edit === "set_constant");
    const rest = edits.filter((edit) => edit.edit !== "set_constant");
    const sent = settings.map((setting) => this.type(setting));
    if (rest.length) {
      this.flush();
      sent.push(this.sendEdits(rest, said));
    }
    await Promise.all(sent);
  }

  /** Whether something is typed that the kernel does not know yet. */
  isTyping(): boolean {
    return this.typed.size > 0;
  }

  /** Sends what is typed now, without waiting for a rest. */
  flush(): void {
    for (const typed of this.typed.values()) typed.send();
  }

  private type(edit: Setting): Promise<void> {
    const key = `${edit.id} ${edit.port}`;
    this.kernel.setState((state) =>
      withConstant(state, edit.id, edit.port, edit.value),
    );
    const resting = this.typed.get(key);
    if (resting?.timer) {
      clearTimeout(resting.timer);
      resting.edit = edit;
      resting.timer = setTimeout(resting.send, REST);
      return resting.sent;
    }
    const typed = this.newTyped(key, edit);
    this.typed.set(key, typed);
    return typed.sent;
  }

  private newTyped(key: string, edit: Setting): Typed {
    const typed = { edit } as Typed;
    typed.sent = new Promise((resolve, reject) => {
      typed.send = () => {
        if (!typed.timer) return;
        clearTimeout(typed.timer);
        typed.timer = undefined;
        const forget = () => {
          if (this.typed.get(key) === typed) this.typed.delete(key);
        };
        this.sendEdits([typed.edit], { group: this.groupOf(key) })
          .finally(forget)
          .then(resolve, reject);
      };
    });
    typed.timer = setTimeout(typed.send, REST);
    return typed;
  }

  /** What is typed into one field without a long rest is undone together. */
  private groupOf(key: string): string {
    const now = Date.now();
    const { key: last, until, number } = this.burst;
    const isSame = last === key && now < until;
    this.burst = { key, until: now + LONG_REST, number: isSame ? number : number + 1 };
    return `typing ${this.own} ${this.burst.number}`;
  }

  private async sendEdits(edits: Edit[], said: Said = {}): Promise<void> {
    this.guess(edits);
    this.unanswered.add(edits);
    this.onEdit();
    const { title = "", group = "" } = said;
    try {
      await this.request({ op: "edit", edits, title, group });
    } catch (error) {
      if (this.connection.phase === "ready") this.connection.startOver();
      throw error;
    } finally {
      // One that went down with the kernel stays: it is all that is left of it.
      if (this.connection.phase === "ready") this.unanswered.delete(edits);
    }
  }

  /** What the kernel has not confirmed: edits on their way, and what is being typed. */
  unsure(): Edit[] {
    const typed = [...this.typed.values()].filter((it) => it.timer);
    return [...[...this.unanswered].flat(), ...typed.map((it) => it.edit)];
  }

  /** Whether a node has that id, or one that is on its way to the kernel. */
  isTaken(id: string): boolean {
    const isAsked = (it: Edit) => it.edit === "add_node" && it.id === id;
    const isTold = (it: Update) =>
      it.update === "graph_changed" && it.nodes.some((node) => node.id === id);
    const isThere = id in this.kernel.getState().nodes;
    return isThere || this.unsure().some(isAsked) || this.arrived.some(isTold);
  }

  private guess(edits: readonly Edit[]): void {
    const places: Record<string, [number, number]> = {};
    for (const edit of edits) {
      if (edit.edit === "move_node" && edit.position) places[edit.id] = edit.position;
      if (edit.edit === "set_constant") {
        this.kernel.setState((state) =>
          withConstant(state, edit.id, edit.port, edit.value),
        );
      }
      if (edit.edit === "clear_constant") {
        this.typed.delete(`${edit.id} ${edit.port}`);
        this.kernel.setState((state) =>
          withConstant(state, edit.id, edit.port, undefined),
        );
      }
    }
    if (Object.keys(places).length) {
      this.kernel.setState((state) => withPositions(state, places));
    }
  }

  private onSnapshot(snapshot: Snapshot): void {
    this.arrived = [];
    this.put((state) => fromSnapshot(state, snapshot));
  }

  private onUpdates(updates: readonly Update[]): void {
    this.arrived.push(...updates);
    if (this.isScheduled) return;
    this.isScheduled = true;
    if (document.hidden) setTimeout(this.apply, HIDDEN_BEAT);
    else requestAnimationFrame(this.apply);
  }

  private readonly apply = () => {
    this.isScheduled = false;
    const updates = this.arrived;
    this.arrived = [];
    if (updates.length) this.put((state) => updates.reduce(after, state));
  };

  /** Takes what the kernel told; what is typed and not yet there stays on top. */
  private put(change: (state: KernelState) => KernelState): void {
    this.kernel.setState((state) => {
      let next = change(state);
      for (const { edit } of this.typed.values()) {
        next = withConstant(next, edit.id, edit.port, edit.value);
      }
      return next;
    });
    this.connection.expectNews(isActive(this.kernel.getState().run));
  }

  private onUnknown(kind: string): void {
    const text = `The kernel sent “${kind}”, which this editor does not know. Reload the page.`;
    const notice = { update: "notice_given", level: "error", text } as const;
    this.kernel.setState((state) => after(state, notice));
  }
}
