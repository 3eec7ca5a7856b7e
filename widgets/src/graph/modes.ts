/** What is done instead of running a node, if anything. */

import type { WireNode } from "../protocol/messages";

export type Mode = "disabled" | "bypassed" | "pinned";

/** The mode of a node, as the engine decides it: the first that is on counts. */
export function modeOf({ options }: Pick<WireNode, "options">): Mode | "" {
  if (options.disabled === true) return "disabled";
  if (options.bypassed === true) return "bypassed";
  return options.pinned ? "pinned" : "";
}

export const MODE_WORDS: Readonly<Record<Mode, string>> = {
  disabled: "Disabled: it does not fire, and gives nothing.",
  bypassed: "Bypassed: what comes in goes out, where the types fit.",
  pinned: "Pinned: it gives the values that were pinned, and does not run.",
};

/** By name, as the icons of the widgets are. */
export const MODE_ICONS: Readonly<Record<Mode, string>> = {
  disabled: "disable",
  bypassed: "bypass",
  pinned: "pin",
};
