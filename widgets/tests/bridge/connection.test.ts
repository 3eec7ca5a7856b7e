import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Connection, type Hearer, type Phase } from "../../src/bridge/connection";
import { FakeModel } from "../../src/bridge/fake-model";
import type { FromView, Snapshot, Update } from "../../src/protocol/messages";

class Ear implements Hearer {
  heard: string[] = [];
  phases: Phase[] = [];
  busy: boolean[] = [];
  cuts: boolean[] = [];
  snapshots = 0;
  unknown: string[] = [];
  onSnapshot = () => void this.snapshots++;
  onUpdates = (updates: readonly Update[]) =>
    void this.heard.push(...updates.map((x) => ("text" in x ? x.text : x.update)));
  onPhase = (phase: Phase) => void this.phases.push(phase);
  onBusy = (isBusy: boolean) => void this.busy.push(isBusy);
  onCut = (isCut: boolean) => void this.cuts.push(isCut);
  onUnknown = (kind: string) => void this.unknown.push(kind);
}

const notice = (text: string): Update => ({
  update: "notice_given",
  level: "info",
  text,
});
let model: FakeModel;
let ear: Ear;
let connection: Connection;

beforeEach(() => {
  vi.useFakeTimers();
  model = new FakeModel();
  ear = new Ear();
  connection = new Connection(model, ear);
  connection.start();
});
afterEach(() => {
  connection.close();
  vi.useRealTimers();
});

const sent = (op: string) => model.sent.filter((message) => message.op === op);
const lastSync = () => sent("sync").at(-1) as Extract<FromView, { op: "sync" }>;

function snapshot(seq = 0, client = connection.client): void {
  model.tell({ kind: "snapshot", client, seq } as Snapshot);
}
function updates(first: number, ...texts: string[]): void {
  model.tell({ kind: "updates", client: "", first, updates: texts.map(notice) });
}
function reply(message: FromView | undefined, ok = true, error = "", code = ""): void {
  const { client = "", rid = 0 } = message ?? {};
  const result = { run: "r1" };
  model.tell({ kind: "reply", client, rid, ok, error, code, trouble: "", result });
}

/** What JupyterLab shows of a kernel: signals, told by the test. */
function fakeKernel() {
  const signal = () => {
    const slots = new Set<(sender: unknown, args: never) => void>();
    return {
      connect: (slot: (sender: unknown, args: never) => void) => slots.add(slot),
      disconnect: (slot: (sender: unknown, args: never) => void) => slots.delete(slot),
      emit: (args: unknown) => {
        for (const slot of slots) slot(null, args as never);
      },
    };
  };
  return {
    disposed: signal(),
    statusChanged: signal(),
    connectionStatusChanged: signal(),
  };
}

test("it asks for everything as soon as it starts", () => {
  expect(lastSync()).toMatchObject({
    op: "sync",
    since: -1,
    client: connection.client,
  });
});

test("what is asked before the snapshot is sent after it, in order", () => {
  const answers = [
    connection.request({ op: "stop", run: "" }),
    connection.request({ op: "save", force: false, over: "" }),
  ];
  expect(model.sent.map(({ op }) => op)).toEqual(["sync"]);
  snapshot();
  expect(model.sent.map(({ op }) => op)).toEqual(["sync", "stop", "save"]);
  expect(ear.phases).toEqual(["ready"]);
  for (const message of model.sent) reply(message);
  return Promise.all(answers);
});

test("a reply ends the request of its number only", async () => {
  snapshot();
  const first = connection.request({ op: "stop", run: "" });
  const second = connection.request({
    op: "run",
    inputs: {},
    reuse: false,
    from_node: "",
    only: [],
    step: false,
    in_line: false,
  });
  reply(sent("run")[0]);
  await expect(second).resolves.toEqual({ run: "r1" });
  reply(sent("stop")[0], false, "No run to stop.");
  await expect(first).rejects.toThrow("No run to stop.");
});

test("replies and snapshots for other views are none of its business", () => {
  snapshot(3, "another view");
  expect(ear.snapshots).toBe(0);
  expect(connection.phase).toBe("connecting");
});

test("a lost update is asked for after a short wait", () => {
  snapshot(0);
  updates(1, "a");
  updates(3, "c");
  expect(ear.heard).toEqual(["a"]);
  expect(sent("sync")).toHaveLength(1);
  vi.advanceTimersByTime(150);
  expect(lastSync().since).toBe(1);
  model.tell({
    kind: "updates",
    client: connection.client,
    first: 2,
    updates: [notice("b"), notice("c")],
  });
  expect(ear.heard).toEqual(["a", "b", "c"]);
});

test("updates in the wrong order are put right without asking", () => {
  snapshot(0);
  updates(2, "b");
  updates(1, "a");
  updates(2, "b");
  vi.advanceTimersByTime(1000);
  expect(ear.heard).toEqual(["a", "b"]);
  expect(sent("sync")).toHaveLength(1);
});

test("when what was asked for does not close the gap, everything is asked for", () => {
  snapshot(0);
  updates(5, "e");
  vi.advanceTimersByTime(150);
  model.tell({ kind: "updates", client: connection.client, first: 1, updates: [] });
  vi.advanceTimersByTime(150);
  expect(lastSync().since).toBe(-1);
});

test("an unanswered sync is repeated ever more rarely", () => {
  vi.advanceTimersByTime(2000);
  expect(sent("sync")).toHaveLength(2);
  vi.advanceTimersByTime(3900);
  expect(sent("sync")).toHaveLength(2);
  vi.advanceTimersByTime(200);
  expect(sent("sync")).toHaveLength(3);
  vi.advanceTimersByTime(600_000);
  expect(sent("sync").length).toBeLessThan(26);
});

test("a silence during a run leads to a sync, one at a time", () => {
  snapshot(4);
  connection.expectNews(true);
  vi.advanceTimersByTime(1300);
  expect(sent("sync")).toHaveLength(2);
  expect(lastSync().since).toBe(4);
  vi.advanceTimersByTime(200);
  expect(sent("sync")).toHaveLength(2);
  connection.expectNews(false);
  reply(lastSync());
  vi.advanceTimersByTime(60_000);
  expect(sent("sync")).toHaveLength(2);
});

test("no reply within 1.5 s means busy, until the reply comes", async () => {
  snapshot();
  const asked = connection.request({ op: "stop", run: "" });
  vi.advanceTimersByTime(1400);
  expect(ear.busy).toEqual([]);
  vi.advanceTimersByTime(200);
  expect(ear.busy).toEqual([true]);
  reply(sent("stop")[0]);
  expect(ear.busy).toEqual([true, false]);
  await asked;
});

test("a value that takes long to draw does not mean that the kernel is busy", async () => {
  snapshot();
  const asked = connection.request({ op: "inspect", node: "a", firing: null });
  vi.advanceTimersByTime(1600);
  reply(lastSync());
  vi.advanceTimersByTime(5000);
  expect(ear.busy).toEqual([]);
  reply(sent("inspect")[0]);
  await asked;
});

test("a kernel that does not even answer meanwhile is busy", async () => {
  snapshot();
  const asked = connection.request({ op: "inspect", node: "a", firing: null });
  vi.advanceTimersByTime(3200);
  expect(ear.busy).toEqual([true]);
  reply(lastSync());
  reply(sent("inspect")[0]);
  expect(ear.busy).toEqual([true, false]);
  await asked;
});

test("a request is given up after a minute", async () => {
  snapshot();
  const asked = connection.request({ op: "stop", run: "" });
  const refused = expect(asked).rejects.toThrow("has not answered");
  vi.advanceTimersByTime(61_000);
  await refused;
});

test("a send that fails means that the kernel was restarted", async () => {
  snapshot();
  const open = connection.request({ op: "stop", run: "" });
  model.isDead = true;
  const next = connection.request({ op: "save", force: false, over: "" });
  await expect(open).rejects.toThrow("kernel was restarted");
  await expect(next).rejects.toThrow("kernel was restarted");
  expect(ear.phases).toEqual(["ready", "lost"]);
  await expect(connection.request({ op: "stop", run: "" })).rejects.toThrow(
    "restarted",
  );
});

test("a comm that died is noticed without anybody asking", () => {
  snapshot();
  model.isDead = true;
  model.emit("comm_live_update");
  expect(ear.phases).toEqual(["ready", "lost"]);
});

test("a kernel that was shut down is noticed before anything is sent", () => {
  const kernel = fakeKernel();
  Object.assign(model, { widget_manager: { kernel } });
  connection.close();
  connection = new Connection(model, ear);
  connection.start();
  snapshot();
  kernel.connectionStatusChanged.emit("connecting");
  kernel.connectionStatusChanged.emit("connected");
  expect(ear.cuts).toEqual([true, false]);
  kernel.statusChanged.emit("busy");
  expect(ear.phases).toEqual(["ready"]);
  kernel.disposed.emit(undefined);
  expect(ear.phases).toEqual(["ready", "lost"]);
  connection.close();
  kernel.connectionStatusChanged.emit("connecting");
  expect(ear.cuts).toEqual([true, false]);
});

test("a kernel that speaks again is heard again", () => {
  snapshot(2);
  model.isDead = true;
  model.emit("comm_live_update");
  model.isDead = false;
  updates(3, "c");
  expect(lastSync().since).toBe(-1);
  snapshot(3);
  expect(connection.phase).toBe("ready");
});

test("a change of the run's trait leads to a sync: a message may be lost", () => {
  snapshot(7);
  model.set("run_status", "completed");
  expect(lastSync().since).toBe(7);
});

test("a message of an unknown kind is told, not swallowed", () => {
  model.emit("msg:custom", { kind: "fanfare" }, []);
  expect(ear.unknown).toEqual(["fanfare"]);
});

test("after closing nothing is heard and nothing sent", () => {
  snapshot();
  connection.close();
  updates(1, "a");
  vi.advanceTimersByTime(60_000);
  expect(ear.heard).toEqual([]);
  expect(sent("sync")).toHaveLength(1);
});
