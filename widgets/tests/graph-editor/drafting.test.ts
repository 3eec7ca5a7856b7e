import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeKernel } from "../../playground/fake-kernel";
import { GRAPHS } from "../../playground/graphs";
import type { Draft, Drafts } from "../../src/bridge/drafts";
import { FakeModel } from "../../src/bridge/fake-model";
import { Session } from "../../src/graph-editor/session";

class KeptDrafts implements Drafts {
  readonly kept = new Map<string, Draft>();
  all = async () => structuredClone([...this.kept.values()]);
  put = async (draft: Draft) => {
    this.kept.set(draft.id, structuredClone(draft));
  };
  remove = async (id: string) => {
    this.kept.delete(id);
  };
}

let drafts: KeptDrafts;
const open: Session[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  drafts = new KeptDrafts();
});
afterEach(() => {
  for (const session of open.splice(0)) session.close();
  vi.useRealTimers();
});

async function view(id: string, kernel = fresh()) {
  const model = new FakeModel({ own_id: id }, kernel.answer);
  const session = new Session(model);
  open.push(session);
  session.keepDrafts(drafts);
  session.start();
  await vi.advanceTimersByTimeAsync(600);
  return { kernel, model, session };
}

function fresh(): FakeKernel {
  const kernel = new FakeKernel();
  GRAPHS.pair?.(kernel);
  return kernel;
}

const setting = {
  edit: "set_constant",
  id: "ask",
  port: "prompt",
  value: "Why?",
} as const;

test("what a kernel took with it is offered and brought back", async () => {
  const first = await view("one");
  first.session.edit([setting, { edit: "add_node", block: "text.split", id: "new" }]);
  await vi.advanceTimersByTimeAsync(1000);
  expect([...drafts.kept.keys()]).toEqual(["one"]);

  const { kernel, session } = await view("two");
  const { recovery } = session.kernel.getState();
  expect(recovery?.fits.map(({ kind }) => kind)).toEqual(["changed", "added"]);
  const isAll = session.drafting?.recover();
  await vi.advanceTimersByTimeAsync(1000);
  expect(await isAll).toBe(true);
  expect(kernel.nodes.get("ask")?.constants.prompt).toBe("Why?");
  expect(kernel.nodes.has("new")).toBe(true);
  expect(session.kernel.getState().recovery).toBeNull();
  expect([...drafts.kept.keys()]).toEqual(["two"]);
});

test("what is saved leaves no draft", async () => {
  const { session } = await view("one");
  session.edit([setting]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(drafts.kept.size).toBe(1);
  session.request({ op: "save", force: false, over: "" });
  await vi.advanceTimersByTimeAsync(1000);
  expect(drafts.kept.size).toBe(0);
});

test("an edit that a busy kernel has not heard outlives the page", async () => {
  const { kernel, session } = await view("one");
  kernel.isBusy = true;
  session.edit([{ edit: "add_node", block: "text.split", id: "new" }]).catch(() => {});
  await vi.advanceTimersByTimeAsync(1000);
  session.close(); // the page is gone, and with it what it had sent

  const again = await view("one", fresh());
  await vi.advanceTimersByTimeAsync(1000);
  expect(again.kernel.nodes.has("new")).toBe(true);
  expect(again.session.kernel.getState().recovery).toBeNull();
});

test("of another agent, nothing is offered; what is forgotten is gone", async () => {
  const { session } = await view("one");
  session.edit([setting]);
  await vi.advanceTimersByTimeAsync(1000);
  const other = fresh();
  other.name = "Other";
  expect((await view("two", other)).session.kernel.getState().recovery).toBeNull();
  const same = await view("three");
  expect(same.session.kernel.getState().recovery).not.toBeNull();
  await same.session.drafting?.discard();
  expect(drafts.kept.has("one")).toBe(false);
});
