import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { FakeModel } from "../../src/bridge/fake-model";
import { Actions } from "../../src/graph-editor/actions";
import { EarlierRuns } from "../../src/graph-editor/earlier-runs";
import { FilmStrip } from "../../src/graph-editor/film-strip";
import { createLocalState } from "../../src/graph-editor/local-state";
import { RunComparison } from "../../src/graph-editor/run-comparison";
import { Session } from "../../src/graph-editor/session";
import { type View, ViewContext } from "../../src/graph-editor/view";
import type { RunState } from "../../src/protocol/messages";

const RUN: RunState = {
  id: "run-1",
  status: "completed",
  started: 0,
  seconds: 1,
  failures: [],
  link_counts: {},
  is_ours: true,
  reason: "",
  at: 0,
};
const LAST = 9;

type Asked = { op: string } & Record<string, unknown>;

/** A view whose kernel is this function; each question waits until it is let go. */
function opened(answer: (ask: Asked) => unknown) {
  const session = new Session(new FakeModel());
  const asked: Asked[] = [];
  const held: (() => void)[] = [];
  session.request = (ask) => {
    asked.push(ask as Asked);
    return new Promise((resolve, reject) => {
      held.push(() => {
        try {
          resolve(answer(ask as Asked));
        } catch (error) {
          reject(error);
        }
      });
    });
  };
  session.kernel.setState({ run: RUN, phase: "ready" });
  const local = createLocalState();
  local.setState({ isFilmOpen: true, isTimelineOpen: false });
  const actions = new Actions(session, local);
  const view = { session, local, actions, root: document.body } as unknown as View;
  const letGo = () =>
    act(async () => {
      while (held.length) {
        held.shift()?.();
        await Promise.resolve();
      }
    });
  return { view, session, asked, letGo };
}

const frame = (at: number) => ({
  at,
  last: LAST,
  seconds: at / 10,
  said: `event ${at}`,
  node: "a",
  place: at === 4 ? "a.result" : "",
  value: at === 4 ? "10" : "",
});

function film() {
  const made = opened((ask) => {
    if (ask.op !== "seek") return { run: "run-2" };
    const at = (ask.at as number | null) ?? LAST;
    const run = { ...RUN, at: ask.at === null ? 0 : at };
    made.session.kernel.setState({ run });
    return frame(at);
  });
  render(
    <ViewContext value={made.view}>
      <FilmStrip />
    </ViewContext>,
  );
  const seeks = () => made.asked.filter(({ op }) => op === "seek").map(({ at }) => at);
  return { ...made, seeks };
}

afterEach(cleanup);
const button = (name: string) => screen.getByRole("button", { name });

describe("the film of a run", () => {
  it("steps back and on, and at its end stands as the run does", async () => {
    const { letGo, seeks } = film();
    await letGo();
    screen.getByText("9 / 9");
    fireEvent.click(button("One event back"));
    await letGo();
    screen.getByText("8 / 9");
    screen.getByText(/event 8/);
    fireEvent.click(button("One event on"));
    await letGo();
    expect(seeks().at(-1)).toBeNull();
    fireEvent.click(button("To the beginning"));
    await letGo();
    screen.getByText("1 / 9");
    expect(button("One event back")).toHaveProperty("disabled", true);
  });

  it("asks one place at a time while it is dragged, the last of them at the end", async () => {
    const { letGo, seeks } = film();
    await letGo();
    const before = seeks().length;
    const slider = screen.getByRole("slider", { name: "Event" });
    for (const value of [8, 6, 5, 3]) fireEvent.change(slider, { target: { value } });
    expect(seeks().slice(before)).toEqual([8]);
    await letGo();
    await letGo();
    expect(seeks().slice(before)).toEqual([8, 3]);
    screen.getByText("3 / 9");
  });

  it("goes on from a value that is changed, and from one that is not", async () => {
    const { letGo, asked } = film();
    await letGo();
    fireEvent.change(screen.getByRole("slider"), { target: { value: 4 } });
    await letGo();
    fireEvent.click(button("Continue from here"));
    const field = screen.getByRole("textbox");
    expect(field).toHaveProperty("value", "10");
    fireEvent.click(button("Continue"));
    await letGo();
    expect(asked.at(-1)).toMatchObject({ op: "fork", at: 4, is_changed: false });
    fireEvent.click(button("Continue from here"));
    fireEvent.change(screen.getByRole("textbox"), { target: { value: "99" } });
    fireEvent.click(button("Continue with this value"));
    await letGo();
    expect(asked.at(-1)).toMatchObject({
      op: "fork",
      at: 4,
      is_changed: true,
      value: "99",
    });
  });
});

describe("earlier runs", () => {
  it("are filtered by the kernel, and say when it has none", async () => {
    const past = { id: "run-0", status: "failed", started: 0, seconds: 2, events: 5 };
    const { view, asked, letGo } = opened(({ status }) => ({
      runs: (status as string[]).includes("completed") ? [] : [past],
    }));
    render(
      <ViewContext value={view}>
        <EarlierRuns here={["run-1"]} />
      </ViewContext>,
    );
    await letGo();
    expect(screen.getAllByRole("listitem")).toHaveLength(1);
    fireEvent.change(screen.getByLabelText("Status"), {
      target: { value: "completed" },
    });
    await letGo();
    expect(asked.at(-1)).toMatchObject({ op: "list_runs", status: ["completed"] });
    screen.getByText("None like that.");
    fireEvent.change(screen.getByLabelText("When"), { target: { value: "7d" } });
    await letGo();
    expect(asked.at(-1)).toMatchObject({ since: "7d" });
  });
});

describe("the comparison of two runs", () => {
  it("shows the first difference, as text", async () => {
    const one = {
      what: "output",
      node: "a",
      firing: 2,
      port: "result",
      before: "<b>1</b>",
      after: "2",
      why: "the node was changed: `n`",
    };
    const { view, letGo } = opened(() => ({
      before: "run-0",
      after: "run-1",
      statuses: ["completed", "failed"],
      seconds: [1, 2],
      tokens: [10, 1200],
      cost: [0.1, 0.2],
      first: one,
      differences: [one],
      more: 3,
      nodes: [],
      graphs: [],
      marks: {},
    }));
    view.local.setState({ comparedWith: "run-0" });
    const { container } = render(
      <ViewContext value={view}>
        <RunComparison />
      </ViewContext>,
    );
    await letGo();
    const panel = screen.getByRole("region", { name: "Comparison of two runs" });
    expect(panel.textContent).toContain("4 differences");
    expect(panel.textContent).toContain("a #2, result");
    expect(panel.textContent).toContain("<b>1</b>");
    expect(panel.textContent).toContain("10 → 1,200 tokens");
    expect(container.querySelector("b")).toBeNull();
    fireEvent.click(button("Close"));
    expect(view.local.getState().comparedWith).toBeNull();
  });

  it("says why it could not be made", async () => {
    const { view, letGo } = opened(() => {
      throw new Error("There is no run run-0.");
    });
    view.local.setState({ comparedWith: "run-0" });
    render(
      <ViewContext value={view}>
        <RunComparison />
      </ViewContext>,
    );
    await letGo();
    expect(screen.getByRole("alert").textContent).toBe("There is no run run-0.");
  });
});
