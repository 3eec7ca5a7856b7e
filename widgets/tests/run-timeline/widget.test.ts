import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeModel } from "../../src/bridge/fake-model";
import type { FiringLook, TimelineAbout } from "../../src/protocol/messages";
import widget from "../../src/run-timeline/widget";

const ROW = {
  parent: -1,
  depth: 0,
  failed: 0,
  lanes: 1,
  busy: 1,
  waited: 0,
  tokens: 40,
  cost: 0.002,
};
const ABOUT: TimelineAbout = {
  run: "run-1",
  agent: "<b>watch</b>",
  status: "failed",
  started: 0,
  seconds: 2,
  events: 9,
  read: 1,
  rows: [
    { ...ROW, row: 0, node: "a", title: "Fetch", firings: 3 },
    { ...ROW, row: 1, node: "b", title: "", firings: 1, failed: 1 },
  ],
  more_rows: 0,
  marks: [],
};
const LOOK: FiringLook = {
  node: "a",
  title: "Fetch",
  number: 1,
  of: 3,
  status: "failed",
  attempts: 2,
  began: 0.5,
  seconds: 0.25,
  waited: 0,
  queued: 0.1,
  tokens: 40,
  cost: 0.002,
  error: "ValueError: <img src=x onerror=alert(1)>",
  traceback: "line 1",
  reason: "",
  question: "",
  tries: ["OSError: busy"],
  log: ["fetched"],
  values: [
    {
      port: "url",
      side: "input",
      type_name: "text",
      text: "<script>alert(1)</script>",
      image: "",
      from_node: "each",
      note: "",
      stage: "",
      staged: "",
    },
    {
      port: "picture",
      side: "output",
      type_name: "picture",
      text: "a picture",
      image: "javascript:alert(1)",
      from_node: "",
      note: "",
      stage: "",
      staged: "",
    },
  ],
  more_values: 0,
};

interface Sent {
  op: string;
  rid: number;
  client: string;
  rows: number[];
  number: number;
}

function shown() {
  const model = new FakeModel({ about: ABOUT });
  const el = document.createElement("div");
  document.body.append(el);
  const close = widget.render({ model, el });
  const sent = () => model.sent as Sent[];
  const reply = (ask: Sent, result: unknown, error = "") =>
    model.emit("msg:custom", { rid: ask.rid, client: ask.client, result, error });
  return { model, el, close, sent, reply };
}

const canvasOf = (el: HTMLElement) => el.querySelector("canvas") as HTMLCanvasElement;
const press = (el: HTMLElement, key: string) =>
  canvasOf(el).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));

describe("the timeline of a run", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    document.body.replaceChildren();
  });

  it("is headed by what the run came to, as text", () => {
    const { el } = shown();
    const head = el.querySelector(".ab-timeline-head");
    expect(head?.textContent).toContain("Failed");
    expect(head?.textContent).toContain("<b>watch</b> · 2 s · 4 firings · 1 failed");
    expect(head?.textContent).toContain("80 tokens · $0.0040");
    expect(head?.querySelector("b")).toBeNull();
  });

  it("asks for one window at a time, and for the newest one after it", async () => {
    const { el, sent, reply } = shown();
    expect(sent().map((ask) => ask.op)).toEqual(["bars"]);
    for (const key of ["w", "w", "d", "s"]) press(el, key);
    expect(sent()).toHaveLength(1);
    reply(sent()[0] as Sent, null, "busy");
    await vi.advanceTimersByTimeAsync(50);
    expect(sent()).toHaveLength(2);
    expect(sent()[1]).toMatchObject({ op: "bars", rows: [0, 1] });
  });

  it("shows the firing that is chosen, whatever it says, as text", async () => {
    const { el, sent, reply } = shown();
    press(el, "Enter");
    const ask = sent().find((it) => it.op === "firing") as Sent;
    reply(ask, LOOK);
    await vi.advanceTimersByTimeAsync(50);
    const firing = el.querySelector(".ab-firing") as HTMLElement;
    expect(firing.hidden).toBe(false);
    expect(firing.textContent).toContain("firing 1 of 3");
    expect(firing.textContent).toContain("OSError: busy");
    expect(firing.textContent).toContain("<script>alert(1)</script>");
    expect(firing.textContent).toContain("Took url from each");
    expect(firing.querySelectorAll("img, script")).toHaveLength(0);
    const [before, next] = firing.querySelectorAll<HTMLButtonElement>(
      ".ab-firing-walk button",
    );
    expect([before?.disabled, next?.disabled]).toEqual([true, false]);
    next?.click();
    expect(sent().at(-1)).toMatchObject({ op: "firing", number: 2 });
    press(el, "Escape");
    expect(firing.hidden).toBe(true);
  });

  it("says why there is nothing to see, and answers of other views pass by", async () => {
    const { el, sent, model, reply } = shown();
    press(el, "Enter");
    const ask = sent().find((it) => it.op === "firing") as Sent;
    model.emit("msg:custom", {
      rid: ask.rid,
      client: "another",
      result: LOOK,
      error: "",
    });
    await vi.advanceTimersByTimeAsync(50);
    const firing = el.querySelector(".ab-firing") as HTMLElement;
    expect(firing.textContent).toBe("");
    reply(ask, null, "The node 'a' has no firing 1 in this run.");
    await vi.advanceTimersByTimeAsync(50);
    expect(firing.textContent).toContain("has no firing 1");
  });

  it("keeps its keys inside, and lets the page scroll where it cannot", () => {
    const { el } = shown();
    const leaked: string[] = [];
    const note = (event: KeyboardEvent) => leaked.push(event.key);
    document.addEventListener("keydown", note);
    for (const key of ["a", "d", "+", "x"]) press(el, key);
    document.removeEventListener("keydown", note);
    expect(leaked).toEqual(["x"]);
    const wheel = new WheelEvent("wheel", { deltaY: 40, cancelable: true });
    canvasOf(el).dispatchEvent(wheel);
    expect(wheel.defaultPrevented).toBe(false);
  });
});
