/** A run of the playground: nodes fire one after another, slowly enough to be watched. */

import { modeOf } from "../src/graph/modes";
import { linkKey } from "../src/graph/names";
import type {
  Inspection,
  NodeState,
  RunState,
  WireLink,
} from "../src/protocol/messages";
import { bundleOf } from "./fake-blocks";
import type { FakeKernel } from "./fake-kernel";

type Values = Record<string, unknown>;

const BEAT = 60;
let number = 0;

/** A question of the simplest kind. */
const PLAIN = {
  firing: 1,
  comment: false,
  form: [],
  is_whole: true,
  initial: {},
  until: 0,
  is_decision: false,
};

export class FakeRun {
  readonly nodes = new Map<string, NodeState>();
  readonly state: RunState;
  private readonly given = new Map<string, Values>();
  private readonly answers = new Map<string, unknown>();
  private readonly left = new Set<string>();
  private readonly startedAt = new Map<string, number>();
  private readonly began = Date.now();
  private beat: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly kernel: FakeKernel,
    private readonly inputs: Values,
  ) {
    this.state = {
      id: `run-${++number}`,
      status: "running",
      started: this.began / 1000,
      seconds: 0,
      failures: [],
      link_counts: {},
      is_ours: true,
      reason: "",
      at: 0,
    };
    for (const node of kernel.nodes.values()) {
      if (node.role === "note" || node.problem) continue;
      this.left.add(node.id);
      this.nodes.set(node.id, stateOf(node.id, "pending"));
    }
  }

  start(): void {
    this.tell([...this.nodes.keys()], true);
    this.beat = setInterval(() => this.step(), BEAT);
  }

  stop(): void {
    for (const id of this.left) this.put(id, { status: "stopped", running: 0 });
    this.end("stopped", [...this.left]);
  }

  inspect(id: string): Inspection {
    const state = this.nodes.get(id);
    const node = this.kernel.nodes.get(id);
    const given = Object.entries(this.given.get(id) ?? {});
    const taken = Object.entries(this.inputsOf(id));
    const value =
      (side: "input" | "output") =>
      ([port, x]: [string, unknown]) => ({
        port,
        side,
        type_name: typeof x === "string" ? "text" : typeof x,
        bundle: bundleOf(x),
        from_node:
          side === "input"
            ? (this.linksTo(id).find((l) => l.input === port)?.source ?? "")
            : "",
        note: "",
      });
    return {
      node: id,
      firing: 1,
      firings: state?.completed || state?.failed ? 1 : 0,
      status: state?.status ?? "pending",
      seconds: state?.seconds ?? 0,
      error: state?.error ?? "",
      traceback: state?.error ? `Traceback\n  in ${node?.block}\n${state.error}` : "",
      log: state?.status === "completed" ? ["started", "finished"] : [],
      reason: state?.reason ?? "",
      tries: [],
      question: state?.question ?? null,
      about: null,
      values: [...taken.map(value("input")), ...given.map(value("output"))].map(
        (it, at) => ({
          ...it,
          at,
          page: null,
          branch: null,
          raw: null,
          loads_image: false,
          length: 0,
        }),
      ),
    };
  }

  answer(id: string, answer: unknown): void {
    this.answers.set(id, answer);
    this.put(id, { status: "ready", question: null });
    this.state.status = "running";
  }

  valuesOf(id: string): Values | undefined {
    return this.given.get(id);
  }

  /** Whether nothing happens to a node until somebody answers. */
  private waits(id: string): boolean {
    const status = this.nodes.get(id)?.status;
    return status === "waiting" || (status === "pending" && !this.isNext(id));
  }

  private isNext(id: string): boolean {
    return this.linksTo(id).every((link) => this.given.has(link.source));
  }

  private modeOf(id: string): string {
    const node = this.kernel.nodes.get(id);
    return node ? modeOf(node) : "";
  }

  private step(): void {
    const changed = new Set<string>();
    for (const id of this.left) {
      if (this.nodes.get(id)?.status === "waiting") continue;
      const started = this.startedAt.get(id);
      const feeds = this.linksTo(id).map((link) => link.source);
      const block = this.kernel.block(this.kernel.nodes.get(id)?.block ?? "");
      if (!block) continue;
      const mode = this.modeOf(id);
      if (mode === "disabled") {
        this.leave(id, { status: "skipped", reason: "it is disabled" }, changed);
      } else if (mode === "pinned" && !this.given.has(id)) {
        this.given.set(id, this.kernel.nodes.get(id)?.options.pinned as Values);
        const reason = "its values are pinned";
        this.leave(id, { status: "reused", reason }, changed);
      } else if (feeds.some((feed) => this.nodes.get(feed)?.status === "failed")) {
        this.leave(id, { status: "skipped" }, changed);
      } else if (started === undefined && feeds.every((feed) => this.given.has(feed))) {
        if (block.asks && !this.answers.has(id)) {
          const question = { ...PLAIN, ...block.asks };
          this.put(id, { status: "waiting", question });
          changed.add(id);
          continue;
        }
        this.startedAt.set(id, Date.now());
        changed.add(id);
        this.put(id, { status: "running", running: 1 });
      } else if (started !== undefined) {
        const progress = (Date.now() - started) / block.takes;
        if (this.kernel.held.includes(id)) continue;
        if (progress >= 1) this.fire(id, changed);
        else if (block.takes > 1000) {
          changed.add(id);
          this.put(id, { progress, progress_text: "thinking…" });
        }
      }
    }
    const waiting = [...this.left].every((it) => this.waits(it));
    if (this.left.size > 0 && waiting) this.state.status = "waiting";
    if (changed.size) this.tell([...changed], false);
    if (this.left.size === 0) {
      this.end(this.state.failures.length ? "failed" : "completed", []);
    }
  }

  private fire(id: string, changed: Set<string>): void {
    const node = this.kernel.nodes.get(id);
    const block = this.kernel.block(node?.block ?? "");
    const seconds = (Date.now() - (this.startedAt.get(id) ?? 0)) / 1000;
    if (!node || !block) return;
    const ended = { running: 0, seconds, progress: null, progress_text: "" };
    try {
      const isInput = node.role === "input";
      const name = String(node.constants.name ?? "topic");
      const values = isInput
        ? { value: this.inputs[name] }
        : block.fire({ ...this.inputsOf(id), answer: this.answers.get(id) });
      this.given.set(id, values);
      const [port = "", value] = Object.entries(values)[0] ?? [];
      const preview = port ? bundleOf(value) : null;
      const shown = { preview, preview_port: port };
      this.leave(
        id,
        { ...ended, ...shown, status: "completed", completed: 1 },
        changed,
      );
      for (const link of this.kernel.links) {
        if (link.source === id) this.state.link_counts[linkKey(link)] = 1;
      }
    } catch (error) {
      const message = (error as Error).message;
      this.state.failures.push({
        node: id,
        port: "",
        message,
        level: "error",
        link: "",
        is_missing: false,
      });
      this.leave(
        id,
        { ...ended, status: "failed", failed: 1, error: message },
        changed,
      );
    }
  }

  private leave(id: string, part: Partial<NodeState>, changed: Set<string>): void {
    this.left.delete(id);
    changed.add(id);
    this.put(id, part);
  }

  private put(id: string, part: Partial<NodeState>): void {
    this.nodes.set(id, { ...(this.nodes.get(id) ?? stateOf(id, "pending")), ...part });
  }

  private end(status: RunState["status"], changed: string[]): void {
    clearInterval(this.beat);
    this.state.status = status;
    this.tell(changed, false);
  }

  private tell(ids: string[], isNew: boolean): void {
    this.state.seconds = (Date.now() - this.began) / 1000;
    const nodes = ids.flatMap((id) => this.nodes.get(id) ?? []);
    const run = structuredClone(this.state);
    this.kernel.tell({ update: "run_changed", run, nodes, is_new: isNew });
  }

  private linksTo(id: string): WireLink[] {
    return this.kernel.links.filter((link) => link.target === id);
  }

  private inputsOf(id: string): Values {
    const node = this.kernel.nodes.get(id);
    const values: Values = {};
    for (const { name, default: fallback } of node?.inputs ?? [])
      values[name] = fallback;
    Object.assign(values, node?.constants);
    for (const { source, output, input } of this.linksTo(id)) {
      values[input] = this.given.get(source)?.[output];
    }
    return values;
  }
}

const stateOf = (node: string, status: NodeState["status"]): NodeState => ({
  node,
  status,
  running: 0,
  completed: 0,
  failed: 0,
  waiting: 0,
  error: "",
  place: "",
  seconds: 0,
  progress: null,
  progress_text: "",
  preview: null,
  preview_port: "",
  reason: "",
  question: null,
});
