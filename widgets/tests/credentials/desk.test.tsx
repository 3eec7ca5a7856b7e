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
    const google = {
      hosts: ["*.g.example"],
      scopes: ["mail"],
      clients: "https://g.io/",
    };
    const base = { kind: "reply", ok: true, text: "", level: "info", entries: [] };
    const known = { kinds, familiar, providers: { google }, url: "" };
    this.#tell({ ...base, client, rid, ...known, ...told } as Told);
  }
}

const MINE = { name: "mine", kind: "api_key", hosts: ["a.example"], place: "file" };
const ENTRY = { ...MINE, user: "", header: "", scopes: [], connected: false };

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
  fireEvent.click(screen.getByRole("button", { name: "Keep" }));
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

test("a provider is connected: its page is shown until there is an answer", async () => {
  const kernel = opened();
  kernel.answer({});
  const kind = await screen.findByLabelText("Kind");
  fireEvent.change(kind, { target: { value: "connect" } });
  fireEvent.change(screen.getByLabelText("Name"), { target: { value: "google/mail" } });
  expect(screen.getByPlaceholderText("*.g.example")).toBeTruthy();
  expect(screen.getByPlaceholderText("mail")).toBeTruthy();
  expect(screen.getByText("g.io").getAttribute("rel")).toBe("noopener noreferrer");
  fireEvent.change(screen.getByLabelText("Client id"), { target: { value: "me" } });
  const field = screen.getByLabelText("Client secret") as HTMLInputElement;
  field.value = "canary-42";
  fireEvent.click(screen.getByRole("button", { name: "Connect" }));
  expect(kernel.sent[1]).toMatchObject({
    op: "connect",
    name: "google/mail",
    app: "me",
  });
  expect(kernel.sent[1]).toMatchObject({ scopes: [], hosts: [], secret: "canary-42" });
  expect(field.value).toBe("");

  kernel.answer({ url: "https://consent.example/?state=x" });
  const link = await screen.findByText("Open its page");
  expect(link.getAttribute("href")).toBe("https://consent.example/?state=x");
  expect(link.getAttribute("rel")).toBe("noopener noreferrer");
  const granted = { ...ENTRY, kind: "oauth2", scopes: ["mail"], connected: true };
  kernel.answer({ text: "Connected.", level: "good", entries: [granted] });
  await screen.findByText("Connected.");
  expect(screen.queryByText("Open its page")).toBeNull();
  expect(screen.getByText(/oauth2 for mail/)).toBeTruthy();

  fireEvent.click(screen.getByText("Connect again"));
  expect(kernel.sent[2]).toMatchObject({ op: "connect", name: "mine" });
  kernel.answer({ url: "https://consent.example/?state=y" });
  fireEvent.click(await screen.findByText("Give up"));
  expect(kernel.sent[3]).toMatchObject({ op: "stop" });
});

test("a page whose end was told before it is not shown", async () => {
  const kernel = opened();
  kernel.answer({ text: "No." });
  kernel.answer({ url: "https://consent.example/" });
  kernel.answer({ text: "Told." });
  await screen.findByText("Told.");
  expect(screen.queryByText("Open its page")).toBeNull();
});
