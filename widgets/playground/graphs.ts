/** Graphs to begin with, by the `graph` in the page's address. */

import type { Edit } from "../src/protocol/messages";
import type { FakeKernel } from "./fake-kernel";

const add = (
  id: string,
  block: string,
  position: [number, number],
  constants: Record<string, unknown> = {},
  title = "",
): Edit => ({ edit: "add_node", id, block, position, constants, title });

const link = (from: string, to: string): Edit => {
  const [source = "", output = ""] = from.split(".");
  const [target = "", input = ""] = to.split(".");
  return { edit: "add_link", source, output, target, input };
};

function brief(kernel: FakeKernel): void {
  kernel.apply(
    add("topic", "io.input", [0, 60], { name: "topic" }, "Topic"),
    add("note", "notes.note", [0, 230], {
      text: "Ask for something short.\nThe model is shy.",
    }),
    add("prompt", "text.fill", [310, 20], { template: "Write a brief about {topic}." }),
    add("ask", "chat.ask", [620, 0], { model: "large" }),
    add("page", "http.fetch", [310, 260], { address: "https://example.org" }),
    add("answer", "io.output", [930, 40], { name: "brief" }, "Brief"),
    link("topic.value", "prompt.topic"),
    link("prompt.text", "ask.prompt"),
    link("ask.answer", "answer.value"),
  );
}

function broken(kernel: FakeKernel): void {
  brief(kernel);
  kernel.apply(
    add("old", "vendor.summarise", [620, 330]),
    add("fetch", "http.fetch", [0, 420], { address: "https://example.org/fail" }),
    add("split", "text.split", [310, 460]),
    link("fetch.page", "split.text"),
  );
}

function pair(kernel: FakeKernel): void {
  kernel.name = "Pair";
  kernel.apply(
    add("fetch", "http.fetch", [0, 0], { address: "https://example.org" }),
    add("ask", "chat.ask", [340, 0]),
    add("sum", "math.calculate", [0, 220]),
  );
}

function asking(kernel: FakeKernel): void {
  kernel.name = "Asking";
  kernel.apply(
    add("count", "human.ask", [0, 250]),
    add("prompt", "text.fill", [0, 0], { template: "A brief." }),
    add("gate", "human.approve", [310, 0]),
    add("sent", "io.output", [620, 0], { name: "sent" }, "Sent"),
    link("prompt.text", "gate.value"),
    link("gate.approved", "sent.value"),
  );
}

function many(kernel: FakeKernel): void {
  kernel.name = "Many";
  for (let number = 0; number < 300; number++) {
    const at: [number, number] = [(number % 20) * 310, Math.floor(number / 20) * 220];
    kernel.apply(add(`join-${number}`, "text.join", at));
    if (number % 20)
      kernel.apply(link(`join-${number - 1}.text`, `join-${number}.between`));
  }
}

/** `?nodes=` of five kinds in chains of five: what the speed of the editor is measured on. */
function crowd(kernel: FakeKernel): void {
  const wanted = new URLSearchParams(location.search).get("nodes");
  const kinds = ["text.fill", "chat.ask", "http.fetch", "text.split", "text.join"];
  const inputs = ["template", "prompt", "address", "text", "texts"];
  const outputs = ["text", "answer", "page", "parts"];
  kernel.name = "Crowd";
  const edits: Edit[] = [];
  for (let number = 0; number < Number(wanted ?? 1000); number++) {
    const at: [number, number] = [(number % 40) * 330, Math.floor(number / 40) * 300];
    const given = number % 5 ? {} : { template: `Number ${number} of {all}` };
    edits.push(add(`n${number}`, kinds[number % 5] ?? "", at, given));
    const kind = number % 5;
    if (!kind) continue;
    const output = `n${number - 1}.${outputs[kind - 1]}`;
    edits.push(link(output, `n${number}.${inputs[kind]}`));
  }
  kernel.apply(...edits);
}

export const GRAPHS: Record<string, (kernel: FakeKernel) => void> = {
  asking,
  brief,
  broken,
  crowd,
  pair,
  many,
  empty: (kernel) => {
    kernel.name = "New agent";
  },
};
