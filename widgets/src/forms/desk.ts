/** What a form asks of the kernel beside keeping values; each widget says how it gets there. */

import { createContext, useContext, useEffect, useState } from "react";
import type {
  Checked,
  CredentialOffer,
  CredentialOffers,
  Folders,
  FromView,
  LastInputs,
  ModelOffer,
  ModelOffers,
  UploadBegun,
  Uploaded,
  Variables,
} from "../protocol/messages";
import type { Fault } from "./control";

export type { CredentialOffer, CredentialOffers, ModelOffer };

/** A credential to be kept; its secret is in nothing but this call. */
export interface NewCredential {
  name: string;
  kind: string;
  hosts: string[];
  user: string;
  header: string;
  secret: string;
}

export interface Desk {
  /** What is wrong with values: of the inputs of a run, of a node, or of an answer. */
  check(values: Values, about?: { node?: string; firing?: number }): Promise<Fault[]>;
  /** What the agent's newest run was given. */
  lastInputs(): Promise<Record<string, unknown>>;
  credentials(): Promise<CredentialOffers>;
  addCredential(credential: NewCredential): Promise<CredentialOffers>;
  /** The models that there are, those first that can be asked now. */
  models(): Promise<ModelOffer[]>;
  /** The notebook's variables that are tables, or images. */
  variables(kind: string): Promise<string[]>;
  /** The folders of the workspace. */
  folders(): Promise<string[]>;
  /** The files of the workspace that may hold a table, or an image. */
  files(kind: string): Promise<string[]>;
  /** Brings a file to the kernel in parts, and gives the path under which it is there. */
  upload(file: File, tell: (share: number) => void): Promise<string>;
}

export type Values = Readonly<Record<string, unknown>>;

type Request = Extract<
  FromView,
  {
    op:
      | "check"
      | "credentials"
      | "models"
      | "last_inputs"
      | "add_credential"
      | "begin_upload"
      | "upload"
      | "variables"
      | "folders"
      | "late";
  }
>;

/** What a form asks, without what the line to the kernel adds. */
export type FormAsk = Request extends infer Each
  ? Each extends Request
    ? Omit<Each, "client" | "rid">
    : never
  : never;

/** So many bytes of a file go in one message: hosts cut off those of some megabytes. */
export const PART = 512 * 1024;

/** For so long an answer serves the next field that asks: a canvas has many. */
const FRESH = 10_000;

/** An answer that is asked for once, and again when it is no longer fresh. */
class Kept<T> {
  private answer: Promise<T> | undefined;
  private at = 0;

  get(ask: () => Promise<T>): Promise<T> {
    const now = Date.now();
    if (this.answer === undefined || now - this.at > FRESH) {
      this.at = now;
      this.answer = ask();
      this.answer.catch(() => this.forget());
    }
    return this.answer;
  }

  forget(): void {
    this.answer = undefined;
  }
}

/** The desk at the other end of a line to the kernel. */
export function deskOver(
  request: (ask: FormAsk, beside?: ArrayBuffer[]) => Promise<unknown>,
): Desk {
  const credentials = new Kept<CredentialOffers>();
  const models = new Kept<ModelOffer[]>();
  return {
    async check(values, { node = "", firing } = {}) {
      const about = { node, firing: firing ?? null };
      const checked = await request({ op: "check", values: { ...values }, ...about });
      return (checked as Checked).faults;
    },
    async lastInputs() {
      return ((await request({ op: "last_inputs" })) as LastInputs).inputs;
    },
    credentials: () =>
      credentials.get(
        async () => (await request({ op: "credentials" })) as CredentialOffers,
      ),
    models: () =>
      models.get(async () => ((await request({ op: "models" })) as ModelOffers).models),
    async addCredential(credential) {
      const added = await request({ op: "add_credential", ...credential });
      credentials.forget();
      return added as CredentialOffers;
    },
    async upload(file, tell) {
      const { name, size } = file;
      const begun = await request({ op: "begin_upload", name, size });
      const { upload } = begun as UploadBegun;
      for (let at = 0; ; at += PART) {
        const part = await file.slice(at, at + PART).arrayBuffer();
        const came = await request({ op: "upload", upload, at, data: null }, [part]);
        tell(size > 0 ? Math.min(1, (at + PART) / size) : 1);
        const { path } = came as Uploaded;
        if (path) return path;
        if (at + PART >= size) throw new Error("the kernel did not get all of it.");
      }
    },
    async variables(kind) {
      return ((await request({ op: "variables", kind })) as Variables).names;
    },
    async folders() {
      return ((await request({ op: "folders", kind: "" })) as Folders).paths;
    },
    async files(kind) {
      return ((await request({ op: "folders", kind })) as Folders).paths;
    },
  };
}

/** Nobody to ask, as in a test of one field: fields are then plain. */
export const DeskContext = createContext<Desk | undefined>(undefined);

export function useDesk(): Desk | undefined {
  return useContext(DeskContext);
}

/** What the kernel has to offer; undefined until it has said, or when it does not. */
export function useOffer<T>(
  ask: (desk: Desk) => Promise<T>,
  isWanted = true,
): [T | undefined, (offer: T) => void] {
  const desk = useDesk();
  const [offer, setOffer] = useState<T>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is asked is always the same
  useEffect(() => {
    if (!desk || !isWanted) return;
    let isHere = true;
    ask(desk).then(
      (given) => isHere && setOffer(() => given),
      () => {}, // without it, names are typed
    );
    return () => {
      isHere = false;
    };
  }, [desk, isWanted]);
  return [offer, setOffer];
}
