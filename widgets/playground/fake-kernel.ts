/** A kernel of a few hundred lines: keeps a graph, judges edits, plays runs. No Python. */

import type { FakeKernel as Answer } from "../src/bridge/fake-model";
import { plainOf } from "../src/graph/diff";
import { linkKey } from "../src/graph/names";
import type {
  Edit,
  FromView,
  NodeState,
  PlainGraph,
  ToView,
  Update,
  WireFault,
  WireGraph,
  WireLink,
  WireNode,
  WireVersion,
} from "../src/protocol/messages";
import { BLOCKS } from "./fake-blocks";
import { FakeGraph } from "./fake-graph";
import { OPTIONS } from "./fake-options";
import { FakeRun } from "./fake-run";

type Reply = Pick<
  Extract<ToView, { kind: "reply" }>,
  "ok" | "error" | "code" | "result"
>;

class SaveConflict extends Error {
  override readonly name = "SaveConflict";
}

export class FakeKernel extends FakeGraph {
  readOnly = "";
  /** Set to answer the next save like one that meets a change made elsewhere. */
  hasConflict = false;
  /** What a save meets in its place. */
  theirs: PlainGraph | undefined;
  private readonly kept: { version: WireVersion; plain: PlainGraph }[] = [];
  /** What it finds wrong with the constants of a node. */
  judge: (values: Record<string, unknown>) => WireFault[] = () => [];
  /** The nodes whose firings do not end while they are named here. */
  held: readonly string[] = [];
  /** Set to leave every message unanswered, as a busy kernel does. */
  isBusy = false;
  private seq = 0;
  private revision = 1;
  private version = 3;
  private isSaved = true;
  private run: FakeRun | null = null;
  private waiting: (() => void)[] = [];
  private listeners = new Set<(message: ToView) => void>();

  /** Answers a view; its `tell` is kept for what every view is told. */
  readonly answer: Answer = (message, tell) => {
    this.listeners.add(tell);
    const answer = () => this.take(message, tell);
    if (this.isBusy) this.waiting.push(answer);
    else setTimeout(answer, 8);
  };

  /** Goes on after being busy. */
  resume(): void {
    this.isBusy = false;
    for (const answer of this.waiting.splice(0)) answer();
  }

  tell(...updates: Update[]): void {
    const first = this.seq + 1;
    this.seq += updates.length;
    for (const tell of this.listeners)
      tell({ kind: "updates", client: "", first, updates });
  }

  private take(message: FromView, tell: (message: ToView) => void): void {
    const { client, rid } = message;
    let reply: Reply = { ok: true, error: "", code: "", result: null };
    try {
      reply.result = this.carry(message, tell);
    } catch (error) {
      const { message, name } = error as Error;
      reply = { ok: false, error: message, code: name, result: null };
    }
    if (message.op !== "sync")
      tell({ kind: "reply", client, rid, trouble: "", ...reply });
  }

  private carry(message: FromView, tell: (message: ToView) => void): unknown {
    switch (message.op) {
      case "sync":
        tell(this.snapshot(message.client));
        return null;
      case "edit":
        return this.edit(message.edits, message.client);
      case "run":
        this.run?.stop();
        this.run = new FakeRun(this, message.inputs);
        this.run.start();
        return { run: this.run.state.id };
      case "stop":
        this.run?.stop();
        return null;
      case "answer":
        this.run?.answer(message.node, message.answer);
        return { run: this.run?.state.id };
      case "pin": {
        const pinned = this.run?.valuesOf(message.node);
        if (!pinned) throw new Error("It has given nothing yet.");
        const { node: id } = message;
        const edit = {
          edit: "set_option",
          id,
          option: "pinned",
          value: pinned,
        } as const;
        return this.edit([edit], "");
      }
      case "save":
        return this.save(message.force || message.over !== "");
      case "check":
        return { faults: this.judge(message.values) };
      case "versions":
        return {
          versions: this.kept.map(({ version }) => version).reverse(),
        };
      case "look":
        return this.look(message.key);
      case "inspect":
        return this.run?.inspect(message.node) ?? null;
      default:
        throw new Error(`The playground's kernel knows no “${message.op}”.`);
    }
  }

  private snapshot(client: string): ToView {
    const run = this.run?.state ?? null;
    const nodes: NodeState[] = [...(this.run?.nodes.values() ?? [])];
    const blocks = BLOCKS.map(
      ({ inputs, outputs, takes, isSticky, fire, ...wire }) => wire,
    );
    const graph = this.wire();
    const version = "playground";
    return {
      kind: "snapshot",
      client,
      seq: this.seq,
      graph,
      blocks,
      options: OPTIONS,
      run,
      nodes,
      stale: {},
      runs: { update: "runs_changed", runs: [], waiting: [] },
      version,
    };
  }

  private wire(): WireGraph {
    return {
      name: this.name,
      description: "",
      revision: this.revision,
      nodes: [...this.nodes.values()],
      links: this.links,
      problems: this.problems(),
      inputs: this.inputs(),
      read_only: this.readOnly,
      is_saved: this.isSaved,
      saved_as: `version ${this.version}`,
      undo: "",
      redo: "",
    };
  }

  private save(force: boolean) {
    if (this.hasConflict && !force) {
      throw new SaveConflict(
        `${this.name} was changed elsewhere since you opened it; nothing was saved.`,
      );
    }
    this.hasConflict = false;
    this.isSaved = true;
    this.version += 1;
    this.keep();
    this.tellGraph([], [], [], []);
    return { saved_as: `version ${this.version}` };
  }

  /** Keeps the graph as it is now as the newest version. */
  keep(): void {
    const { version: number, name } = this;
    const links = Object.fromEntries(this.links.map((link) => [linkKey(link), link]));
    const plain = plainOf(name, Object.fromEntries(this.nodes), links);
    const hash = `hash ${number}`;
    const version = {
      key: `version:${number}`,
      kind: "version",
      name: `Version ${number}`,
      note: "",
      at: Date.now() / 1000,
      is_open: true,
    } as const;
    for (const it of this.kept) it.version.is_open = false;
    this.kept.push({
      version: { ...version },
      plain: structuredClone({ ...plain, hash }),
    });
  }

  private look(key: string): PlainGraph {
    if (key === "" && this.theirs) return this.theirs;
    const found = this.kept.find((it) => key === "" || it.version.key === key);
    if (!found) throw new Error("There is no such version.");
    return found.plain;
  }

  private edit(edits: Edit[], client: string): null {
    if (this.readOnly) throw new Error(`The agent is open read-only: ${this.readOnly}`);
    const nodesBefore = new Map(this.nodes);
    const linksBefore = this.links;
    this.apply(...edits);
    this.revision += 1;
    this.isSaved = false;
    const nodes = [...this.nodes.values()].filter((x) => nodesBefore.get(x.id) !== x);
    const gone = [...nodesBefore.keys()].filter((id) => !this.nodes.has(id));
    const links = this.links.filter((link) => !linksBefore.includes(link));
    const cut = linksBefore.filter((link) => !this.links.includes(link));
    this.tellGraph(nodes, gone, links, cut, client);
    return null;
  }

  private tellGraph(
    nodes: WireNode[],
    removed_nodes: string[],
    links: WireLink[],
    removed_links: WireLink[],
    by = "",
  ): void {
    const { nodes: _, links: __, read_only: ___, ...about } = this.wire();
    const judged = ["", ...this.nodes.keys(), ...removed_nodes];
    const changed = { nodes, removed_nodes, links, removed_links, judged, by };
    this.tell({ update: "graph_changed", ...about, ...changed, changed: [] });
  }
}
