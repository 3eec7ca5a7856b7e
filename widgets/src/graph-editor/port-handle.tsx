/** A port's handle: coloured by type; shows what fits while a link is drawn. */

import { Handle, Position } from "@xyflow/react";
import type { CSSProperties } from "react";
import { portLabel } from "../graph/names";
import { typeColour, whyNotLink } from "../graph/types";
import type { WirePort } from "../protocol/messages";
import type { PortEnd } from "./flow";
import { useLocal, useReadOnly, useView } from "./view";

interface Props {
  node: string;
  port: WirePort;
  side: PortEnd["side"];
}

export function PortHandle({ node, port, side }: Props) {
  const { actions } = useView();
  const drawing = useLocal((state) => state.drawing);
  const isReadOnly = useReadOnly();
  const isInput = side === "input";
  const isError = !isInput && port.name === "error";
  const fit = fitOf({ node, port, side }, drawing, drawing && actions.port(drawing));
  const words = `${portLabel(port)} (${port.type_name})`;
  return (
    <Handle
      type={isInput ? "target" : "source"}
      position={isInput ? Position.Left : isError ? Position.Bottom : Position.Right}
      id={port.name}
      className="ab-handle"
      data-fit={fit}
      data-many={port.types.length > 1 || undefined}
      isConnectable={!isReadOnly}
      title={port.help ? `${words}: ${port.help}` : words}
      aria-label={`${isInput ? "Input" : "Output"} ${words}`}
      style={{ "--ab-type": typeColour(port.types, port.name) } as CSSProperties}
    />
  );
}

/** How a port stands to the link that is drawn: where it began, fits, or does not. */
function fitOf(
  { node, port, side }: Props,
  drawing: PortEnd | null,
  from: WirePort | null | undefined,
): "start" | "yes" | "no" | undefined {
  if (!drawing || !from) return undefined;
  if (drawing.node === node && drawing.port === port.name && drawing.side === side) {
    return "start";
  }
  if (drawing.side === side) return "no";
  const [source, target] = side === "input" ? [from, port] : [port, from];
  return whyNotLink(source, target) === null ? "yes" : "no";
}
