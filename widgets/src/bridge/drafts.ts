/**
 * Drafts: what of a graph no save has kept, in the browser's own database. They outlive the
 * kernel, the page and the browser. Where a front end has no database, there are none.
 */

import type { Edit, PlainGraph } from "../protocol/messages";

export interface Draft {
  /** The model whose draft it is. */
  id: string;
  /** The agent's name. */
  name: string;
  /** When it was written, in milliseconds since 1970. */
  at: number;
  /** The graph as it was last saved, or first seen. */
  base: PlainGraph;
  /** The graph as it was last shown. */
  mine: PlainGraph;
  /** Edits that the kernel has not confirmed. */
  unsure: Edit[];
}

export interface Drafts {
  all(): Promise<Draft[]>;
  put(draft: Draft): Promise<void>;
  remove(id: string): Promise<void>;
}

const NAME = "agentbench";
const STORE = "drafts";
/** How long a draft nobody asked for is kept. */
const KEPT = 7 * 24 * 3600_000;

export class BrowserDrafts implements Drafts {
  private opened: Promise<IDBDatabase> | undefined;

  async all(): Promise<Draft[]> {
    const drafts = await this.ask<Draft[]>("readonly", (store) => store.getAll());
    const [old, kept] = [
      drafts.filter((it) => it.at < Date.now() - KEPT),
      drafts.filter((it) => it.at >= Date.now() - KEPT),
    ];
    for (const { id } of old) await this.remove(id);
    return kept;
  }

  async put(draft: Draft): Promise<void> {
    await this.ask("readwrite", (store) => store.put(draft));
  }

  async remove(id: string): Promise<void> {
    await this.ask("readwrite", (store) => store.delete(id));
  }

  private async ask<T>(
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore) => IDBRequest,
  ): Promise<T> {
    this.opened ??= open();
    const database = await this.opened;
    return promised<T>(work(database.transaction(STORE, mode).objectStore(STORE)));
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () =>
    request.result.createObjectStore(STORE, { keyPath: "id" });
  return promised<IDBDatabase>(request);
}

const promised = <T>(request: IDBRequest): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(request.error);
  });

/** Drafts where the front end can keep them, else undefined. */
export function browserDrafts(): Drafts | undefined {
  return typeof indexedDB === "undefined" ? undefined : new BrowserDrafts();
}

const lockOf = (id: string) => `agentbench draft ${id}`;

/** Tells other views that the writer of this draft is there, until the signal. */
export function hold(id: string, until: AbortSignal): void {
  navigator.locks
    ?.request(
      lockOf(id),
      () =>
        new Promise<void>((done) => {
          if (until.aborted) done();
          until.addEventListener("abort", () => done());
        }),
    )
    .catch(() => {});
}

/** Resolves when nobody writes this draft any more; rejects with the signal. */
export async function unheld(id: string, signal: AbortSignal): Promise<void> {
  await navigator.locks?.request(lockOf(id), { signal }, () => {});
}

/** Of these drafts, those that somebody is still writing. */
export async function held(): Promise<Set<string>> {
  const locks = await navigator.locks?.query().catch(() => undefined);
  const names = (locks?.held ?? []).map(({ name }) => name ?? "");
  return new Set(names.map((name) => name.replace(lockOf(""), "")));
}
