/** Wait row: one thing that a run waits to be told, with the way to say it. */

import { type Weight, weightOf } from "../ui/weight";

export interface Wait {
  node: string;
  firing: number;
  question: string;
  choices: string[];
  comment?: boolean;
  schema?: Record<string, unknown>;
}

export interface Answer {
  node: string;
  firing: number;
  answer: unknown;
}

/** The question, and buttons or a line to answer; quiet once something was said. */
export function waitRow(wait: Wait, send: (answer: Answer) => void): HTMLElement {
  const row = document.createElement("fieldset");
  row.className = "ab-run-wait";
  row.append(words("span", wait.question));
  const comment = wait.comment ? line("Comment (optional)", "Comment") : undefined;
  if (comment) row.append(comment);

  const say = (answer: unknown) => {
    if (row.disabled) return;
    row.disabled = true;
    const said = comment?.value.trim();
    const { node, firing } = wait;
    send({ node, firing, answer: said ? { answer, comment: said } : answer });
  };
  if (wait.choices.length > 0) {
    row.append(
      ...wait.choices.map((choice) =>
        button(choice, weightOf(choice), () => say(choice)),
      ),
    );
    return row;
  }
  const asked = wait.schema ? "Your answer, as JSON or text" : "Your answer";
  const free = line(asked, "Your answer");
  const tell = () => free.value.trim() !== "" && say(read(free.value));
  free.addEventListener("keydown", (event) => {
    if (event.key === "Enter") tell();
  });
  row.append(free, button("answer", "goes-on", tell));
  return row;
}

function button(label: string, weight: Weight, act: () => void): HTMLButtonElement {
  const made = words("button", label.charAt(0).toUpperCase() + label.slice(1));
  made.dataset.weight = weight;
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function line(placeholder: string, name: string): HTMLInputElement {
  const made = document.createElement("input");
  made.placeholder = placeholder;
  made.setAttribute("aria-label", name);
  made.autocomplete = "off";
  // Jupyter would take a letter for one of its shortcuts.
  made.addEventListener("keydown", (event) => event.stopPropagation());
  return made;
}

function words<Tag extends "span" | "button">(
  tag: Tag,
  text: string,
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

/** JSON where it reads as such, else the text: as in the other doors. */
function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
