/** An input of a node: its handle, and a field for a constant unless a link feeds it. */

import { useCallback, useMemo, useState } from "react";
import { under } from "../forms/control";
import { useDesk } from "../forms/desk";
import { Field } from "../forms/field";
import { type Check, useFaults } from "../forms/form";
import { portLabel } from "../graph/names";
import type { WireNode, WirePort } from "../protocol/messages";
import { problemsOf, toneOf } from "./lookup";
import { PortHandle } from "./port-handle";
import { useKernel, useLocal, useReadOnly, useView } from "./view";

interface Props {
  node: WireNode;
  port: WirePort;
  /** Whether it has no field: it is linked, or is shown for a link alone. */
  isBare: boolean;
  isLinked?: boolean;
}

export function InputRow({ node, port, isBare, isLinked = false }: Props) {
  const found = useKernel((state) =>
    problemsOf(state.about.problems, node.id).find((x) => x.port === port.name),
  );
  const isTodo = useLocal((state) => found && toneOf(found, state.tried) === "todo");
  const problem = isTodo ? undefined : found?.message;
  const { id } = node;
  return (
    <div
      className="ab-row"
      data-port={port.name}
      data-linked={isLinked || undefined}
      data-todo={isTodo || undefined}
    >
      <PortHandle node={id} port={port} side="input" />
      {isBare ? (
        <span className="ab-row-label" title={port.help || undefined}>
          {portLabel(port)}
          <span className="ab-row-type">{port.type_name}</span>
        </span>
      ) : (
        <ConstantField node={node} port={port} problem={problem} />
      )}
    </div>
  );
}

interface ConstantProps {
  node: WireNode;
  port: WirePort;
  problem: string | undefined;
}

/** What somebody types here is judged as in the inspector: at once, and at its place. */
function ConstantField({ node, port, problem }: ConstantProps) {
  const { actions } = useView();
  const desk = useDesk();
  const isReadOnly = useReadOnly();
  const [isTyped, setTyped] = useState(false);
  const { id, constants } = node;
  const { name } = port;
  const isSet = name in constants;
  const value = constants[name];
  const judged = useMemo(
    () => (isTyped && isSet ? { [name]: value } : NOTHING),
    [isTyped, isSet, name, value],
  );
  const check = useCallback<Check>(
    async (values) => (await desk?.check(values, { node: id })) ?? [],
    [desk, id],
  );
  const faults = useFaults(judged, check);
  return (
    <div className="ab-row-field nodrag nopan nokey">
      <Field
        port={port}
        value={value}
        isSet={isSet}
        disabled={isReadOnly}
        compact
        problem={problem}
        faults={under(faults, name)}
        onChange={(value) => {
          setTyped(true);
          actions.edit([{ edit: "set_constant", id, port: name, value }]);
        }}
        onClear={() => actions.edit([{ edit: "clear_constant", id, port: name }])}
      />
    </div>
  );
}

const NOTHING: Readonly<Record<string, unknown>> = {};
