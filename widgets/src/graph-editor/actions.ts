/** What a user can do in the editor, each with its answer shown: the verbs of one view. */

import type { StoreApi } from "zustand";
import { RequestFailed } from "../bridge/requests";
import { freeId, nodeTitle } from "../graph/names";
import { type Area, freeSpot, type Spot } from "../graph/place";
import { whyNotLink } from "../graph/types";
import type {
  Edit,
  Inspection,
  PlainGraph,
  Saved,
  WireLink,
  WirePort,
} from "../protocol/messages";
import type { Toast } from "../ui/toasts";
import { nodeCame } from "./arrival";
import { boxesOf, moveEdits, type PortEnd, unlinkEdit } from "./flow";
import type { How, LocalState } from "./local-state";
import type { Said, Session } from "./session";

type Place = { x: number; y: number };

/** The kernel's error when another version was saved meanwhile. */
const CONFLICT = "SaveConflict";
let toastId = 0;

export class Actions {
  constructor(
    private readonly session: Session,
    private readonly local: StoreApi<LocalState>,
  ) {}

  // ---- telling --------------------------------------------------------------

  toast(level: Toast["level"], text: string, more: Partial<Toast> = {}): void {
    const toast = { ...more, level, text, id: ++toastId };
    this.local.setState(({ toasts }) => ({
      toasts: [...toasts.filter((old) => old.text !== text), toast].slice(-4),
    }));
  }

  dismiss = (id: number): void => {
    this.local.setState(({ toasts }) => ({
      toasts: toasts.filter((toast) => toast.id !== id),
    }));
  };

  /** Shows an error, with the name under which the kernel has all of it. */
  fault(error: unknown, at?: Place): void {
    const trouble = error instanceof RequestFailed ? error.trouble : "";
    const text = error instanceof Error ? error.message : String(error);
    this.toast("error", text, { at, trouble });
  }

  /** Runs what may be refused, and shows the reason. */
  private async attempt<T>(what: Promise<T>, at?: Place): Promise<T | undefined> {
    try {
      return await what;
    } catch (error) {
      this.fault(error, at);
    }
  }

  // ---- editing --------------------------------------------------------------

  edit = (edits: readonly Edit[], at?: Place, said?: Said): Promise<boolean> => {
    if (edits.length === 0) return Promise.resolve(true);
    const done = this.session.edit(edits, said).then(() => true);
    return this.attempt(done, at).then((answer) => answer ?? false);
  };

  /** Adds a block with its middle near a spot of the canvas; selects it. */
  async add(
    block: string,
    spot: Spot,
    isExact = false,
    seen?: Area,
  ): Promise<string | undefined> {
    const { nodes } = this.local.getState();
    const id = freeId(block, (wanted) => this.session.isTaken(wanted));
    const place = isExact ? spot : freeSpot(spot, boxesOf(nodes), seen);
    const position: [number, number] = [Math.round(place.x), Math.round(place.y)];
    const isDone = await this.edit([{ edit: "add_node", block, id, position }]);
    if (!isDone) return undefined;
    await nodeCame(this.session, id);
    this.select([id]);
    return id;
  }

  /** Links a port with the first port of a node that takes it, required ones first. */
  async linkTo(id: string, from: PortEnd, at: Place): Promise<void> {
    const { nodes, links } = this.session.kernel.getState();
    const node = nodes[id];
    const port = this.port(from);
    if (!node || !port || id === from.node) return;
    const isForward = from.side === "output";
    const isFree = ({ name }: WirePort) =>
      !Object.values(links).some((link) => link.target === id && link.input === name);
    const fits = (other: WirePort) =>
      whyNotLink(isForward ? port : other, isForward ? other : port) === null;
    const candidates = (isForward ? node.inputs.filter(isFree) : node.outputs).filter(
      fits,
    );
    const other = candidates.find((x) => x.required) ?? candidates[0];
    if (!other) {
      this.toast("warning", `“${node.title}” has no free port for this.`, { at });
      return;
    }
    const [source, output] = isForward ? [from.node, from.port] : [id, other.name];
    const [target, input] = isForward ? [id, other.name] : [from.node, from.port];
    await this.edit([{ edit: "add_link", source, output, target, input }], at);
  }

  port({ node, port, side }: PortEnd): WirePort | undefined {
    const wire = this.session.kernel.getState().nodes[node];
    const ports = side === "input" ? wire?.inputs : wire?.outputs;
    return ports?.find(({ name }) => name === port);
  }

  rename(id: string, title: string): void {
    this.local.setState({ renaming: null });
    const node = this.session.kernel.getState().nodes[id];
    if (!node || title === nodeTitle(node)) return;
    this.edit([{ edit: "set_title", id, title }]);
  }

  setSticky(link: WireLink, sticky: boolean): void {
    const { source, output, target, input } = link;
    const again: Edit = { edit: "add_link", source, output, target, input, sticky };
    this.edit([unlinkEdit(link), again]);
  }

  removeSelected = (): void => {
    const { nodes, links } = this.local.getState();
    const dead = nodes.filter((node) => node.selected).map((node) => node.id);
    const cut = links.flatMap((link) =>
      link.selected && !dead.includes(link.source) && !dead.includes(link.target)
        ? [link.data?.link]
        : [],
    );
    this.remove(
      dead,
      cut.filter((link) => link !== undefined),
    );
  };

  remove(nodes: readonly string[], links: readonly WireLink[] = []): void {
    const isGone = (id: string | null) => id !== null && nodes.includes(id);
    if (isGone(this.local.getState().inspected))
      this.local.setState({ inspected: null });
    this.edit([
      ...links.map(unlinkEdit),
      ...nodes.map((id): Edit => ({ edit: "remove_node", id })),
    ]);
  }

  /** Sends where these nodes are drawn now. */
  settle(ids: readonly string[]): Promise<boolean> {
    const wire = this.session.kernel.getState().nodes;
    const moved = this.local.getState().nodes.filter(({ id, position }) => {
      const old = wire[id];
      const isMoved = old && (old.x !== position.x || old.y !== position.y);
      return isMoved && ids.includes(id);
    });
    return this.edit(moveEdits(moved));
  }

  // ---- selecting ------------------------------------------------------------

  select(ids: readonly string[]): void {
    this.local.setState(({ nodes, links }) => ({
      nodes: nodes.map((node) => marked(node, ids.includes(node.id))),
      links: links.map((link) => marked(link, false)),
    }));
  }

  selectAll(): void {
    this.select(this.local.getState().nodes.map(({ id }) => id));
  }

  inspect(id: string | null): void {
    this.local.setState({ inspected: id });
  }

  // ---- running and saving ---------------------------------------------------

  /** Runs at once, or asks for the inputs first: for a part of it, those it lacks. */
  askToRun = (how: How = {}): void => {
    const { inputs } = this.session.kernel.getState().about;
    const { lastInputs, isRunFormOpen } = this.local.getState();
    const isPart = Boolean(how.reuse || how.from_node || how.only);
    const isKnown = ({ name, required }: WirePort) =>
      !required || Object.hasOwn(lastInputs, name);
    if (inputs.length === 0) this.run({}, how);
    else if (isPart && inputs.every(isKnown)) this.run(lastInputs, how);
    else
      this.local.setState({
        isRunFormOpen: Object.keys(how).length > 0 || !isRunFormOpen,
        how,
      });
  };

  async run(inputs: Record<string, unknown>, how: How = {}): Promise<void> {
    this.local.setState({ lastInputs: inputs });
    const tried = new Set(Object.keys(this.session.kernel.getState().nodes));
    this.local.setState({ tried });
    this.session.flush();
    const { reuse = false, from_node = "", only = [] } = how;
    const { step = false, in_line = false } = how;
    const part = { reuse, from_node, only } as const;
    const ask = { op: "run", inputs, ...part, step, in_line } as const;
    const started = await this.attempt(this.session.request(ask));
    if (started) this.local.setState({ isRunFormOpen: false });
  }

  /** Answers what a firing waits to be told; says whether the answer was taken. */
  async answer(node: string, firing: number, answer: unknown): Promise<boolean> {
    const ask = { op: "answer", node, firing, answer } as const;
    const told = await this.attempt(this.session.request(ask).then(() => true));
    return told ?? false;
  }

  /** Switches what is done instead of running these nodes: off if all have it, else on. */
  toggle(ids: readonly string[], option: "disabled" | "bypassed" | "breakpoint"): void {
    const { nodes } = this.session.kernel.getState();
    const there = ids.filter((id) => nodes[id] && nodes[id].role !== "note");
    const isOn = there.every((id) => nodes[id]?.options[option] === true);
    const value = isOn ? null : true;
    this.edit(there.map((id): Edit => ({ edit: "set_option", id, option, value })));
  }

  pin(node: string): void {
    this.attempt(this.session.request({ op: "pin", node }));
  }

  unpin(id: string): void {
    this.edit([{ edit: "set_option", id, option: "pinned", value: null }]);
  }

  /** Stops the run that is shown, or another. */
  stop = (run = ""): void => {
    this.attempt(this.session.request({ op: "stop", run }));
  };

  showRun(run: string): void {
    this.attempt(this.session.request({ op: "show_run", run }));
  }

  takeOut(number: number): void {
    this.attempt(this.session.request({ op: "take_out", number }));
  }

  /** Saves; on top of a version that was saved elsewhere only if it is the one named. */
  save = async (over = ""): Promise<boolean> => {
    this.session.flush();
    try {
      const ask = { op: "save", force: false, over } as const;
      const saved = (await this.session.request(ask)) as Saved | null;
      this.toast("info", saved?.saved_as ? `Saved as ${saved.saved_as}.` : "Saved.");
      return true;
    } catch (error) {
      if (codeOf(error) === CONFLICT) await this.attempt(this.reviewConflict());
      else this.fault(error);
      return false;
    }
  };

  private async reviewConflict(): Promise<void> {
    const ask = { op: "look", key: "" } as const;
    const theirs = (await this.session.request(ask)) as PlainGraph;
    this.local.setState({ review: { of: "conflict", theirs } });
  }

  values = async (node: string, firing: number | null): Promise<Inspection> => {
    const answer = await this.session.request({ op: "inspect", node, firing });
    return answer as Inspection;
  };

  /** The link of that id, as the kernel knows it. */
  link(id: string): WireLink | undefined {
    return this.session.kernel.getState().links[id];
  }
}

const marked = <T extends { selected?: boolean }>(item: T, selected: boolean): T =>
  (item.selected ?? false) === selected ? item : { ...item, selected };

const codeOf = (error: unknown): string =>
  error instanceof RequestFailed ? error.code : "";
