/**
 * Generated from agentbench/widgets/protocol.py by `npm run protocol`. Do not edit.
 */

/**
 * All messages in one place; a field here is a type there.
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
    | Inspect
    | Seek
    | ListRuns
    | Fork
    | Compare
    | FilmAbout
    | Bars
    | Firing
    | Check
    | AskCredentials
    | AskModels
    | AskLastInputs
    | AddCredential
    | BeginUpload
    | Upload
    | AskVariables
    | AskFolders
    | FetchCode
    | TurnPage
    | CopyValue
    | FetchValue
    | AssignValue
    | ReadOn
    | OpenBranch
    | LoadImage;
  inspection: Inspection;
  run_accepted: RunAccepted;
  saved: Saved;
  rearranged: Rearranged;
  plain_graph: PlainGraph;
  versions: Versions;
  timeline_about: TimelineAbout;
  timeline_bars: TimelineBars;
  firing_look: FiringLook;
  ask_bars: AskBars;
  ask_firing: AskFiring;
  film_reply: FilmReply;
  frame: Frame;
  past_runs: PastRuns;
  comparison: Comparison;
  from_form:
    | LookAtForm
    | SetForm
    | RunForm
    | StopForm
    | Check
    | AskCredentials
    | AskModels
    | AskLastInputs
    | AddCredential
    | BeginUpload
    | Upload
    | AskVariables
    | AskFolders
    | FetchCode;
  form_state: FormState;
  checked: Checked;
  credential_offers: CredentialOffers;
  model_offers: ModelOffers;
  last_inputs: LastInputs;
  upload_begun: UploadBegun;
  uploaded: Uploaded;
  variables: Variables;
  folders: Folders;
  code: Code;
  page: WirePage;
  copied: Copied;
  file_part: FilePart;
  assigned: Assigned;
  text_part: TextPart;
  branch: WireBranch;
  bytes_part: BytesPart;
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
  at: number;
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
  trouble: string;
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
 * Asks how the graph was at one of the times listed; for no key, what is saved now.
 */
export interface LookAt {
  client: string;
  rid: number;
  op: "look";
  key: string;
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
 * Puts the film of the run that is shown at an event; null lets it stand as it is.
 */
export interface Seek {
  client: string;
  rid: number;
  op: "seek";
  at: number | null;
}
/**
 * Asks for earlier runs of the agent, the newest first.
 */
export interface ListRuns {
  client: string;
  rid: number;
  op: "list_runs";
  status: string[];
  since: string;
  text: string;
  limit: number;
  node: string;
}
/**
 * Goes on from an event in a new run; changed, with `value` (JSON) for what it brought.
 */
export interface Fork {
  client: string;
  rid: number;
  op: "fork";
  at: number;
  is_changed: boolean;
  value: string;
}
/**
 * Holds the run that is shown against another one.
 */
export interface Compare {
  client: string;
  rid: number;
  op: "compare";
  run: string;
}
/**
 * Asks what heads the timeline of the run that is shown.
 */
export interface FilmAbout {
  client: string;
  rid: number;
  op: "film_about";
}
/**
 * Asks for what a window of that timeline shows of some rows.
 */
export interface Bars {
  client: string;
  rid: number;
  op: "bars";
  start: number;
  end: number;
  width: number;
  rows: number[];
}
/**
 * Asks for one firing of the run that is shown, in full.
 */
export interface Firing {
  client: string;
  rid: number;
  op: "firing";
  node: string;
  number: number;
}
/**
 * Asks what is wrong with values: of the agent's inputs, of a node, or of an answer.
 *
 * `node` names whose constants they are, empty for the inputs of a run; with `firing`
 * they are the answer to what that firing asks.
 */
export interface Check {
  client: string;
  rid: number;
  op: "check";
  values: {
    [k: string]: unknown;
  };
  node: string;
  firing: number | null;
}
/**
 * Asks which credentials there are, by name.
 */
export interface AskCredentials {
  client: string;
  rid: number;
  op: "credentials";
}
/**
 * Asks which models there are; servers of models may take their time to say.
 */
export interface AskModels {
  client: string;
  rid: number;
  op: "models";
}
/**
 * Asks what the newest run of the agent was given.
 */
export interface AskLastInputs {
  client: string;
  rid: number;
  op: "last_inputs";
}
/**
 * Keeps a credential.
 *
 * The secret is taken out of the message before it is read, and stands in no log.
 */
export interface AddCredential {
  client: string;
  rid: number;
  op: "add_credential";
  name: string;
  kind: string;
  hosts: string[];
  user: string;
  header: string;
  secret: unknown;
}
/**
 * Announces a file of `size` bytes.
 */
export interface BeginUpload {
  client: string;
  rid: number;
  op: "begin_upload";
  name: string;
  size: number;
}
/**
 * Brings the next part of a file, which comes as a buffer beside the message.
 */
export interface Upload {
  client: string;
  rid: number;
  op: "upload";
  upload: string;
  at: number;
  data: unknown;
}
/**
 * Asks which variables of the notebook are tables, or images.
 */
export interface AskVariables {
  client: string;
  rid: number;
  op: "variables";
  kind: string;
}
/**
 * Asks which folders the workspace has, or which files that may hold such a kind.
 */
export interface AskFolders {
  client: string;
  rid: number;
  op: "folders";
  kind: string;
}
/**
 * Asks for late code by its name; `has` is the hash of what the page holds of it.
 */
export interface FetchCode {
  client: string;
  rid: number;
  op: "late";
  name: string;
  has: string;
}
/**
 * Asks for a page of a table, as `PageAsked` of `agentbench.domain.renderer` says it.
 */
export interface TurnPage {
  client: string;
  rid: number;
  op: "page";
  of: ValuePlace;
  start: number;
  rows: number;
  column: number;
  sort: number | null;
  is_descending: boolean;
  filter: string;
}
/**
 * Which value is meant: the `at`-th of a firing; all of them for -1.
 *
 * Where there is no node, as in an inspector of its own, `at` says it alone.
 */
export interface ValuePlace {
  node: string;
  firing: number | null;
  at: number;
}
/**
 * Asks for a value as text for the clipboard; for all that are texts, as one.
 */
export interface CopyValue {
  client: string;
  rid: number;
  op: "copy";
  of: ValuePlace;
}
/**
 * Asks for a part of a value as a file; of all of them as an archive.
 */
export interface FetchValue {
  client: string;
  rid: number;
  op: "fetch";
  of: ValuePlace;
  part: number;
}
/**
 * Gives a value a name in the notebook: this one, or one that is free.
 */
export interface AssignValue {
  client: string;
  rid: number;
  op: "assign";
  of: ValuePlace;
  name: string;
}
/**
 * Asks for more of a long text from character `start`, or for bytes from there.
 */
export interface ReadOn {
  client: string;
  rid: number;
  op: "read_on";
  of: ValuePlace;
  start: number;
}
/**
 * Asks for the members of a branch of a large tree, named by their places, from `start`.
 */
export interface OpenBranch {
  client: string;
  rid: number;
  op: "branch";
  of: ValuePlace;
  path: number[];
  start: number;
}
/**
 * Asks for the picture at the address that a value is: the kernel fetches it.
 */
export interface LoadImage {
  client: string;
  rid: number;
  op: "load_image";
  of: ValuePlace;
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
 *
 * `at` is its place among the values, `page` the first of a table, `length` how long a
 * text is of which the bundle holds the start (0 when it holds the whole), `branch` the
 * root of a tree too large to be in the bundle, `raw` the first of what is only bytes.
 */
export interface InspectedValue {
  port: string;
  side: "input" | "output";
  type_name: string;
  bundle: WireBundle;
  from_node: string;
  note: string;
  at: number;
  page: WirePage | null;
  length: number;
  branch: WireBranch | null;
  raw: BytesPart | null;
  loads_image: boolean;
}
/**
 * A part of a table as text; the first `labels` columns name the rows.
 *
 * `total` and `columns` are its size, `matching` how many rows its filter leaves.
 */
export interface WirePage {
  names: string[];
  rows: string[][];
  are_numbers: boolean[];
  labels: number;
  start: number;
  column: number;
  total: number;
  matching: number;
  columns: number;
}
/**
 * Members of a branch of a large tree, from `start`; it has `total`.
 */
export interface WireBranch {
  members: WireMember[];
  start: number;
  total: number;
  is_list: boolean;
}
/**
 * A member of a branch: `length` is how many it has itself, -1 for a leaf.
 *
 * `value` is a leaf as it is, within bounds, or a glance at a branch.
 */
export interface WireMember {
  name: string;
  value: unknown;
  length: number;
}
/**
 * Bytes of a value in base64, from `start`; `total` is how many there are.
 */
export interface BytesPart {
  data: string;
  start: number;
  total: number;
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
 * What is saved of the agent, the newest first, then the steps that can be undone.
 */
export interface Versions {
  versions: WireVersion[];
}
/**
 * How the graph was at one time; `at` is when, in seconds since 1970, or 0.
 */
export interface WireVersion {
  key: string;
  kind: "version" | "file" | "commit" | "step";
  name: string;
  note: string;
  at: number;
  is_open: boolean;
}
/**
 * A run as its timeline is headed; `events` is the number of the last one it knows.
 */
export interface TimelineAbout {
  run: string;
  agent: string;
  status: string;
  started: number;
  seconds: number;
  events: number;
  read: number;
  rows: TimelineRow[];
  more_rows: number;
  marks: TimelineMark[];
}
/**
 * One node of a timeline, its firings taken together; times in seconds.
 *
 * `row` is by what bars name it. Rows come in the order in which they are shown; those
 * of an agent that a node called follow that node's, `parent` says whose they are (-1
 * for the run's own) and `depth` how deep they lie.
 */
export interface TimelineRow {
  row: number;
  parent: number;
  depth: number;
  node: string;
  title: string;
  firings: number;
  failed: number;
  lanes: number;
  busy: number;
  waited: number;
  tokens: number;
  cost: number;
}
/**
 * What befell the run as a whole, in seconds since it began.
 */
export interface TimelineMark {
  at: number;
  text: string;
}
/**
 * What a window of a timeline shows, a column each: one place is one bar.
 *
 * `node` is the row. A bar is a span by itself, or a cell in which `count` of them were. Times are
 * seconds since the run began; `status` is a number, in the order of `WORDS`.
 */
export interface TimelineBars {
  start: number;
  end: number;
  cell: number;
  node: number[];
  lane: number[];
  begins: number[];
  ends: number[];
  status: number[];
  count: number[];
  number: number[];
  attempt: number[];
  busy: number[];
}
/**
 * A firing: `began` is in seconds since the run began, `of` how many its node has.
 */
export interface FiringLook {
  node: string;
  title: string;
  number: number;
  of: number;
  status: string;
  attempts: number;
  began: number;
  seconds: number;
  waited: number;
  queued: number;
  tokens: number;
  cost: number;
  error: string;
  traceback: string;
  reason: string;
  question: string;
  tries: string[];
  log: string[];
  values: ValueLook[];
  more_values: number;
}
/**
 * A value that a firing took or gave: as text, and as a picture where it is one.
 *
 * `image` is a data URI, or empty. Where a library draws it, `stage` names that, and
 * `staged` is what it draws from, as text; else both are empty. `from_node` is where an
 * input came from.
 */
export interface ValueLook {
  port: string;
  side: "input" | "output";
  type_name: string;
  text: string;
  image: string;
  from_node: string;
  note: string;
  stage: string;
  staged: string;
}
/**
 * Asks for what a window of so many pixels shows of some rows.
 */
export interface AskBars {
  op: "bars";
  start: number;
  end: number;
  width: number;
  rows: number[];
}
/**
 * Asks for one firing in full.
 */
export interface AskFiring {
  op: "firing";
  node: string;
  number: number;
}
/**
 * The answer to a question of a timeline; `error` is for people to read.
 */
export interface FilmReply {
  kind: "reply";
  rid: number;
  client: string;
  result: TimelineBars | FiringLook | Code | null;
  error: string;
}
/**
 * Late code and its style; both empty where the page has that of the hash.
 */
export interface Code {
  hash: string;
  js: string;
  css: string;
}
/**
 * Where the film of a run stands: at event `at` of `last`, and what that said.
 *
 * `place` (`node.output`) and `value` (JSON) are of an event that brought a value which
 * can be changed; `value` is empty where it is too large for that.
 */
export interface Frame {
  at: number;
  last: number;
  seconds: number;
  said: string;
  node: string;
  place: string;
  value: string;
}
/**
 * Runs of the agent, the newest first.
 */
export interface PastRuns {
  runs: PastRun[];
}
/**
 * A run of the store; `started` is in seconds since 1970.
 */
export interface PastRun {
  id: string;
  status: string;
  started: number;
  seconds: number;
  events: number;
  of_node: InRun | null;
}
/**
 * What a node did in one run, its firings taken together.
 *
 * `status` is that of the newest, or the worst that goes on or failed; `seconds` is the
 * time they worked; `gave` is in a line what it gave last, on output `port`; `error` is
 * the last one.
 */
export interface InRun {
  status: string;
  firings: number;
  seconds: number;
  port: string;
  gave: string;
  error: string;
}
/**
 * Two runs held against each other, the earlier one first.
 *
 * `differences` are the first of them, in the order of the work; `more` is how many
 * there are besides, at least. `first` is the first that shows in what a run did.
 */
export interface Comparison {
  before: string;
  after: string;
  statuses: [string, string];
  seconds: [number, number];
  tokens: [number, number];
  cost: [number, number];
  first: Difference | null;
  differences: Difference[];
  more: number;
  nodes: NodeDelta[];
  graphs: PlainGraph[];
  marks: {
    [k: string]: string;
  };
}
/**
 * One thing that differs between two runs.
 *
 * `what` is `graph`, `input`, `firing` or `output`; `before` and `after` say in words
 * how it was and is, empty for not at all; `why` what it came of, as far as that shows.
 */
export interface Difference {
  what: string;
  node?: string;
  firing?: number;
  port?: string;
  before?: string;
  after?: string;
  why?: string;
}
/**
 * What a node took in both runs: firings, seconds of work, tokens, US dollars.
 */
export interface NodeDelta {
  node: string;
  firings: [number, number];
  failed: [number, number];
  seconds: [number, number];
  tokens: [number, number];
  cost: [number, number];
}
/**
 * Asks how the form of a cell stands.
 */
export interface LookAtForm {
  client: string;
  rid: number;
  op: "look_at_form";
}
/**
 * Tells what is typed into the form of a cell.
 */
export interface SetForm {
  client: string;
  rid: number;
  op: "set_form";
  values: {
    [k: string]: unknown;
  };
}
/**
 * Runs the agent with what the form of a cell holds.
 */
export interface RunForm {
  client: string;
  rid: number;
  op: "run_form";
  values: {
    [k: string]: unknown;
  };
}
/**
 * Stops the run that the form began.
 */
export interface StopForm {
  client: string;
  rid: number;
  op: "stop_form";
}
/**
 * The form of a cell: its fields, what they hold, and what came of its run.
 *
 * `turn` grows with every change that the kernel makes; `status` is empty before the
 * first run.
 */
export interface FormState {
  turn: number;
  title: string;
  help: string;
  ports: WirePort[];
  values: {
    [k: string]: unknown;
  };
  runs: boolean;
  status: string;
  line: string;
  failures: string[];
  results: FormResult[];
}
/**
 * One value that an output of the run gave.
 */
export interface FormResult {
  output: string;
  type_name: string;
  bundle: WireBundle;
}
/**
 * Everything that is wrong with the values of a form.
 */
export interface Checked {
  faults: WireFault[];
}
/**
 * One thing that is wrong; `path` leads to it, its first step is the field's name.
 */
export interface WireFault {
  path: (string | number)[];
  text: string;
}
/**
 * The credentials that there are, and of which kinds others may be.
 */
export interface CredentialOffers {
  credentials: CredentialOffer[];
  kinds: string[];
  familiar: {
    [k: string]: string[];
  };
}
/**
 * A credential, by name; never its secret.
 */
export interface CredentialOffer {
  name: string;
  kind: string;
  hosts: string[];
}
/**
 * Those that can be asked now come first, the default one before all.
 */
export interface ModelOffers {
  models: ModelOffer[];
}
/**
 * A model that may be named; `note` says what it lacks while it is not ready.
 */
export interface ModelOffer {
  name: string;
  is_ready: boolean;
  is_default: boolean;
  note: string;
}
/**
 * What the agent's newest run was given, as far as it is small and JSON.
 */
export interface LastInputs {
  inputs: {
    [k: string]: unknown;
  };
}
/**
 * The id by which the parts of a file come.
 */
export interface UploadBegun {
  upload: string;
}
/**
 * The path of a file, once all of it is here; else empty.
 */
export interface Uploaded {
  path: string;
}
/**
 * Names of the notebook's variables that are of a kind.
 */
export interface Variables {
  names: string[];
}
/**
 * Folders of the workspace, as paths in it.
 */
export interface Folders {
  paths: string[];
}
/**
 * A value as text for the clipboard.
 */
export interface Copied {
  text: string;
}
/**
 * One of `parts` parts of a file, in base64.
 */
export interface FilePart {
  filename: string;
  mime: string;
  parts: number;
  data: string;
}
/**
 * The name that a value has now, and a line that shows it in a cell.
 */
export interface Assigned {
  name: string;
  code: string;
}
/**
 * More of a long text, from `start`; `total` is how many characters there are.
 */
export interface TextPart {
  text: string;
  start: number;
  total: number;
}

export type ToView = Protocol["to_view"];
export type FromView = Protocol["from_view"];
export type FromForm = Protocol["from_form"];
export type Update = Updates["updates"][number];
export type Edit = EditGraph["edits"][number];
