/** One firing in full: how it stands, what it took and gave, what it logged, what it tried. */

import type { FiringLook, ValueLook } from "../protocol/messages";
import { drawn } from "./drawn";
import { inWords } from "./scale";
import { type Late, SAID, type Source, type SpanStatus } from "./source";

/** A value of fewer letters stands beside others. */
const SHORT = 24;

type Chosen = { node: string; number: number };

const SAID_ELSE: Record<string, string> = { pending: "Pending", ready: "Ready" };

export class Detail {
  readonly box = document.createElement("div");
  private asked = 0;

  constructor(
    private readonly source: Source,
    /** Another firing of the same node is chosen here. */
    private readonly choose: (chosen: Chosen | undefined) => void,
  ) {
    this.box.className = "ab-firing";
    this.box.setAttribute("role", "region");
    this.box.setAttribute("aria-label", "The firing that is chosen");
    this.box.hidden = true;
  }

  async show(chosen: Chosen | undefined): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    this.box.hidden = !chosen;
    if (!chosen) {
      this.box.replaceChildren();
      return;
    }
    try {
      const look = await this.source.firing(chosen.node, chosen.number);
      if (mine === this.asked) this.box.replaceChildren(...this.parts(look));
    } catch (error) {
      if (mine !== this.asked) return;
      const text = error instanceof Error ? error.message : String(error);
      this.box.replaceChildren(element("p", "ab-firing-trouble", text));
    }
  }

  private *parts(look: FiringLook): Generator<Node> {
    yield this.head(look);
    yield facts(look);
    for (const text of look.tries) yield labelled("Tried", block(text, "error"));
    if (look.error) yield labelled("Error", block(look.error, "error"));
    if (look.traceback) yield folded("Traceback", block(look.traceback, ""));
    if (look.reason) yield labelled("Why", element("p", "", look.reason));
    if (look.question) yield labelled("Asks", element("p", "", look.question));
    const sides = { input: "Took", output: "Gave" } as const;
    for (const side of ["input", "output"] as const) {
      const values = look.values.filter((it) => it.side === side);
      if (values.length) {
        const shown = (it: ValueLook) => shownValue(sides[side], it, this.source.late);
        yield beside(values.map(shown));
      }
    }
    if (look.more_values) {
      yield element("p", "ab-firing-more", `… and ${look.more_values} more values`);
    }
    if (look.log.length) yield labelled("Log", block(look.log.join("\n"), ""));
  }

  private head(look: FiringLook): Node {
    const head = element("header", "");
    const title = element("h3", "", look.title || look.node);
    const said =
      SAID[look.status as SpanStatus] ?? SAID_ELSE[look.status] ?? look.status;
    const badge = element("span", "ab-firing-status", said);
    badge.dataset.status = look.status;
    const at = (by: number, label: string, text: string) => {
      const button = element("button", "ab-button ab-button--icon", text);
      button.setAttribute("type", "button");
      button.setAttribute("aria-label", label);
      button.title = label;
      const next = look.number + by;
      (button as HTMLButtonElement).disabled = next < 1 || next > look.of;
      button.onclick = () => this.choose({ node: look.node, number: next });
      return button;
    };
    const count = `firing ${look.number.toLocaleString("en")} of ${look.of.toLocaleString("en")}`;
    const close = element("button", "ab-button ab-button--icon", "✕");
    close.setAttribute("type", "button");
    close.setAttribute("aria-label", "Close");
    close.onclick = () => this.choose(undefined);
    const walk = element("span", "ab-firing-walk");
    walk.append(
      at(-1, "The firing before", "‹"),
      element("span", "", count),
      at(1, "The next firing", "›"),
    );
    head.append(title, badge, walk, close);
    return head;
  }
}

function facts(look: FiringLook): Node {
  const list = element("dl", "ab-firing-facts");
  const add = (name: string, text: string) => {
    const pair = element("div", "");
    pair.append(element("dt", "", name), element("dd", "", text));
    list.append(pair);
  };
  add("began", look.began > 0 ? `after ${inWords(look.began)}` : "first");
  add("took", inWords(look.seconds));
  if (look.queued > 0.0005) add("queued", inWords(look.queued));
  if (look.waited > 0) add("waited", inWords(look.waited));
  if (look.attempts > 1) add("tries", String(look.attempts));
  if (look.tokens) add("tokens", look.tokens.toLocaleString("en"));
  if (look.cost) add("cost", `$${look.cost.toFixed(4)}`);
  return list;
}

/** Values beside each other, the short ones several in a line. */
export function beside(values: readonly HTMLElement[]): HTMLElement {
  const box = element("div", "ab-firing-values");
  box.append(...values);
  return box;
}

/** A value as text, as an image, or as a library draws it, under its port and type. */
export function shownValue(verb: string, value: ValueLook, late: Late): HTMLElement {
  const from = value.from_node ? ` from ${value.from_node}` : "";
  const name = `${verb} ${value.port}${from}`;
  const held = document.createElement("div");
  if (/^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]/.test(value.image)) {
    const image = document.createElement("img");
    image.src = value.image;
    image.alt = value.text;
    held.append(image);
  } else if (value.stage) {
    held.append(drawn(value, late, block(value.text, "")));
  } else {
    held.append(block(value.text, ""));
  }
  if (value.note) held.append(element("p", "ab-firing-more", value.note));
  const part = labelled(name, held);
  part.dataset.port = value.port;
  const isPlain = !value.image && !value.stage && !value.note;
  part.dataset.short = String(value.text.length < SHORT && isPlain);
  const type = element("span", "ab-firing-type", value.type_name);
  part.querySelector("h4")?.append(type);
  return part;
}

function labelled(name: string, held: Node): HTMLElement {
  const part = element("div", "ab-firing-part");
  part.append(element("h4", "", name), held);
  return part;
}

function folded(name: string, held: Node): Node {
  const part = element("details", "ab-firing-part");
  part.append(element("summary", "", name), held);
  return part;
}

function block(text: string, kind: string): Node {
  const pre = element("pre", "", text);
  if (kind) pre.dataset.kind = kind;
  return pre;
}

/** An element with text in it: text and never markup, whatever a run has said. */
function element(name: string, className: string, text = ""): HTMLElement {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}
