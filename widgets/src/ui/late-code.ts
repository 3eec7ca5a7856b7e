/**
 * Code that comes late: a view asks the kernel for it when it first needs it, and the page
 * keeps it, for modules of widgets are read again for each model. No React here: this is
 * in the smallest of widgets.
 */

import type { Code } from "../protocol/messages";

/** How a view asks: as any request, over the line that its widget has. */
export type AskLate = (what: {
  op: "late";
  name: string;
  has: string;
}) => Promise<unknown>;

interface Kept {
  codes: Map<string, Code>;
  modules: Map<string, Promise<unknown>>;
}

const KEPT = Symbol.for("agentbench late code");

function kept(): Kept {
  const page = globalThis as unknown as Record<symbol, Kept | undefined>;
  page[KEPT] ??= { codes: new Map(), modules: new Map() };
  return page[KEPT];
}

/** What this module was told already, or is being told. */
const told = new Map<string, Promise<Code>>();

/** The code of a name; a page that holds it under `hash` need not ask. */
export function codeOf(name: string, ask: AskLate, hash = ""): Promise<Code> {
  const { codes } = kept();
  const held = codes.get(name);
  if (held && held.hash === hash) return Promise.resolve(held);
  const known = told.get(name);
  if (known) return known;
  const coming = ask({ op: "late", name, has: held?.hash ?? "" }).then((answer) => {
    const code = answer as Code;
    if (held?.hash === code.hash) return held;
    codes.set(name, code);
    return code;
  });
  told.set(name, coming);
  coming.catch(() => told.delete(name));
  return coming;
}

/** A module, read once in a page, with its style where it will be shown. */
export async function moduleOf<Module>(
  name: string,
  ask: AskLate,
  place?: Node,
  hash = "",
): Promise<Module> {
  const code = await codeOf(name, ask, hash);
  if (code.css !== "") dress(name, code, place?.getRootNode());
  const { modules } = kept();
  const key = `${name} ${code.hash}`;
  const module = modules.get(key) ?? read(code.js);
  modules.set(key, module);
  module.catch(() => modules.delete(key));
  return (await module) as Module;
}

async function read(js: string): Promise<unknown> {
  const address = URL.createObjectURL(new Blob([js], { type: "text/javascript" }));
  try {
    return await import(/* webpackIgnore: true */ /* @vite-ignore */ address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Once in the page, or in the shadow where the host puts its widgets. */
function dress(name: string, code: Code, root: Node | undefined): void {
  const place = root instanceof ShadowRoot ? root : document.head;
  const key = `${name} ${code.hash}`;
  for (const style of place.querySelectorAll<HTMLElement>("style[data-ab-late]")) {
    if (style.dataset.abLate === key) return;
  }
  const style = document.createElement("style");
  style.dataset.abLate = key;
  style.textContent = code.css;
  place.append(style);
}
