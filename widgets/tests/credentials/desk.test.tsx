/** The credentials as a view: the secret goes out once, and is kept nowhere. */

import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Model } from "../../src/bridge/model";
import { Desk } from "../../src/credentials/desk";
import { type Ask, Line, type Told } from "../../src/credentials/wire";

type Sent = Ask & { client: string; rid: number };

/** A kernel half that keeps what it was sent, and answers when it is told to. */
class Kernel {
  readonly sent: Sent[] = [];
  #tell: (told: Told) => void = () => {};

  readonly model = {
    get: () => undefined,
    set: () => {},
    save_changes: () => {},
    send: (message: Sent) => this.sent.push(structuredClone(message)),
    on: (_: string, tell: (told: Told) => void) => {
      this.#tell = tell;
    },
    off: () => {},
  } as unknown as Model;

  answer(told: Partial<Told>) {
    const { client, rid } = this.sent.at(-1) as Sent;
    const kinds = ["api_key", "user_password", "oauth2", "header"];
    const familiar = { openai: ["api.openai.com"] };
    const base = { kind: "reply", ok: true, text: "", level: "info", entries: [] };
    this.#tell({ ...base, client, rid, kinds, familiar, ...told } as Told);
  }
}

const MINE = { name: "mine", kind: "api_key", hosts: ["a.example"], place: "file" };
const ENTRY = { ...MINE, user: "", header: "" };

function opened(): Kernel {
  const kernel = new Kernel();
  render(<Desk line={new Line(kernel.model)} />);
  return kernel;
}

test("a secret is sent once, and the field is empty at once", async () => {
  const kernel = opened();
  expect(kernel.sent[0]).toMatchObject({ op: "list" });
  kernel.answer({});
  const field = screen.getByLabelText("Secret") as HTMLInputElement;
  expect(field.type).toBe("password");
  fireEvent.change(screen.getByLabelText("Name"), { target: { value: "OpenAI" } });
  expect(screen.getByPlaceholderText("api.openai.com")).toBeTruthy();
  field.value = "canary-42";
  fireEvent.submit(field.form as HTMLFormElement);
  expect(kernel.sent[1]).toMatchObject({
    op: "add",
    name: "openai",
    hosts: [],
    secret: "canary-42",
  });
  expect(field.value).toBe("");
  expect(document.body.innerHTML).not.toContain("canary-42");
  kernel.answer({ text: "Kept.", level: "good", entries: [ENTRY] });
  expect((await screen.findByText("Kept.")).dataset.level).toBe("good");
  expect(JSON.stringify(kernel.sent.slice(2))).not.toContain("canary-42");
});

test("deleting asks twice, and what is from the environment stays", async () => {
  const kernel = opened();
  const fixed = { ...ENTRY, name: "fixed", place: "environment" };
  kernel.answer({ entries: [ENTRY, fixed] });
  const buttons = await screen.findAllByText("Delete");
  expect(buttons).toHaveLength(1);
  fireEvent.click(buttons[0] as HTMLElement);
  expect(kernel.sent).toHaveLength(1);
  fireEvent.click(await screen.findByText("Delete for good"));
  expect(kernel.sent[1]).toMatchObject({ op: "delete", name: "mine" });
});

test("each kind asks for what belongs to it", async () => {
  const kernel = opened();
  kernel.answer({});
  const kind = await screen.findByLabelText("Kind");
  fireEvent.change(kind, { target: { value: "user_password" } });
  expect(screen.getByLabelText("User")).toBeTruthy();
  expect(screen.getByLabelText("Password")).toBeTruthy();
  fireEvent.change(kind, { target: { value: "header" } });
  expect(screen.getByLabelText("Header")).toBeTruthy();
  expect(screen.queryByLabelText("User")).toBeNull();
});
