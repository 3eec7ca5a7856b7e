/** An input of a node: its handle, and a field for a constant unless a link feeds it. */

import { portLabel } from "../graph/names";
import type { WireNode, WirePort } from "../protocol/messages";
import { Field } from "../ui/field";
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
  const { actions } = useView();
  const isReadOnly = useReadOnly();
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
        <div className="ab-row-field nodrag nopan nokey">
          <Field
            port={port}
            value={node.constants[port.name]}
            isSet={port.name in node.constants}
            disabled={isReadOnly}
            compact
            problem={problem}
            onChange={(value) =>
              actions.edit([{ edit: "set_constant", id, port: port.name, value }])
            }
            onClear={() =>
              actions.edit([{ edit: "clear_constant", id, port: port.name }])
            }
          />
        </div>
      )}
    </div>
  );
}
