/**
 * What the kernel told: the graph, the blocks and the run. One store per model, shared by
 * all its views. The kernel wins; what a view guesses ahead is written over by what it says.
 * What only a view needs to know lives in local-state.ts.
 */

import { createStore } from "zustand/vanilla";
import type { Phase } from "../bridge/connection";
import type { Draft } from "../bridge/drafts";
import type { Difference } from "../graph/diff";
import { linkKey } from "../graph/names";
import type {
  GraphChanged,
  InLine,
  NodeState,
  NoticeGiven,
  OptionGroup,
  RunChanged,
  RunLook,
  RunState,
  Snapshot,
  Update,
  WireBlock,
  WireGraph,
  WireLink,
  WireNode,
  WireProblem,
} from "../protocol/messages";

/** A draft, and what of it could be brought back; `clashes` was changed since, too. */
export interface Recovery {
  draft: Draft;
  fits: Difference[];
  clashes: Difference[];
}

export interface KernelState {
  phase: Phase;
  /** A request has had no reply for a while: the kernel is busy with a cell. */
  isBusy: boolean;
  /** The line to the kernel is broken: what is sent waits. */
  isCut: boolean;
  about: Omit<WireGraph, "nodes" | "links">;
  nodes: Record<string, WireNode>;
  links: Record<string, WireLink>;
  blocks: readonly WireBlock[];
  /** Every option of a node, in groups. */
  options: readonly OptionGroup[];
  run: RunState | null;
  states: Record<string, NodeState>;
  /** Every run of the agent in this kernel, the newest first, and those in line. */
  runs: readonly RunLook[];
  waiting: readonly InLine[];
  /** The nodes that were changed since the run, and why: those behind them are not in. */
  stale: Record<string, string>;
  /** What an earlier kernel took with it and could be brought back. */
  recovery: Recovery | null;
  /** Numbered, so that each view shows each of them once. */
  notices: readonly { id: number; notice: NoticeGiven }[];
}

const EMPTY: KernelState = {
  phase: "connecting",
  isBusy: false,
  isCut: false,
  about: {
    name: "",
    description: "",
    revision: 0,
    problems: [],
    inputs: [],
    read_only: "",
    is_saved: true,
    saved_as: "",
    undo: "",
    redo: "",
  },
  nodes: {},
  links: {},
  blocks: [],
  options: [],
  run: null,
  states: {},
  runs: [],
  waiting: [],
  stale: {},
  recovery: null,
  notices: [],
};
const NOTICES_KEPT = 20;

export const createKernelState = () => createStore<KernelState>(() => EMPTY);

const byId = <T extends { id: string }>(items: readonly T[]) =>
  Object.fromEntries(items.map((item) => [item.id, item]));

/** The state that a snapshot describes. */
export function fromSnapshot(state: KernelState, snapshot: Snapshot): KernelState {
  const { nodes, links, ...about } = snapshot.graph;
  return {
    ...state,
    about,
    nodes: byId(nodes),
    links: Object.fromEntries(links.map((link) => [linkKey(link), link])),
    blocks: snapshot.blocks,
    options: snapshot.options,
    run: snapshot.run,
    stale: snapshot.stale,
    runs: snapshot.runs.runs,
    waiting: snapshot.runs.waiting,
    states: Object.fromEntries(snapshot.nodes.map((node) => [node.node, node])),
  };
}

/** The state after one more update. */
export function after(state: KernelState, update: Update): KernelState {
  switch (update.update) {
    case "graph_changed":
      return afterGraphChanged(state, update);
    case "nodes_moved":
      return {
        ...withPositions(state, update.positions),
        about: {
          ...state.about,
          revision: update.revision,
          is_saved: update.is_saved,
          undo: update.undo,
          redo: update.redo,
        },
      };
    case "blocks_changed":
      return { ...state, blocks: withBlocks(state.blocks, update.blocks) };
    case "run_changed":
      return afterRunChanged(state, update);
    case "runs_changed":
      return { ...state, runs: update.runs, waiting: update.waiting };
    case "stale_changed":
      return { ...state, stale: update.stale };
    case "notice_given": {
      const id = (state.notices.at(-1)?.id ?? 0) + 1;
      const notices = [...state.notices, { id, notice: update }].slice(-NOTICES_KEPT);
      return { ...state, notices };
    }
  }
}

function afterGraphChanged(state: KernelState, change: GraphChanged): KernelState {
  const nodes = { ...state.nodes, ...byId(change.nodes) };
  for (const part of change.changed) {
    const whole = nodes[part.id];
    if (whole) nodes[part.id] = { ...whole, ...part };
  }
  const links = { ...state.links };
  const states = change.removed_nodes.length ? { ...state.states } : state.states;
  for (const id of change.removed_nodes) {
    delete nodes[id];
    delete states[id];
  }
  for (const link of change.removed_links) delete links[linkKey(link)];
  for (const link of change.links) links[linkKey(link)] = link;
  const { name, description, revision, is_saved, saved_as } = change;
  const inputs = change.inputs ?? state.about.inputs;
  const problems = afterJudging(state.about.problems, change);
  const told = { name, description, revision, problems, inputs, is_saved, saved_as };
  const { undo, redo } = change;
  const about = { ...state.about, ...told, undo, redo };
  return { ...state, nodes, links, states, about };
}

/** The same list while nothing of it changed: every node asks for its own. */
function afterJudging(before: readonly WireProblem[], change: GraphChanged) {
  if (change.judged.length === 0) return before as WireProblem[];
  const judged = new Set(change.judged);
  return [...before.filter(({ node }) => !judged.has(node)), ...change.problems];
}

function afterRunChanged(state: KernelState, change: RunChanged): KernelState {
  const states = change.is_new ? {} : { ...state.states };
  for (const node of change.nodes) states[node.node] = node;
  return { ...state, run: change.run, states };
}

function withBlocks(known: readonly WireBlock[], changed: readonly WireBlock[]) {
  const blocks = new Map([...known, ...changed].map((block) => [block.id, block]));
  return [...blocks.values()];
}

/** The state with nodes standing elsewhere. */
export function withPositions(
  state: KernelState,
  positions: Record<string, [number, number]>,
): KernelState {
  const nodes = { ...state.nodes };
  for (const [id, [x, y]] of Object.entries(positions)) {
    const node = nodes[id];
    if (node) nodes[id] = { ...node, x, y };
  }
  return { ...state, nodes };
}

/** The state with a constant set, or taken back when `value` is undefined. */
export function withConstant(
  state: KernelState,
  id: string,
  port: string,
  value: unknown,
): KernelState {
  const node = state.nodes[id];
  if (!node) return state;
  const constants = { ...node.constants };
  if (value === undefined) delete constants[port];
  else constants[port] = value;
  return { ...state, nodes: { ...state.nodes, [id]: { ...node, constants } } };
}

/** Whether the run that is shown goes on; one whose film stands in the past does not. */
export const isActive = (run: RunState | null): boolean =>
  run !== null && !run.at && ["queued", "running"].includes(run.status);

/** A run that waits for somebody can be stopped too, though nobody carries it out. */
export const canStop = (run: RunState | null): boolean =>
  isActive(run) || run?.status === "waiting" || run?.status === "needs_decision";
