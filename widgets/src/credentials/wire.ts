/** What crosses between this widget and its kernel half, `agentbench/widgets/credentials.py`. */

import type { Model } from "../bridge/model";
import type { Provider } from "../forms/credential-fields";

export interface Entry {
  name: string;
  kind: string;
  hosts: string[];
  place: string;
  user: string;
  header: string;
  scopes: string[];
  connected: boolean;
}

export interface Told {
  kind: "reply";
  client: string;
  rid: number;
  ok: boolean;
  text: string;
  level: "info" | "good" | "error";
  /** The page where somebody is to consent; what came of it follows with the same rid. */
  url: string;
  entries: Entry[];
  kinds: string[];
  familiar: Record<string, string[]>;
  providers: Record<string, Provider>;
}

export type Ask =
  | { op: "list" | "stop" }
  | { op: "test" | "delete"; name: string }
  | {
      op: "connect";
      name: string;
      app?: string;
      scopes?: string[];
      hosts?: string[];
      secret?: string;
    }
  | {
      op: "add";
      name: string;
      kind: string;
      hosts: string[];
      user: string;
      header: string;
      secret: string;
    };

/** Asks the kernel, and tells what it says to whoever listens. */
export class Line {
  readonly #client = Math.random().toString(36).slice(2);
  #rid = 0;

  constructor(readonly model: Model) {}

  ask(what: Ask): number {
    this.#rid += 1;
    this.model.send({ client: this.#client, rid: this.#rid, ...what });
    return this.#rid;
  }

  listen(tell: (told: Told) => void): () => void {
    const hear = (message: unknown) => {
      const told = message as Told;
      if (told?.kind === "reply" && told.client === this.#client) tell(told);
    };
    this.model.on("msg:custom", hear);
    return () => this.model.off("msg:custom", hear);
  }
}
