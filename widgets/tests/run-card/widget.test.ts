import { beforeEach, expect, test } from "vitest";
import { FakeModel } from "../../src/bridge/fake-model";
import widget from "../../src/run-card/widget";

beforeEach(() => document.body.replaceChildren());

const WAIT = { node: "gate", firing: 1, question: "Publish it?", comment: true };

/** A card of a run that waits, and what it sends. */
function card(waits: unknown[]) {
  const model = new FakeModel({
    line: "brief: waiting",
    status: "waiting",
    drawing: "",
    waits,
    trouble: "",
  });
  const el = document.body.appendChild(document.createElement("div"));
  widget.render({ model, el });
  const sent: unknown[] = model.sent;
  return { sent, model, el };
}

function press(label: string) {
  const all = [...document.querySelectorAll("button")];
  all.find((it) => it.textContent === label)?.click();
}

test("a card asks what its run waits to be told, once", () => {
  const { sent, el } = card([{ ...WAIT, choices: ["approve", "reject"] }]);
  expect(el.textContent).toContain("Publish it?");
  const comment = el.querySelector("input") as HTMLInputElement;
  comment.value = "Too early.";
  press("Reject");
  press("Approve");
  expect(sent).toEqual([
    { node: "gate", firing: 1, answer: { answer: "reject", comment: "Too early." } },
  ]);
});

test("a free answer is JSON where it reads as such", () => {
  const { sent, el } = card([{ ...WAIT, comment: false, choices: [] }]);
  const line = el.querySelector("input") as HTMLInputElement;
  line.value = "12";
  press("Answer");
  expect(sent).toEqual([{ node: "gate", firing: 1, answer: 12 }]);
});

test("an answer that was not taken says why, and may be given again", () => {
  const { sent, model, el } = card([{ ...WAIT, choices: ["approve"] }]);
  press("Approve");
  model.set("trouble", "The run has ended.");
  expect(el.querySelector("[role=alert]")?.textContent).toBe("The run has ended.");
  press("Approve");
  expect(sent.length).toBe(2);
});
