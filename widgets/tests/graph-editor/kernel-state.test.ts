import { expect, test } from "vitest";
import {
  after,
  canStop,
  createKernelState,
  fromSnapshot,
  isActive,
  type KernelState,
} from "../../src/graph-editor/kernel-state";
import type {
  BlocksChanged,
  GraphChanged,
  RunChanged,
  RunState,
  Snapshot,
  WireLink,
  WireNode,
} from "../../src/protocol/messages";

const node = (id: string, part: Partial<WireNode> = {}) =>
  ({ id, x: 0, y: 0, constants: {}, ...part }) as WireNode;
const link: WireLink = {
  source: "a",
  output: "text",
  target: "b",
  input: "prompt",
  sticky: false,
  types: ["text"],
};
const about = {
  name: "Brief",
  problems: [],
  inputs: [],
  is_saved: true,
  saved_as: "v1",
};

function known(): KernelState {
  const graph = { ...about, nodes: [node("a"), node("b")], links: [link] };
  const runs = { runs: [], waiting: [] };
  const none = { blocks: [], options: [], run: null, nodes: [], stale: {} };
  const snapshot = { graph, runs, ...none };
  const told = snapshot as unknown as Snapshot;
  return fromSnapshot(createKernelState().getState(), told);
}
const change = (part: Partial<GraphChanged>): GraphChanged =>
  ({
    update: "graph_changed",
    nodes: [],
    changed: [],
    judged: [],
    removed_nodes: [],
    links: [],
    removed_links: [],
    ...about,
    ...part,
  }) as GraphChanged;
const run = (status: RunState["status"]) => ({ status, link_counts: {} }) as RunState;
const ran = (part: Partial<RunChanged>): RunChanged =>
  ({
    update: "run_changed",
    run: run("running"),
    nodes: [],
    is_new: false,
    ...part,
  }) as RunChanged;

test("a snapshot is all there is", () => {
  const state = known();
  expect(Object.keys(state.nodes)).toEqual(["a", "b"]);
  expect(Object.keys(state.links)).toEqual(["a.text -> b.prompt"]);
  expect(state.about.name).toBe("Brief");
});

test("a change leaves the objects of other nodes as they are", () => {
  const state = known();
  const next = after(state, change({ nodes: [node("b", { title: "New" })] }));
  expect(next.nodes.a).toBe(state.nodes.a);
  expect(next.nodes.b?.title).toBe("New");
});

test("nodes and links that went are gone, with the state of the node", () => {
  const state = after(
    known(),
    ran({ nodes: [{ node: "b", status: "failed" } as never] }),
  );
  const next = after(state, change({ removed_nodes: ["b"], removed_links: [link] }));
  expect(Object.keys(next.nodes)).toEqual(["a"]);
  expect(next.links).toEqual({});
  expect(next.states.b).toBeUndefined();
});

test("of a node with the same ports only the rest is told, and stays over them", () => {
  const before = known();
  const [first] = Object.values(before.nodes);
  if (!first) throw new Error("there is no node");
  const { id, title, own_title, options, x, y } = first;
  const colour = "";
  const part = {
    id,
    title,
    own_title,
    options,
    x,
    y,
    colour,
    constants: { text: "new" },
  };
  const state = after(before, change({ changed: [part] }));
  expect(state.nodes[id]).toEqual({ ...first, colour, constants: { text: "new" } });
  expect(state.nodes[id]?.inputs).toBe(first.inputs);
});

test("problems are told for the nodes that were judged again", () => {
  const problem = (node: string, message: string) => ({
    node,
    message,
    port: "",
    level: "error" as const,
    link: "",
    is_missing: false,
  });
  const old = [problem("a", "old"), problem("b", "stays")];
  const before = after(known(), change({ judged: ["a", "b"], problems: old }));
  const same = after(before, change({ judged: [] }));
  expect(same.about.problems).toBe(before.about.problems);
  const now = after(before, change({ judged: ["a"], problems: [problem("a", "new")] }));
  expect(now.about.problems.map((it) => it.message)).toEqual(["stays", "new"]);
});

test("moves change places only", () => {
  const moved = {
    update: "nodes_moved",
    undo: "",
    redo: "",
    revision: 9,
    positions: { a: [5, 6] },
  } as const;
  const next = after(known(), {
    ...moved,
    positions: { a: [5, 6] },
    is_saved: false,
    by: "",
  });
  expect(next.nodes.a).toMatchObject({ x: 5, y: 6 });
  expect(next.about).toMatchObject({ revision: 9, is_saved: false });
});

test("a move of a node that is gone does no harm", () => {
  const update = {
    update: "nodes_moved",
    undo: "",
    redo: "",
    revision: 1,
    is_saved: true,
    by: "",
  } as const;
  const next = after(known(), { ...update, positions: { ghost: [1, 2] } });
  expect(next.nodes.ghost).toBeUndefined();
});

test("a new run forgets what the last one left; an update of it does not", () => {
  const failed = { node: "a", status: "failed" } as never;
  const state = after(known(), ran({ nodes: [failed] }));
  expect(after(state, ran({})).states.a?.status).toBe("failed");
  expect(after(state, ran({ is_new: true })).states).toEqual({});
});

test("a block that was defined again takes the place of the old one", () => {
  const block = (title: string) => ({ id: "mine.double", title }) as never;
  const told = (title: string): BlocksChanged => ({
    update: "blocks_changed",
    blocks: [block(title)],
  });
  const state = after(after(known(), told("Double")), told("Twice"));
  expect(state.blocks.map(({ title }) => title)).toEqual(["Twice"]);
});

test("notices are numbered, and only the last are kept", () => {
  let state = known();
  for (let i = 0; i < 50; i++) {
    state = after(state, { update: "notice_given", level: "info", text: `${i}` });
  }
  expect(state.notices).toHaveLength(20);
  expect(state.notices.at(-1)).toMatchObject({ id: 50, notice: { text: "49" } });
});

test("a run that waits can be stopped, and another one started beside it", () => {
  for (const status of ["waiting", "needs_decision"] as const) {
    expect([isActive(run(status)), canStop(run(status))]).toEqual([false, true]);
  }
  expect([isActive(run("running")), canStop(run("running"))]).toEqual([true, true]);
  expect([isActive(run("failed")), canStop(run("failed"))]).toEqual([false, false]);
  expect([isActive(null), canStop(null)]).toEqual([false, false]);
});
