/** The menu beside the Run button: how much is run, and when. */

import type { MenuItem } from "../ui/menu";
import { isActive } from "./kernel-state";
import { type Pointer, placeInside } from "./menus";
import type { View } from "./view";

/** The ways to run an agent, besides the button that runs all of it. */
export function openRunMenu({ actions, local, session }: View, event: Pointer): void {
  const { run } = session.kernel.getState();
  const besides: MenuItem[] = [
    {
      label: "Run beside this one",
      icon: "play",
      onChoose: () => actions.askToRun({ beside: true }),
    },
    {
      label: "Run when this one has ended",
      icon: "waiting",
      onChoose: () => actions.askToRun({ in_line: true }),
    },
  ];
  const all: MenuItem[] = [
    {
      label: "Run everything",
      icon: "play",
      keys: "Ctrl+Enter",
      onChoose: () => actions.askToRun(),
    },
    {
      label: "Run step by step",
      icon: "step",
      onChoose: () => actions.askToRun({ step: true }),
    },
    {
      label: "Run only what changed",
      icon: "reused",
      keys: "Ctrl+Shift+Enter",
      onChoose: () => actions.askToRun({ reuse: true }),
    },
  ];
  const items = isActive(run) ? besides : all;
  const box = (event.currentTarget as Element).getBoundingClientRect();
  const under = { ...event, clientX: box.left, clientY: box.bottom + 4 };
  const at = placeInside({ ...under, currentTarget: event.currentTarget });
  local.setState({ menu: { at, label: "Ways to run", items } });
}
