/** The ports of a node as rows: inputs that say something, the others folded away, outputs. */

import { useUpdateNodeInternals } from "@xyflow/react";
import { useEffect, useRef, useState } from "react";
import { whyNotLink } from "../graph/types";
import type { WireNode, WirePort } from "../protocol/messages";
import { Icon } from "../ui/icon";
import type { Actions } from "./actions";
import type { PortEnd } from "./flow";
import { InputRow } from "./input-row";
import { isLinkedIn, linkedPorts, namesIn } from "./lookup";
import { OutputRow } from "./output-row";
import { useKernel, useLocal, useView } from "./view";

export function NodePorts({ node }: { node: WireNode }) {
  const [isUnfolded, setUnfolded] = useState(false);
  const { actions } = useView();
  const linked = useKernel((state) => linkedPorts(state.links, node.id));
  const drawing = useLocal((state) => state.drawing);
  const inputs = portsOf(node, linked, "input");
  const outputs = portsOf(node, linked, "output").filter((x) => x.name !== "error");
  const shown = inputs.filter((port) => saysSomething(node, port, linked));
  const folded = inputs.filter((port) => !shown.includes(port));
  const wanted = isUnfolded ? folded : folded.filter(takes(node, drawing, actions));
  useHandlesRead(node.id, [...shown, ...wanted, ...outputs].map((x) => x.name).join());
  return (
    <>
      {shown.map((port) => (
        <InputRow
          key={port.name}
          node={node}
          port={port}
          isBare={node.problem !== "" || isLinkedIn(linked, port.name)}
          isLinked={isLinkedIn(linked, port.name)}
        />
      ))}
      {/* Below the others, so that no port moves away under the pointer. */}
      {wanted.map((port) => (
        <InputRow key={port.name} node={node} port={port} isBare={!isUnfolded} />
      ))}
      <div className="ab-outputs">
        {folded.length > 0 && (
          <More count={folded.length} isOpen={isUnfolded} toggle={setUnfolded} />
        )}
        {outputs.map((port) => (
          <OutputRow key={port.name} node={node.id} port={port} />
        ))}
      </div>
    </>
  );
}

interface MoreProps {
  count: number;
  isOpen: boolean;
  toggle(open: boolean): void;
}

function More({ count, isOpen, toggle }: MoreProps) {
  const more = `${count} more ${count === 1 ? "setting" : "settings"}`;
  return (
    <button
      type="button"
      className="ab-more nodrag"
      aria-expanded={isOpen}
      onClick={(event) => {
        event.stopPropagation();
        toggle(!isOpen);
      }}
    >
      <Icon name={isOpen ? "down" : "right"} size={12} />
      {isOpen ? "Fewer settings" : more}
    </button>
  );
}

/** Whether an input is shown at all times: it is needed, or somebody did something to it. */
const saysSomething = (node: WireNode, port: WirePort, linked: string): boolean =>
  port.required ||
  port.shown ||
  port.name in node.constants ||
  isLinkedIn(linked, port.name);

/** Whether an input of the node takes the link that is being drawn. */
const takes =
  (node: WireNode, drawing: PortEnd | null, actions: Actions) =>
  (port: WirePort): boolean => {
    if (drawing?.side !== "output" || drawing.node === node.id) return false;
    const source = actions.port(drawing);
    return source !== undefined && whyNotLink(source, port) === null;
  };

/** The ports of a side; for an unknown block, those that its links show it had. */
function portsOf(node: WireNode, linked: string, side: "input" | "output"): WirePort[] {
  const known = side === "input" ? node.inputs : node.outputs;
  if (!node.problem) return known;
  const missing = namesIn(linked, side).filter(
    (name) => !known.some((port) => port.name === name),
  );
  return [...known, ...missing.map(ghostPort)];
}

const ghostPort = (name: string): WirePort => ({
  name,
  title: "",
  help: "",
  types: ["any"],
  type_name: "unknown",
  schema: {},
  required: false,
  advanced: false,
  shown: false,
  default: null,
  has_default: false,
});

/** Lets React Flow read the handles again when the ports of a node change. */
function useHandlesRead(id: string, ports: string) {
  const read = useUpdateNodeInternals();
  const known = useRef(ports);
  useEffect(() => {
    if (known.current !== ports) read(id);
    known.current = ports;
  }, [read, id, ports]);
}
