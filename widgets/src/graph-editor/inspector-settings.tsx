/** The settings of a node: its constants, and how it is run. */

import { CircleAlert, CornerDownRight, TriangleAlert } from "lucide-react";
import { useCallback } from "react";
import { useDesk } from "../forms/desk";
import { type Check, Form } from "../forms/form";
import { portLabel } from "../graph/names";
import type {
  Edit,
  OptionGroup,
  WireNode,
  WirePort,
  WireProblem,
} from "../protocol/messages";
import { Section } from "./inspector-parts";

interface SettingsProps {
  node: WireNode;
  problems: readonly WireProblem[];
  /** The inputs that come over a link, with the title of the node they come from. */
  linked: Readonly<Record<string, string>>;
  /** Every option of a node, in groups. */
  options: readonly OptionGroup[];
  readOnly: boolean;
  edit(edits: Edit[]): void;
}

export function Settings(props: SettingsProps) {
  const { node, problems, linked, readOnly, edit } = props;
  const own = problems.filter((problem) => problem.node === node.id);
  const isLinked = (port: WirePort) => Object.hasOwn(linked, port.name);
  const free = node.inputs.filter((port) => !isLinked(port));
  const general = own.filter((it) => !free.some((port) => port.name === it.port));
  const { id } = node;
  const desk = useDesk();
  const check = useCallback<Check>(
    async (values) => (await desk?.check(values, { node: id })) ?? [],
    [desk, id],
  );
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
        check={check}
        problems={Object.fromEntries(own.map((it) => [it.port, it.message]))}
        disabled={readOnly}
        onChange={(port, value) => edit([{ edit: "set_constant", id, port, value }])}
        onClear={(port) => edit([{ edit: "clear_constant", id, port }])}
      />
      {node.inputs.length === 0 && (
        <p className="ab-inspector-empty">This block has nothing to set.</p>
      )}
      {node.role !== "note" && <Options {...props} />}
    </>
  );
}

type OptionsProps = Omit<SettingsProps, "problems" | "linked">;

function Options({ node, options: groups, readOnly, edit }: OptionsProps) {
  const { id, options } = node;
  const set = Object.keys(options).length;
  return (
    <Section
      title="How it runs"
      isOpenFirst={set > 0}
      aside={set > 0 && <span className="ab-tally">{set} set</span>}
    >
      {groups.map((group) => (
        <section key={group.title} className="ab-options" aria-label={group.title}>
          <h4 className="ab-options-title">{group.title}</h4>
          <Form
            ports={group.options}
            values={options}
            disabled={readOnly}
            onChange={(option, value) =>
              edit([{ edit: "set_option", id, option, value }])
            }
            onClear={(option) =>
              edit([{ edit: "set_option", id, option, value: null }])
            }
          />
        </section>
      ))}
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
