/**
 * What only this view knows: what is selected, dragged, open. It never crosses to the
 * kernel. What the kernel must know goes through session.ts.
 */

import { createStore } from "zustand/vanilla";
import type { PlainGraph, WireLink } from "../protocol/messages";
import type { MenuItem, Swatches } from "../ui/menu";
import type { Toast } from "../ui/toasts";
import type { FlowLink, FlowNode, PortEnd } from "./flow";

/** How much of an agent is run: all of it, or with the rest taken over from the last run. */
export interface How {
  reuse?: boolean;
  from_node?: string;
  only?: string[];
  step?: boolean;
  in_line?: boolean;
  /** Beside a run that goes on. */
  beside?: boolean;
}

/** Where the quick search stands: in the widget, and on the canvas. */
export interface QuickAdd {
  at: { x: number; y: number };
  spot: { x: number; y: number };
  /** The end of a link that was let go over the empty canvas. */
  from?: PortEnd;
  /** The link into which the block goes. */
  into?: WireLink;
}

/** What is being looked for: a node, or a link that begins or ends at one. */
export type Picking = { what: "node" } | { what: "link"; from: string };

export type Review = { of: "versions" } | { of: "conflict"; theirs: PlainGraph };

/** How the canvas is drawn: in full, as plates with titles, or as plates alone. */
export type Sight = "" | "far" | "farthest";

export interface LocalState {
  nodes: FlowNode[];
  links: FlowLink[];
  sight: Sight;
  /** The port from which a link is being drawn. */
  drawing: PortEnd | null;
  inspected: string | null;
  /** How wide the inspector is, in pixels. */
  inspectorWidth: number;
  isPaletteOpen: boolean;
  isRunFormOpen: boolean;
  areProblemsOpen: boolean;
  areRunsOpen: boolean;
  /** Whether the film of the run is played, and whether its timeline is seen. */
  isFilmOpen: boolean;
  isTimelineOpen: boolean;
  /** The run against which the one on the canvas is held. */
  comparedWith: string | null;
  isMaximised: boolean;
  /** The inputs of the last run that was started here. */
  lastInputs: Record<string, unknown>;
  /** What the form before a run will start. */
  how: How;
  menu: {
    at: { x: number; y: number };
    label: string;
    items: MenuItem[];
    swatches?: Swatches;
  } | null;
  quickAdd: QuickAdd | null;
  /** The node whose title is being written. */
  renaming: string | null;
  picking: Picking | null;
  /** The nodes that become an agent, once it has a name. */
  naming: readonly string[] | null;
  isHelpOpen: boolean;
  /** Whether nodes are dragged in steps of the grid. */
  isSnapping: boolean;
  /** Whether dragging on the empty canvas selects, rather than moves the canvas. */
  isSelecting: boolean;
  /** The link over which a block is dragged. */
  overLink: string | null;
  /** The nodes that somebody tried to run: what they lack is a mistake from then on. */
  tried: ReadonlySet<string>;
  /** Two versions side by side, or what was saved elsewhere. */
  review: Review | null;
  toasts: readonly Toast[];
}

export const createLocalState = () =>
  createStore<LocalState>(() => ({
    nodes: [],
    links: [],
    sight: "",
    drawing: null,
    inspected: null,
    inspectorWidth: 380,
    isPaletteOpen: true,
    isRunFormOpen: false,
    areProblemsOpen: false,
    areRunsOpen: false,
    isFilmOpen: false,
    isTimelineOpen: true,
    comparedWith: null,
    isMaximised: false,
    lastInputs: {},
    how: {},
    menu: null,
    quickAdd: null,
    renaming: null,
    picking: null,
    naming: null,
    isHelpOpen: false,
    isSnapping: false,
    isSelecting: false,
    overLink: null,
    tried: new Set(),
    review: null,
    toasts: [],
  }));
