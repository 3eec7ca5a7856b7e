/** The larger edits of one view: undo, clipboard, order, frames, agents in agents. */

import type { StoreApi } from "zustand";
import type { Ask } from "../bridge/connection";
import { type Axis, align, around, distribute, type Edge } from "../graph/align";
import { copyText } from "../graph/fragment";
import { freeId } from "../graph/names";
import { arrange, rowAbove, type Spot } from "../graph/place";
import type { Edit, Rearranged, WireLink, WireNode } from "../protocol/messages";
import type { Actions } from "./actions";
import { nodeCame } from "./arrival";
import { boxesOf, type FlowNode, FRAME, type PortEnd } from "./flow";
import { withFolded } from "./folding";
import type { LocalState } from "./local-state";
import type { Session } from "./session";

type Place = { x: number; y: number };

const FRAME_MARGIN = 28;
const FRAME_HEAD = 30;

export class Rearranging {
  constructor(
    private readonly session: Session,
    private readonly local: StoreApi<LocalState>,
    private readonly actions: Actions,
  ) {}

  // ---- asking ---------------------------------------------------------------

  /** Asks the kernel, shows its reason if it refuses, and selects what it is about now. */
  private async ask(what: Ask, at?: Place): Promise<Rearranged | undefined> {
    this.session.flush();
    try {
      const done = (await this.session.request(what)) as Rearranged;
      await Promise.all(done.ids.slice(0, 50).map((id) => nodeCame(this.session, id)));
      if (done.ids.length) this.actions.select(done.ids);
      return done;
    } catch (error) {
      this.refused(error, at);
    }
  }

  private refused(error: unknown, at?: Place): void {
    const text = error instanceof Error ? error.message : String(error);
    this.actions.toast("error", text, { at });
  }

  // ---- history --------------------------------------------------------------

  undo = async (): Promise<void> => {
    if (!this.session.kernel.getState().about.undo && !this.session.isTyping()) {
      return this.actions.toast("info", "There is nothing to undo.");
    }
    const done = await this.ask({ op: "undo", redo: false });
    if (done?.title) this.actions.toast("info", `Undone: ${done.title}`);
  };

  redo = async (): Promise<void> => {
    if (!this.session.kernel.getState().about.redo) {
      return this.actions.toast("info", "There is nothing to do again.");
    }
    const done = await this.ask({ op: "undo", redo: true });
    if (done?.title) this.actions.toast("info", `Done again: ${done.title}`);
  };

  // ---- clipboard ------------------------------------------------------------

  selected(): WireNode[] {
    const { nodes } = this.session.kernel.getState();
    return this.local
      .getState()
      .nodes.flatMap((node) => (node.selected ? (nodes[node.id] ?? []) : []));
  }

  private ids(): string[] {
    return this.selected().map(({ id }) => id);
  }

  /** The selected nodes as text; empty when none is. */
  copied(): string {
    this.session.flush();
    const { links, nodes: known } = this.session.kernel.getState();
    const nodes = withFolded(this.selected(), known);
    if (nodes.length === 0) return "";
    const what = nodes.length === 1 ? "1 node" : `${nodes.length} nodes`;
    this.actions.toast("info", `Copied ${what}.`);
    return copyText(nodes, Object.values(links));
  }

  async paste(text: string, at: Spot): Promise<void> {
    const place: [number, number] = [Math.round(at.x), Math.round(at.y)];
    const done = await this.ask({ op: "paste", text, at: place });
    if (done?.lost?.length) {
      const what = done.lost.join(", ");
      this.actions.toast("warning", `Live values do not fit into text: ${what}.`);
    }
  }

  duplicate = (chosen = this.ids(), is_linked = false): void => {
    const known = this.session.kernel.getState().nodes;
    const wire = chosen.flatMap((id) => known[id] ?? []);
    const nodes = withFolded(wire, known).map(({ id }) => id);
    if (nodes.length) this.ask({ op: "duplicate", nodes, is_linked });
  };

  // ---- wiring ---------------------------------------------------------------

  /** Takes nodes out and links what is before them with what is behind them. */
  dissolve = (nodes = this.ids()): void => {
    if (nodes.length) this.ask({ op: "dissolve", nodes });
  };

  insert(link: WireLink, block: string, spot?: Spot, at?: Place): void {
    const { source, output, target, input } = link;
    const place: [number, number] | null = spot ? [spot.x, spot.y] : null;
    const ends = { source, output, target, input };
    this.ask({ op: "insert", ...ends, block, node: "", at: place }, at);
  }

  /** Puts a node that is there into a link. */
  splice({ source, output, target, input }: WireLink, node: string): void {
    const ends = { source, output, target, input };
    this.ask({ op: "insert", ...ends, block: "", node, at: null });
  }

  /** Links two ports through a node that converts. */
  convert(from: PortEnd, to: PortEnd): void {
    const [source, target] = from.side === "output" ? [from, to] : [to, from];
    this.ask({
      op: "insert",
      source: source.node,
      output: source.port,
      target: target.node,
      input: target.port,
      block: "",
      node: "",
      at: null,
    });
  }

  // ---- agents in agents -----------------------------------------------------

  collapse(nodes: string[], name: string): void {
    this.ask({ op: "collapse", nodes, name }).then(
      (done) => done && this.actions.toast("info", `“${name}” is in the library now.`),
    );
  }

  expand(node: string): void {
    this.ask({ op: "expand", node });
  }

  // ---- order and looks ------------------------------------------------------

  private flowNodes(): FlowNode[] {
    return this.local.getState().nodes.filter((node) => node.selected);
  }

  align(edge: Edge): void {
    this.move(align(boxesOf(this.flowNodes()), edge), "Align");
  }

  distribute(axis: Axis): void {
    this.move(distribute(boxesOf(this.flowNodes()), axis), "Distribute");
  }

  /** Puts nodes in order, as they are sized: the selected ones, or all. One step. */
  tidy = (): Promise<boolean> => {
    const { nodes, links } = this.local.getState();
    const selected = this.flowNodes();
    const isPart = selected.length > 1;
    const chosen = (isPart ? selected : nodes).filter(
      ({ type, hidden }) => type !== "frame" && !hidden,
    );
    const isNote = (node: FlowNode) => node.type === "note";
    const boxes = boxesOf(chosen.filter((node) => !isNote(node)));
    const places = arrange(boxes, links);
    const notes = rowAbove(boxesOf(chosen.filter(isNote)), places);
    const found = new Map([...places, ...notes]);
    if (isPart) backTo(found, boxesOf(chosen));
    return this.move(found, isPart ? "Tidy up the selection" : "Tidy up");
  };

  private move(places: ReadonlyMap<string, Spot>, title: string): Promise<boolean> {
    const edits = [...places].map(
      ([id, { x, y }]): Edit => ({ edit: "move_node", id, position: [x, y] }),
    );
    return this.actions.edit(edits, undefined, { title });
  }

  /** Puts a frame around the selected nodes. */
  frame = (): void => {
    const boxes = boxesOf(this.flowNodes().filter(({ type }) => type !== "frame"));
    if (boxes.length === 0) return;
    const { x, y, width, height } = around(boxes, FRAME_MARGIN, FRAME_HEAD);
    const id = freeId(FRAME, (wanted) => this.session.isTaken(wanted));
    const edit: Edit = {
      edit: "add_node",
      block: FRAME,
      id,
      position: [x, y],
      constants: { width, height },
    };
    this.actions
      .edit([edit], undefined, { title: "Frame the selection" })
      .then(async (isDone) => {
        if (!isDone) return;
        await nodeCame(this.session, id);
        this.local.setState({ renaming: id });
      });
  };

  colour(ids: readonly string[], colour: string): void {
    const edits = ids.map((id): Edit => ({ edit: "set_colour", id, colour }));
    this.actions.edit(edits);
  }
}

/** Moves places so that their left top corner is where that of the boxes was. */
function backTo(
  places: Map<string, Spot>,
  boxes: readonly { x: number; y: number }[],
): void {
  const all = [...places.values()];
  const dx = Math.min(...boxes.map((b) => b.x)) - Math.min(...all.map((p) => p.x));
  const dy = Math.min(...boxes.map((b) => b.y)) - Math.min(...all.map((p) => p.y));
  for (const [id, { x, y }] of places)
    places.set(id, { x: Math.round(x + dx), y: Math.round(y + dy) });
}
