/** The settings of a node: its constants, and how it is run. */

import { CircleAlert, CornerDownRight, TriangleAlert } from "lucide-react";
import { portLabel } from "../graph/names";
import type { Edit, WireNode, WirePort, WireProblem } from "../protocol/messages";
import { Form } from "../ui/form";
import { Section } from "./inspector-parts";

interface SettingsProps {
  node: WireNode;
  problems: readonly WireProblem[];
  /** The inputs that come over a link, with the title of the node they come from. */
  linked: Readonly<Record<string, string>>;
  readOnly: boolean;
  edit(edits: Edit[]): void;
}

export function Settings({ node, problems, linked, readOnly, edit }: SettingsProps) {
  const own = problems.filter((problem) => problem.node === node.id);
  const isLinked = (port: WirePort) => Object.hasOwn(linked, port.name);
  const free = node.inputs.filter((port) => !isLinked(port));
  const general = own.filter((it) => !free.some((port) => port.name === it.port));
  const { id } = node;
  return (
    <>
      {node.problem !== "" && <Trouble level="error" text={node.problem} />}
      {general.map((it) => (
        <Trouble key={it.port + it.message} level={it.level} text={it.message} />
      ))}
      {node.inputs.filter(isLinked).map((port) => (
        <p className="ab-inspector-linked" key={port.name} title={port.help}>
          <span className="ab-field-label">{portLabel(port)}</span>
          <CornerDownRight size={12} aria-hidden />
          <span className="ab-clip">from {linked[port.name]}</span>
        </p>
      ))}
      <Form
        ports={free}
        values={node.constants}
        problems={Object.fromEntries(own.map((it) => [it.port, it.message]))}
        disabled={readOnly}
        onChange={(port, value) => edit([{ edit: "set_constant", id, port, value }])}
        onClear={(port) => edit([{ edit: "clear_constant", id, port }])}
      />
      {node.inputs.length === 0 && (
        <p className="ab-inspector-empty">This block has nothing to set.</p>
      )}
      {node.role !== "note" && <Options node={node} readOnly={readOnly} edit={edit} />}
    </>
  );
}

function Options({ node, readOnly, edit }: Omit<SettingsProps, "problems" | "linked">) {
  const { id, options } = node;
  const set = OPTIONS.filter((port) => Object.hasOwn(options, port.name)).length;
  return (
    <Section
      title="How it runs"
      isOpenFirst={set > 0}
      aside={set > 0 && <span className="ab-tally">{set} set</span>}
    >
      <Form
        ports={OPTIONS}
        values={options}
        disabled={readOnly}
        onChange={(option, value) => edit([{ edit: "set_option", id, option, value }])}
        onClear={(option) => edit([{ edit: "set_option", id, option, value: null }])}
      />
    </Section>
  );
}

function Trouble({ level, text }: { level: WireProblem["level"]; text: string }) {
  const Icon = level === "error" ? CircleAlert : TriangleAlert;
  return (
    <p className={`ab-trouble ab-trouble--${level}`}>
      <Icon size={14} aria-hidden />
      <span>{text}</span>
    </p>
  );
}

const OPTIONS: readonly WirePort[] = [
  option({
    name: "timeout",
    title: "Time limit (s)",
    help: "How many seconds one firing may take.",
    types: ["number"],
    schema: { type: "number", exclusiveMinimum: 0 },
    default: "no limit",
  }),
  option({
    name: "concurrency",
    title: "At once",
    help: "How many firings of this node may overlap.",
    types: ["whole number"],
    schema: { type: "integer", minimum: 1 },
    default: "as many as the run allows",
  }),
  option({
    name: "ordered",
    title: "Keep the order",
    help: "Values leave in the order of the firings, even when a later one is quicker.",
    types: ["boolean"],
    schema: { type: "boolean" },
    default: true,
  }),
];

function option(
  it: Pick<WirePort, "name" | "title" | "help" | "types" | "schema" | "default">,
): WirePort {
  const [type_name = ""] = it.types;
  return { ...it, type_name, required: false, advanced: false, has_default: true };
}
