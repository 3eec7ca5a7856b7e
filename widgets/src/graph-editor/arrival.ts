/** The arrival of a node: a view asks for one, and the kernel tells it a moment later. */

import type { Session } from "./session";

/** How long a new node may take to come back from the kernel before its link is drawn. */
const COMES_WITHIN = 5000;

/** Resolves when the kernel has told of the node, or has not for too long. */
export function nodeCame({ kernel }: Session, id: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = kernel.subscribe((state) => {
      if (id in state.nodes) end();
    });
    const timer = setTimeout(() => end(), COMES_WITHIN);
    const end = () => {
      stop();
      clearTimeout(timer);
      resolve();
    };
    if (id in kernel.getState().nodes) end();
  });
}
