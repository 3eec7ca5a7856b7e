/**
 * What only this view knows: what is selected, dragged, open. It never crosses to the
 * kernel. What the kernel must know goes through session.ts.
 */

import { createStore } from "zustand/vanilla";
import type { MenuItem } from "../ui/menu";
import type { Toast } from "../ui/toasts";
import type { FlowLink, FlowNode, PortEnd } from "./flow";

/** How much of an agent is run: all of it, or with the rest taken over from the last run. */
export interface How {
  reuse?: boolean;
  from_node?: string;
  only?: string[];
}

/** Where the quick search stands: in the widget, and on the canvas. */
export interface QuickAdd {
  at: { x: number; y: number };
  spot: { x: number; y: number };
  /** The end of a link that was let go over the empty canvas. */
  from?: PortEnd;
}

export interface LocalState {
  nodes: FlowNode[];
  links: FlowLink[];
  /** The port from which a link is being drawn. */
  drawing: PortEnd | null;
  inspected: string | null;
  /** How wide the inspector is, in pixels. */
  inspectorWidth: number;
  isPaletteOpen: boolean;
  isRunFormOpen: boolean;
  areProblemsOpen: boolean;
  isMaximised: boolean;
  /** The inputs of the last run that was started here. */
  lastInputs: Record<string, unknown>;
  /** What the form before a run will start. */
  how: How;
  menu: { at: { x: number; y: number }; label: string; items: MenuItem[] } | null;
  quickAdd: QuickAdd | null;
  /** The node whose title is being written. */
  renaming: string | null;
  toasts: readonly Toast[];
}

export const createLocalState = () =>
  createStore<LocalState>(() => ({
    nodes: [],
    links: [],
    drawing: null,
    inspected: null,
    inspectorWidth: 380,
    isPaletteOpen: true,
    isRunFormOpen: false,
    areProblemsOpen: false,
    isMaximised: false,
    lastInputs: {},
    how: {},
    menu: null,
    quickAdd: null,
    renaming: null,
    toasts: [],
  }));
