/**
 * Generated from agentbench/widgets/messages.py by `npm run protocol`. Do not edit.
 */

/**
 * All of the above in one place, for the generator of the TypeScript types.
 */
export interface Protocol {
  to_view: Snapshot | Updates | Reply;
  from_view:
    | Sync
    | EditGraph
    | Undo
    | Paste
    | Duplicate
    | Insert
    | Dissolve
    | Collapse
    | Expand
    | Run
    | Stop
    | ShowRun
    | TakeOut
    | Answer
    | Pin
    | Save
    | ListVersions
    | LookAt
    | Inspect;
  inspection: Inspection;
  run_accepted: RunAccepted;
  saved: Saved;
  rearranged: Rearranged;
  plain_graph: PlainGraph;
  versions: Versions;
}
/**
 * Everything, as of update number `seq`. For the view whose `client` it names.
 */
export interface Snapshot {
  kind: "snapshot";
  client: string;
  seq: number;
  graph: WireGraph;
  blocks: WireBlock[];
  options: OptionGroup[];
  run: RunState | null;
  nodes: NodeState[];
  stale: {
    [k: string]: string;
  };
  runs: RunsChanged;
  version: string;
}
/**
 * A whole graph. `is_saved` is false while there are changes that no save has kept.
 */
export interface WireGraph {
  name: string;
  description: string;
  revision: number;
  nodes: WireNode[];
  links: WireLink[];
  problems: WireProblem[];
  inputs: WirePort[];
  read_only: string;
  is_saved: boolean;
  saved_as: string;
  undo: string;
  redo: string;
}
/**
 * A node as the canvas draws it. `problem` says why its block is unknown, if it is.
 */
export interface WireNode {
  id: string;
  block: string;
  title: string;
  own_title: string;
  role: "work" | "input" | "output" | "note";
  help: string;
  inputs: WirePort[];
  outputs: WirePort[];
  constants: {
    [k: string]: unknown;
  };
  options: {
    [k: string]: unknown;
  };
  colour: string;
  x: number;
  y: number;
  problem: string;
}
/**
 * A port as the editor needs it: `types` are plain names, the first gives the colour.
 */
export interface WirePort {
  name: string;
  title: string;
  help: string;
  types: string[];
  type_name: string;
  schema: {
    [k: string]: unknown;
  };
  required: boolean;
  advanced: boolean;
  shown: boolean;
  default: unknown;
  has_default: boolean;
}
/**
 * A link; `sticky` counts both the link's own mark and its source block's.
 */
export interface WireLink {
  source: string;
  output: string;
  target: string;
  input: string;
  sticky: boolean;
  types: string[];
}
/**
 * Something wrong or doubtful, with its place.
 */
export interface WireProblem {
  message: string;
  node: string;
  port: string;
  level: "error" | "warning";
  link: string;
  is_missing: boolean;
}
/**
 * A block as the palette shows it. `ports` names what a node of it starts with.
 */
export interface WireBlock {
  id: string;
  title: string;
  help: string;
  family: string;
  keywords: string[];
  role: "work" | "input" | "output" | "note";
  effects: "pure" | "reads" | "writes" | "sends";
  input_types: string[];
  output_types: string[];
}
/**
 * Options of a node that are about one thing, as fields to be filled in.
 */
export interface OptionGroup {
  title: string;
  options: WirePort[];
}
/**
 * The run that is shown; `failures` are those that no link handles.
 *
 * `reason` says why it was cut short, or stands still, if it does.
 */
export interface RunState {
  id: string;
  status:
    | "queued"
    | "running"
    | "waiting"
    | "completed"
    | "failed"
    | "stopped"
    | "interrupted"
    | "needs_decision";
  started: number;
  seconds: number;
  failures: WireProblem[];
  link_counts: {
    [k: string]: number;
  };
  is_ours: boolean;
  reason: string;
}
/**
 * How a node stands in the run that is shown.
 *
 * `preview` is a small bundle (under 20 kB) of the last value it gave, on output
 * `preview_port`. Counts are of firings. `reason` says why the newest was skipped,
 * reused or done again, `question` what the oldest that asks wants to be told.
 */
export interface NodeState {
  node: string;
  status:
    | "pending"
    | "ready"
    | "running"
    | "waiting"
    | "completed"
    | "failed"
    | "skipped"
    | "reused"
    | "stopped";
  running: number;
  completed: number;
  failed: number;
  waiting: number;
  error: string;
  place: string;
  seconds: number;
  progress: number | null;
  progress_text: string;
  preview: WireBundle | null;
  preview_port: string;
  reason: string;
  question: Question | null;
}
/**
 * One value, ready to be shown: a MIME bundle as in a notebook output.
 */
export interface WireBundle {
  data: {
    [k: string]: unknown;
  };
  metadata: {
    [k: string]: unknown;
  };
}
/**
 * What a firing waits to be told.
 *
 * The answer is one of `choices`; or what the fields of `form` hold (the value of its
 * only field when `is_whole`, else a dictionary), which begin with `initial`; or
 * anything. With `comment` it may be `{"answer": …, "comment": …}`. At `until` (seconds
 * since 1970, 0 for never) the clock answers. `is_decision` is about a firing that was
 * cut off while it was sending: `again`, `done` or `failed`.
 */
export interface Question {
  firing: number;
  text: string;
  choices: string[];
  comment: boolean;
  form: WirePort[];
  is_whole: boolean;
  initial: {
    [k: string]: unknown;
  };
  until: number;
  is_decision: boolean;
}
/**
 * Every run of the agent in this kernel, the newest first, and those in line.
 */
export interface RunsChanged {
  update: "runs_changed";
  runs: RunLook[];
  waiting: InLine[];
}
/**
 * One run of the agent at a glance; `done` of `total` nodes have ended.
 */
export interface RunLook {
  id: string;
  status: string;
  seconds: number;
  done: number;
  total: number;
  inputs: string;
  outputs: string;
  is_shown: boolean;
}
/**
 * A run that begins when those before it have ended.
 */
export interface InLine {
  number: number;
  inputs: string;
}
/**
 * Updates numbered `first`, `first + 1`, …; `client` is empty when for every view.
 */
export interface Updates {
  kind: "updates";
  client: string;
  first: number;
  updates: (
    | GraphChanged
    | NodesMoved
    | BlocksChanged
    | RunChanged
    | RunsChanged
    | StaleChanged
    | NoticeGiven
  )[];
}
/**
 * Nodes and links that came, changed or went; the rest of the graph is as it was.
 *
 * Every field is the new truth; a node in `nodes` replaces the one of its id or is new.
 * `problems` replace those of the nodes in `judged`, where an empty id stands for the
 * graph itself; `inputs` are null while they are as they were.
 */
export interface GraphChanged {
  update: "graph_changed";
  revision: number;
  nodes: WireNode[];
  changed: NodeChanged[];
  removed_nodes: string[];
  links: WireLink[];
  removed_links: WireLink[];
  name: string;
  description: string;
  judged: string[];
  problems: WireProblem[];
  inputs: WirePort[] | null;
  is_saved: boolean;
  saved_as: string;
  undo: string;
  redo: string;
  by: string;
}
/**
 * What is new of a node whose ports are as they were.
 */
export interface NodeChanged {
  id: string;
  title: string;
  own_title: string;
  constants: {
    [k: string]: unknown;
  };
  options: {
    [k: string]: unknown;
  };
  colour: string;
  x: number;
  y: number;
}
/**
 * Nodes that stand somewhere else now.
 */
export interface NodesMoved {
  update: "nodes_moved";
  revision: number;
  positions: {
    [k: string]: [number, number];
  };
  is_saved: boolean;
  undo: string;
  redo: string;
  by: string;
}
/**
 * Blocks that are new or were defined again.
 */
export interface BlocksChanged {
  update: "blocks_changed";
  blocks: WireBlock[];
}
/**
 * The run, and those nodes of it that stand differently now.
 *
 * `is_new` means: forget what earlier runs left on the nodes.
 */
export interface RunChanged {
  update: "run_changed";
  run: RunState;
  nodes: NodeState[];
  is_new: boolean;
}
/**
 * Which nodes were changed since the run that is shown, and why each is out of date.
 *
 * What lies behind them is out of date too, and is not named.
 */
export interface StaleChanged {
  update: "stale_changed";
  stale: {
    [k: string]: string;
  };
}
/**
 * Something to tell the user, in a line.
 */
export interface NoticeGiven {
  update: "notice_given";
  level: "info" | "warning" | "error";
  text: string;
}
/**
 * The answer to one request; `error` is for the user to read, `code` names its kind.
 */
export interface Reply {
  kind: "reply";
  client: string;
  rid: number;
  ok: boolean;
  error: string;
  code: string;
  result: unknown;
}
/**
 * Sends what is newer than update `since`; everything when `since` is negative.
 */
export interface Sync {
  client: string;
  rid: number;
  op: "sync";
  since: number;
}
/**
 * Carries out edits, all or none.
 */
export interface EditGraph {
  client: string;
  rid: number;
  op: "edit";
  edits: (
    | AddNode
    | RemoveNode
    | MoveNode
    | SetConstant
    | ClearConstant
    | SetTitle
    | SetColour
    | SetOption
    | AddLink
    | RemoveLink
    | Rename
  )[];
  title: string;
  group: string;
}
/**
 * Places a block. Without an `id` the graph finds one; it never reuses a taken one.
 */
export interface AddNode {
  edit: "add_node";
  block: string;
  id?: string | null;
  title?: string;
  constants?: {
    [k: string]: unknown;
  };
  options?: {
    [k: string]: unknown;
  };
  colour?: string;
  position?: [number, number] | null;
}
/**
 * Takes a node away, with its links.
 */
export interface RemoveNode {
  edit: "remove_node";
  id: string;
}
/**
 * Puts a node somewhere else on the canvas.
 */
export interface MoveNode {
  edit: "move_node";
  id: string;
  position: [number, number] | null;
}
/**
 * Gives an input of a node a constant.
 */
export interface SetConstant {
  edit: "set_constant";
  id: string;
  port: string;
  value: unknown;
}
/**
 * Takes a constant back: the block's default counts again.
 */
export interface ClearConstant {
  edit: "clear_constant";
  id: string;
  port: string;
}
/**
 * Names a node for people; empty for the block's own title.
 */
export interface SetTitle {
  edit: "set_title";
  id: string;
  title: string;
}
/**
 * Gives a node one of `domain.node.COLOURS`; empty for that of its family.
 */
export interface SetColour {
  edit: "set_colour";
  id: string;
  colour: string;
}
/**
 * Sets how a node is run, by an option of `domain.option`; None takes it back.
 */
export interface SetOption {
  edit: "set_option";
  id: string;
  option: string;
  value?: unknown;
}
/**
 * Links an output port to an input port.
 */
export interface AddLink {
  edit: "add_link";
  source: string;
  output: string;
  target: string;
  input: string;
  sticky?: boolean;
}
/**
 * Takes a link away.
 */
export interface RemoveLink {
  edit: "remove_link";
  source: string;
  output: string;
  target: string;
  input: string;
}
/**
 * Names the graph, and says what it is for.
 */
export interface Rename {
  edit: "rename";
  name: string;
  description?: string | null;
}
/**
 * Takes the last step back; with `redo`, does the last undone one again.
 */
export interface Undo {
  client: string;
  rid: number;
  op: "undo";
  redo: boolean;
}
/**
 * Puts copied nodes in, with their middle at `at`.
 */
export interface Paste {
  client: string;
  rid: number;
  op: "paste";
  text: string;
  at: [number, number];
}
/**
 * Puts nodes in once more, beside themselves; with what feeds them, if `is_linked`.
 */
export interface Duplicate {
  client: string;
  rid: number;
  op: "duplicate";
  nodes: string[];
  is_linked: boolean;
}
/**
 * Puts a node between two ports: `node`, else a new one of `block`, else one that converts.
 */
export interface Insert {
  client: string;
  rid: number;
  op: "insert";
  source: string;
  output: string;
  target: string;
  input: string;
  block: string;
  node: string;
  at: [number, number] | null;
}
/**
 * Takes nodes away and links what is before them with what is behind them.
 */
export interface Dissolve {
  client: string;
  rid: number;
  op: "dissolve";
  nodes: string[];
}
/**
 * Makes an agent of nodes, and a node that runs it in their place.
 */
export interface Collapse {
  client: string;
  rid: number;
  op: "collapse";
  nodes: string[];
  name: string;
}
/**
 * Puts the nodes of the agent that a node runs in its place.
 */
export interface Expand {
  client: string;
  rid: number;
  op: "expand";
  node: string;
}
/**
 * Saves nothing, runs the graph as it stands, with these inputs.
 *
 * With `reuse`, `from_node` or `only`, the rest is taken over from the last run.
 */
export interface Run {
  client: string;
  rid: number;
  op: "run";
  inputs: {
    [k: string]: unknown;
  };
  reuse: boolean;
  from_node: string;
  only: string[];
  step: boolean;
  in_line: boolean;
}
/**
 * Stops the run that is shown, or the one of that id.
 */
export interface Stop {
  client: string;
  rid: number;
  op: "stop";
  run: string;
}
/**
 * Shows another run of the agent on the canvas.
 */
export interface ShowRun {
  client: string;
  rid: number;
  op: "show_run";
  run: string;
}
/**
 * Takes a run out of the line before it has begun.
 */
export interface TakeOut {
  client: string;
  rid: number;
  op: "take_out";
  number: number;
}
/**
 * Answers what a firing of the run that is shown waits to be told.
 */
export interface Answer {
  client: string;
  rid: number;
  op: "answer";
  node: string;
  firing: number;
  answer: unknown;
}
/**
 * Pins the last value of each output of a node: it is given instead of running it.
 */
export interface Pin {
  client: string;
  rid: number;
  op: "pin";
  node: string;
}
/**
 * Saves the agent; `force` puts it on top of a version saved elsewhere.
 *
 * `over` names by its hash the one version on top of which it may be put.
 */
export interface Save {
  client: string;
  rid: number;
  op: "save";
  force: boolean;
  over: string;
}
/**
 * Asks which versions of the agent are kept.
 */
export interface ListVersions {
  client: string;
  rid: number;
  op: "versions";
}
/**
 * Asks for what is saved: a version of the library; the newest, or the file, for null.
 */
export interface LookAt {
  client: string;
  rid: number;
  op: "look";
  version: number | null;
}
/**
 * Asks for the values of a firing of a node; the newest when `firing` is null.
 */
export interface Inspect {
  client: string;
  rid: number;
  op: "inspect";
  node: string;
  firing: number | null;
}
/**
 * One firing of a node, with all it took and gave.
 *
 * `tries` says what earlier attempts failed of; `about` is what its question is about.
 */
export interface Inspection {
  node: string;
  firing: number;
  firings: number;
  status: string;
  seconds: number;
  error: string;
  traceback: string;
  log: string[];
  values: InspectedValue[];
  reason: string;
  tries: string[];
  question: Question | null;
  about: WireBundle | null;
}
/**
 * One value of a firing: `from_node` is where an input came from, empty for a constant.
 */
export interface InspectedValue {
  port: string;
  side: "input" | "output";
  type_name: string;
  bundle: WireBundle;
  from_node: string;
  note: string;
}
/**
 * The id of the run that was started.
 */
export interface RunAccepted {
  run: string;
}
/**
 * Where the agent was saved, in words.
 */
export interface Saved {
  saved_as: string;
}
/**
 * What a larger edit left: the nodes that it is about now, to be selected.
 */
export interface Rearranged {
  ids: string[];
  title: string;
  lost: string[];
}
/**
 * A graph as it is kept, to be held against another; `hash` names a saved one.
 */
export interface PlainGraph {
  name: string;
  nodes: {
    [k: string]: PlainNode;
  };
  links: PlainLink[];
  hash: string;
}
/**
 * A node as it is kept: what the canvas would set, and nothing that follows from it.
 */
export interface PlainNode {
  block: string;
  title: string;
  constants: {
    [k: string]: unknown;
  };
  options: {
    [k: string]: unknown;
  };
  position: [number, number] | null;
  colour: string;
}
/**
 * A link as it is kept.
 */
export interface PlainLink {
  source: string;
  output: string;
  target: string;
  input: string;
  sticky: boolean;
}
/**
 * Every version of the agent in the library, the newest first; none of a file.
 */
export interface Versions {
  versions: WireVersion[];
  file: string;
}
/**
 * A saved version; `saved` is when, in seconds since 1970.
 */
export interface WireVersion {
  number: number;
  hash: string;
  saved: number;
  is_open: boolean;
}

export type ToView = Protocol["to_view"];
export type FromView = Protocol["from_view"];
export type Update = Updates["updates"][number];
export type Edit = EditGraph["edits"][number];
