/** Waiting for a node that has been asked for. */

import type { Session } from "./session";

/** How long a new node may take to come back from the kernel before its link is drawn. */
const NODE_COMES_WITHIN = 5000;

/** Done when the kernel has told of the node, or when it takes too long. */
export function nodeCame(kernel: Session["kernel"], id: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = kernel.subscribe((state) => {
      if (id in state.nodes) end();
    });
    const timer = setTimeout(() => end(), NODE_COMES_WITHIN);
    const end = () => {
      stop();
      clearTimeout(timer);
      resolve();
    };
    if (id in kernel.getState().nodes) end();
  });
}
