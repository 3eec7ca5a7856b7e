/** The values of one side of a firing, each with what can be done with it. */

import { portLabel } from "../graph/names";
import { typeColour } from "../graph/types";
import type { InspectedValue, Inspection, WireNode } from "../protocol/messages";
import { dataOf } from "../renderers/mime-view";
import { useValue } from "../renderers/value-ask";
import { ValueBody } from "../renderers/value-body";
import { SaidLine, useSaid, ValueTools } from "../renderers/value-tools";
import { CopyButton, Section } from "./inspector-parts";
import { copyOf } from "./inspector-words";

interface SideProps {
  title: string;
  side: InspectedValue["side"];
  node: WireNode;
  of: Inspection;
  model: unknown;
}

export function Side({ title, side, node, of, model }: SideProps) {
  const values = of.values.filter((value) => value.side === side);
  const ports = side === "input" ? node.inputs : node.outputs;
  if (values.length === 0 && ports.length === 0) return null;
  const isOver = !["running", "ready", "pending", "waiting"].includes(of.status);
  const none = side === "input" ? "It takes nothing." : "It gave nothing.";
  return (
    <Section
      title={title}
      aside={<AllTools of={of} side={side} count={values.length} />}
    >
      {values.map((value, at) => (
        <Value
          // biome-ignore lint/suspicious/noArrayIndexKey: a port may give several, in order
          key={`${of.firing} ${value.port} ${at}`}
          value={value}
          number={numberOf(value, values)}
          firing={of.firing}
          node={node}
          model={model}
        />
      ))}
      {values.length === 0 && (
        <p className="ab-inspector-empty">
          {isOver || side === "input" ? none : "Nothing so far."}
        </p>
      )}
    </Section>
  );
}

/** What can be done with all that a firing gave, where that is more than one value. */
function AllTools({
  of,
  side,
  count,
}: {
  of: Inspection;
  side: string;
  count: number;
}) {
  const asked = useValue({ node: of.node, firing: of.firing, at: -1 });
  const [said, tell] = useSaid();
  if (!asked || side !== "output" || count < 2) return null;
  return (
    <>
      <SaidLine said={said} />
      <ValueTools value={asked} label="all outputs" tell={tell} />
    </>
  );
}

/** Which of several values of one port it is; empty when there is one. */
function numberOf(value: InspectedValue, values: readonly InspectedValue[]): string {
  const same = values.filter((it) => it.port === value.port);
  return same.length > 1 ? ` ${same.indexOf(value) + 1}` : "";
}

interface ValueProps {
  value: InspectedValue;
  number: string;
  firing: number;
  node: WireNode;
  model: unknown;
}

function Value({ value, number, firing, node, model }: ValueProps) {
  const ports = value.side === "input" ? node.inputs : node.outputs;
  const asked = useValue({ node: node.id, firing, at: value.at });
  const [said, tell] = useSaid();
  const port = ports.find((it) => it.name === value.port);
  const label = (port ? portLabel(port) : value.port) + number;
  const text = copyOf(value.bundle);
  const origin = value.from_node ? `from ${value.from_node}` : "constant";
  return (
    <article className="ab-value" data-port={value.port}>
      <header className="ab-value-head">
        <span
          className="ab-value-dot"
          style={{ background: typeColour(port?.types ?? [], value.port) }}
        />
        <span className="ab-value-name">{label}</span>
        <span className="ab-value-type">{value.type_name}</span>
        <span className="ab-value-origin ab-clip">
          {value.side === "input" && origin}
        </span>
        {asked && value.note === "" ? (
          <ValueTools value={asked} label={label} tell={tell} />
        ) : (
          text !== "" && <CopyButton text={text} label={`Copy ${label}`} />
        )}
      </header>
      {said.text !== "" && <SaidLine said={said} />}
      {value.note !== "" && <p className="ab-value-note">{value.note}</p>}
      {Object.keys(dataOf(value.bundle)).length > 0 && (
        <div className="ab-value-body">
          <ValueBody shown={value} value={asked} model={model} />
        </div>
      )}
    </article>
  );
}
