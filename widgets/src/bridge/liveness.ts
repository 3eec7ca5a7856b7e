/**
 * Whether the kernel behind a model is there: Jupyter knows before a message fails.
 *
 * The model tells a restart that somebody asked for. That the kernel died, was shut down or
 * cannot be reached, JupyterLab and Notebook 7 tell through the model's manager; elsewhere
 * nothing is known until a send fails.
 */

import type { Model } from "./model";

interface Signal<T> {
  connect(slot: (sender: unknown, args: T) => void): unknown;
  disconnect(slot: (sender: unknown, args: T) => void): unknown;
}

interface Kernel {
  disposed?: Signal<unknown>;
  statusChanged?: Signal<string>;
  connectionStatusChanged?: Signal<string>;
}

export interface Liveness {
  /** The kernel has ended: what it had is gone. */
  onGone(): void;
  /** The line to it is broken, or there again. */
  onCut(isCut: boolean): void;
}

/** What Jupyter says of a kernel of which nothing is left, also when another follows. */
const ENDS = new Set(["restarting", "autorestarting", "terminating", "dead"]);

/** Listens to what Jupyter knows of the kernel; returns how to stop. */
export function watchKernel(model: Model, hearer: Liveness): () => void {
  const { widget_manager: manager } = model as {
    widget_manager?: { kernel?: Kernel | null };
  };
  const kernel = manager?.kernel;
  if (!kernel) return () => {};
  const gone = () => hearer.onGone();
  const status = (_: unknown, word: string) => {
    if (ENDS.has(word)) hearer.onGone();
  };
  const line = (_: unknown, word: string) => hearer.onCut(word !== "connected");
  kernel.disposed?.connect(gone);
  kernel.statusChanged?.connect(status);
  kernel.connectionStatusChanged?.connect(line);
  return () => {
    kernel.disposed?.disconnect(gone);
    kernel.statusChanged?.disconnect(status);
    kernel.connectionStatusChanged?.disconnect(line);
  };
}
