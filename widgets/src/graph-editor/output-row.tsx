/** An output of a node: its name, its type, its handle. */

import { portLabel } from "../graph/names";
import type { WirePort } from "../protocol/messages";
import { PortHandle } from "./port-handle";

export function OutputRow({ node, port }: { node: string; port: WirePort }) {
  return (
    <div className="ab-row ab-row-output ab-drag" data-port={port.name}>
      <span className="ab-row-label" title={port.help || undefined}>
        <span className="ab-row-type">{port.type_name}</span>
        {portLabel(port)}
      </span>
      <PortHandle node={node} port={port} side="output" />
    </div>
  );
}
