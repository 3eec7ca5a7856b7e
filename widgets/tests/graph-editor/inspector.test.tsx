import { act, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { OPTIONS } from "../../playground/fake-options";
import { Inspector, type InspectorProps } from "../../src/graph-editor/inspector";
import type {
  Edit,
  Inspection,
  NodeState,
  Question,
  WireNode,
  WirePort,
} from "../../src/protocol/messages";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const port = (name: string) => ({
  name,
  title: "",
  help: "",
  types: ["text"],
  type_name: "text",
  schema: { type: "string" },
  required: false,
  advanced: false,
  shown: false,
  default: null,
  has_default: false,
});

const NODE: WireNode = {
  id: "fill",
  block: "text.fill",
  title: "Fill",
  own_title: "",
  role: "work",
  help: "Fills a text.\n\nNames stand in braces.",
  inputs: [port("text"), port("name")],
  outputs: [port("result")],
  constants: { text: "Hi {name}" },
  options: {},
  colour: "",
  x: 0,
  y: 0,
  problem: "",
};

const STATE: NodeState = {
  node: "fill",
  status: "completed",
  running: 0,
  completed: 3,
  failed: 0,
  waiting: 0,
  error: "",
  place: "",
  seconds: 1,
  progress: null,
  progress_text: "",
  preview: null,
  preview_port: "",
  reason: "",
  question: null,
};

const answer = (firing: number, more: Partial<Inspection> = {}): Inspection => ({
  node: "fill",
  firing,
  firings: 3,
  status: "completed",
  seconds: 0.5,
  error: "",
  traceback: "",
  log: [],
  reason: "",
  tries: [],
  question: null,
  about: null,
  values: [
    {
      port: "result",
      side: "output",
      type_name: "text",
      bundle: { data: { "text/plain": `value of ${firing}` }, metadata: {} },
      from_node: "",
      note: "",
      at: 0,
      page: null,
      branch: null,
      raw: null,
      loads_image: false,
      length: 0,
    },
  ],
  ...more,
});

function show(more: Partial<InspectorProps> = {}) {
  const edits: Edit[] = [];
  const asked: (number | null)[] = [];
  const props: InspectorProps = {
    node: NODE,
    state: STATE,
    problems: [],
    inspect: async (_node, firing) => {
      asked.push(firing);
      return answer(firing ?? 3);
    },
    edit: (more) => edits.push(...more),
    readOnly: false,
    onClose: () => {},
    model: null,
    options: OPTIONS,
    answer: async () => true,
    ...more,
  };
  const view = render(<Inspector {...props} />);
  const again = (other: Partial<InspectorProps>) =>
    view.rerender(<Inspector {...props} {...other} />);
  return { edits, asked, again };
}

const wait = (ms = 300) => act(() => vi.advanceTimersByTimeAsync(ms));
const press = async (name: string) => {
  fireEvent.click(screen.getByRole("button", { name }));
  await wait();
};

test("a node that ran shows its newest firing", async () => {
  const { asked } = show();
  await wait();
  expect(asked).toEqual([null]);
  expect(screen.getByText("value of 3")).toBeTruthy();
  expect(screen.getByText("3 / 3")).toBeTruthy();
});

test("the switcher goes through the firings and back to the newest", async () => {
  const { asked } = show();
  await wait();
  await press("Previous firing");
  expect(screen.getByText("value of 2")).toBeTruthy();
  await press("Newest firing");
  expect(screen.getByText("value of 3")).toBeTruthy();
  expect(asked).toEqual([null, 2, null]);
});

test("what was shown stays while the next answer is on its way", async () => {
  const { again } = show();
  await wait();
  again({ state: { ...STATE, completed: 4 }, inspect: () => new Promise(() => {}) });
  await wait(1000);
  expect(screen.getByText("value of 3")).toBeTruthy();
});

test("many changes of state are asked about once, progress not at all", async () => {
  const { asked, again } = show();
  await wait();
  for (const completed of [4, 5, 6]) again({ state: { ...STATE, completed } });
  await wait();
  again({ state: { ...STATE, completed: 6, progress: 0.5 } });
  await wait();
  expect(asked).toEqual([null, null]);
});

test("a firing that is no longer there gives way to the newest", async () => {
  const { again } = show();
  await wait();
  await press("Previous firing");
  const inspect = async () => answer(1, { firings: 1 });
  again({ state: { ...STATE, completed: 1 }, inspect });
  await wait();
  expect(screen.getByText("value of 1")).toBeTruthy();
});

test("a failed firing shows its error, and the traceback on demand", async () => {
  const inspect = async () =>
    answer(1, {
      status: "failed",
      error: "No such name",
      traceback: "line 3",
      values: [],
    });
  show({ inspect });
  await wait();
  expect(screen.getByRole("alert").textContent).toContain("No such name");
  expect(screen.queryByText("line 3")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Traceback" }));
  expect(screen.getByText("line 3")).toBeTruthy();
});

test("a refusal is told, and can be asked again", async () => {
  let isDown = true;
  const inspect = async () => {
    if (isDown) throw new Error("The kernel is busy.");
    return answer(3);
  };
  show({ inspect });
  await wait();
  expect(screen.getByText("The kernel is busy.")).toBeTruthy();
  isDown = false;
  await press("Try again");
  expect(screen.getByText("value of 3")).toBeTruthy();
});

test("a value can be copied", async () => {
  const copied: string[] = [];
  const clipboard = { writeText: async (text: string) => void copied.push(text) };
  vi.stubGlobal("navigator", { clipboard });
  show();
  await wait();
  fireEvent.click(screen.getByRole("button", { name: "Copy result" }));
  await wait(0);
  vi.unstubAllGlobals();
  expect(copied).toEqual(["value of 3"]);
});

test("a node that has not run shows its settings, and says so under values", () => {
  const { asked } = show({ state: undefined });
  expect(screen.getByLabelText("text")).toBeTruthy();
  fireEvent.click(screen.getByRole("tab", { name: "Values" }));
  expect(screen.getByText(/Run the agent/)).toBeTruthy();
  expect(asked).toEqual([]);
});

test("settings and the title become edits", async () => {
  const { edits } = show({ state: undefined });
  const write = (label: string, value: string) => {
    const field = screen.getByLabelText(label);
    fireEvent.change(field, { target: { value } });
    fireEvent.blur(field);
  };
  write("Title", "My step");
  write("name", "Ada");
  write("text", "");
  expect(edits).toEqual([
    { edit: "set_title", id: "fill", title: "My step" },
    { edit: "set_constant", id: "fill", port: "name", value: "Ada" },
    { edit: "clear_constant", id: "fill", port: "text" },
  ]);
});

test("how it runs becomes options", () => {
  const { edits } = show({ state: undefined });
  fireEvent.click(screen.getByRole("button", { name: "How it runs" }));
  const limit = screen.getByLabelText(/Time limit/);
  fireEvent.change(limit, { target: { value: "30" } });
  fireEvent.blur(limit);
  fireEvent.click(screen.getByRole("switch", { name: /Keep the order/ }));
  expect(edits).toEqual([
    { edit: "set_option", id: "fill", option: "timeout", value: 30 },
    { edit: "set_option", id: "fill", option: "ordered", value: false },
  ]);
});

test("problems stand at their field, the others on top", () => {
  const problem = {
    node: "fill",
    level: "error" as const,
    link: "",
    is_missing: false,
  };
  show({
    state: undefined,
    problems: [
      { ...problem, port: "name", message: "It is needed." },
      { ...problem, port: "", message: "It leads nowhere." },
      { ...problem, node: "other", port: "", message: "Not ours." },
    ],
  });
  const field = document.querySelector<HTMLElement>('[data-port="name"]');
  expect(within(field as HTMLElement).getByText("It is needed.")).toBeTruthy();
  expect(screen.getByText("It leads nowhere.")).toBeTruthy();
  expect(screen.queryByText("Not ours.")).toBeNull();
});

test("an input that comes over a link is named, not edited", () => {
  show({ state: undefined, linked: { name: "Ask" } });
  expect(screen.getByText("from Ask")).toBeTruthy();
  expect(screen.queryByLabelText("name")).toBeNull();
});

test("another node brings its own values, and what was typed goes to the old one", async () => {
  const { edits, again } = show({ state: undefined });
  fireEvent.change(screen.getByLabelText("name"), { target: { value: "Ada" } });
  again({ state: undefined, node: { ...NODE, id: "next", constants: {} } });
  expect(screen.getByLabelText<HTMLInputElement>("name").value).toBe("");
  expect(edits).toEqual([
    { edit: "set_constant", id: "fill", port: "name", value: "Ada" },
  ]);
});

test("nothing can be edited when it is read-only", () => {
  show({ state: undefined, readOnly: true });
  const fields = screen.getAllByRole<HTMLInputElement>("textbox");
  expect(fields.every((field) => field.disabled)).toBe(true);
});

test("the tab that was chosen stays for the next node", async () => {
  const { again } = show();
  fireEvent.click(screen.getByRole("tab", { name: "Settings" }));
  again({ node: { ...NODE, id: "next" } });
  await wait();
  const tab = screen.getByRole("tab", { name: "Settings" });
  expect(tab.getAttribute("aria-selected")).toBe("true");
});

test("options stand in groups, as the kernel tells them", () => {
  show({ state: undefined, node: { ...NODE, options: { disabled: true } } });
  const groups = screen.getAllByRole("heading", { level: 4 });
  expect(groups.map((it) => it.textContent)).toEqual(OPTIONS.map((it) => it.title));
  expect(screen.getByText("1 set")).toBeTruthy();
});

const QUESTION: Question = {
  firing: 1,
  text: "How many?",
  choices: [],
  comment: false,
  form: [],
  is_whole: true,
  initial: {},
  until: 0,
  is_decision: false,
};

/** Shows a question, and collects what is answered to it. */
function asked(question: Partial<Question>, isTaken = true): unknown[] {
  const answers: unknown[] = [];
  const give = async (_firing: number, answer: unknown) => {
    answers.push(answer);
    return isTaken;
  };
  const state: NodeState = {
    ...STATE,
    status: "waiting",
    question: { ...QUESTION, ...question },
  };
  show({ state, answer: give });
  return answers;
}

const SEND_TO: WirePort = {
  name: "to",
  title: "Send to",
  help: "",
  types: ["any"],
  type_name: "text",
  schema: { type: "string" },
  required: true,
  advanced: false,
  shown: false,
  default: null,
  has_default: false,
};

test("a comment goes along with a choice", async () => {
  const answers = asked({ choices: ["approve", "reject"], comment: true });
  const line = screen.getByLabelText("Comment");
  fireEvent.change(line, { target: { value: " Too early. " } });
  await press("Reject");
  expect(answers).toEqual([{ answer: "reject", comment: "Too early." }]);
});

test("a form is answered when all it needs is there", async () => {
  const answers = asked({ form: [SEND_TO], is_whole: false });
  const button = screen.getByRole("button", { name: "Answer" }) as HTMLButtonElement;
  expect(button.disabled).toBe(true);
  const field = document.querySelector('.ab-question [data-port="to"] input');
  fireEvent.change(field as Element, { target: { value: "Ada" } });
  fireEvent.blur(field as Element);
  await press("Answer");
  expect(answers).toEqual([{ to: "Ada" }]);
});

test("what is edited begins as it is, and is the answer itself", async () => {
  const port = { ...SEND_TO, name: "answer", schema: { type: "integer" } };
  const answers = asked({ form: [port], initial: { answer: 7 } });
  await press("Answer");
  expect(answers).toEqual([7]);
});

test("a decision says what its choices mean", async () => {
  const choices = ["again", "done", "failed"];
  const answers = asked({ choices, is_decision: true });
  await press("It was sent");
  expect(answers).toEqual(["done"]);
});

test("a question is answered with one of its choices", async () => {
  const answers: unknown[] = [];
  const choices = ["approve", "reject"];
  const question = { ...QUESTION, firing: 2, text: "Publish it?", choices };
  const give = async (firing: number, answer: unknown) => {
    answers.push([firing, answer]);
    return true;
  };
  show({ state: { ...STATE, status: "waiting", question }, answer: give });
  expect(screen.getByText("Publish it?")).toBeTruthy();
  await press("Approve");
  expect(answers).toEqual([[2, "approve"]]);
  const again = screen.getByRole("button", { name: "Reject" });
  expect((again as HTMLButtonElement).disabled).toBe(true);
});

test("a free answer is JSON where it reads as such, and may be given again", async () => {
  const answers: unknown[] = [];
  const question = QUESTION;
  const give = async (_firing: number, answer: unknown) => {
    answers.push(answer);
    return false;
  };
  show({ state: { ...STATE, status: "waiting", question }, answer: give });
  for (const text of ["12", "a dozen"]) {
    const line = screen.getByLabelText("Your answer");
    fireEvent.change(line, { target: { value: text } });
    fireEvent.keyDown(line, { key: "Enter" });
    await wait();
  }
  expect(answers).toEqual([12, "a dozen"]);
});

test("why it was skipped and what earlier tries failed of is told", async () => {
  const more = { status: "skipped", reason: "it is disabled", tries: ["Busy: no"] };
  show({
    state: { ...STATE, status: "skipped", completed: 0 },
    inspect: async () => answer(1, more),
  });
  await wait();
  expect(screen.getByText("Skipped: it is disabled.")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Failed once before" }));
  expect(screen.getByText("Busy: no")).toBeTruthy();
});

test("any number of options is chosen, in their order", async () => {
  const items = { type: "string", enum: ["Oslo", "Rome", "Lima"] };
  const port = { ...SEND_TO, name: "answer", schema: { type: "array", items } };
  const answers = asked({ form: [port] });
  await press("Lima");
  await press("Rome");
  await press("Rome");
  await press("Oslo");
  await press("Answer with 2");
  expect(answers).toEqual([["Oslo", "Lima"]]);
});
