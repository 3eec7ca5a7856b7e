import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeKernel } from "../../playground/fake-kernel";
import { GRAPHS } from "../../playground/graphs";
import { FakeModel } from "../../src/bridge/fake-model";
import { Actions } from "../../src/graph-editor/actions";
import { createLocalState } from "../../src/graph-editor/local-state";
import { Session } from "../../src/graph-editor/session";
import type { Edit } from "../../src/protocol/messages";

let kernel: FakeKernel;
let model: FakeModel;
let session: Session;

beforeEach(async () => {
  vi.useFakeTimers();
  kernel = new FakeKernel();
  GRAPHS.brief?.(kernel);
  model = new FakeModel({}, kernel.answer);
  session = new Session(model);
  session.start();
  await vi.advanceTimersByTimeAsync(50);
});
afterEach(() => {
  session.close();
  vi.useRealTimers();
});

const constant = (value: unknown): Edit => ({
  edit: "set_constant",
  id: "page",
  port: "address",
  value,
});
const shown = () => session.kernel.getState().nodes.page?.constants.address;
const sentEdits = () => model.sent.flatMap((x) => (x.op === "edit" ? [x.edits] : []));
const pass = (time: number) => vi.advanceTimersByTimeAsync(time);

test("typing shows at once and is sent once, when it rests", async () => {
  for (const text of ["h", "ht", "htt"]) {
    session.edit([constant(text)]);
    await pass(100);
  }
  expect(shown()).toBe("htt");
  expect(sentEdits()).toEqual([]);
  await pass(300);
  expect(sentEdits()).toEqual([[constant("htt")]]);
});

test("any other edit sends first what is typed", async () => {
  session.edit([constant("x")]);
  session.edit([{ edit: "set_title", id: "page", title: "Page" }]);
  await pass(50);
  expect(sentEdits().map(([edit]) => edit?.edit)).toEqual([
    "set_constant",
    "set_title",
  ]);
});

test("an older state of the node does not write over what is being typed", async () => {
  session.edit([constant("new")]);
  kernel.apply({ edit: "set_title", id: "page", title: "Elsewhere" });
  session.connection.startOver();
  await pass(100);
  expect(session.kernel.getState().nodes.page?.title).toBe("Elsewhere");
  expect(shown()).toBe("new");
});

test("a move shows before the kernel has answered", () => {
  session.edit([{ edit: "move_node", id: "page", position: [7, 8] }]).catch(() => {});
  expect(session.kernel.getState().nodes.page).toMatchObject({ x: 7, y: 8 });
});

test("a block added twice before the kernel has answered becomes two nodes", async () => {
  const actions = new Actions(session, createLocalState());
  const added = [1, 2].map(() => actions.add("text.split", { x: 0, y: 0 }));
  await pass(100);
  expect(await Promise.all(added)).toEqual(["split", "split-2"]);
  expect([...kernel.nodes.keys()]).toEqual(
    expect.arrayContaining(["split", "split-2"]),
  );
});

test("a refused edit is told, and the true graph comes back", async () => {
  kernel.readOnly = "because";
  const refused = expect(
    session.edit([{ edit: "move_node", id: "page", position: [7, 8] }]),
  ).rejects.toThrow("read-only: because");
  await pass(100);
  await refused;
  expect(session.kernel.getState().nodes.page).toMatchObject({ x: 310, y: 260 });
  expect(session.kernel.getState().about.read_only).toBe("because");
});

test("a restarted kernel shows in the state", () => {
  model.isDead = true;
  model.emit("comm_live_update");
  expect(session.kernel.getState().phase).toBe("lost");
});

test("updates of a run are applied together, once per frame", async () => {
  let changes = 0;
  session.kernel.subscribe(() => changes++);
  for (let i = 0; i < 100; i++) {
    kernel.tell({ update: "notice_given", level: "info", text: `${i}` });
  }
  await pass(20);
  expect(changes).toBe(1);
  expect(session.kernel.getState().notices.at(-1)?.notice.text).toBe("99");
});
