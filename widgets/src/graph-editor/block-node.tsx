/** A node as a card: head, inputs with their fields, outputs, and what the run left on it. */

import type { NodeProps } from "@xyflow/react";
import { type CSSProperties, memo } from "react";
import { familyOf, familyOfBlock } from "../graph/families";
import { MODE_ICONS, modeOf } from "../graph/modes";
import { nodeTitle } from "../graph/names";
import type { WireNode } from "../protocol/messages";
import { Icon } from "../ui/icon";
import { StatusIcon } from "../ui/status";
import { FarTitle } from "./far-title";
import type { FlowNode } from "./flow";
import { isLinkedOut, linkedPorts, problemsOf, toneOf } from "./lookup";
import { NodeHead } from "./node-head";
import { NodePorts } from "./node-ports";
import { NodeRun } from "./node-run";
import { Plate, useMeasured, useSight } from "./overview";
import { PortHandle } from "./port-handle";
import { useKernel, useLocal } from "./view";

export const BlockNode = memo(function BlockNode({
  id,
  selected,
  positionAbsoluteX: x,
  positionAbsoluteY: y,
}: NodeProps<FlowNode>) {
  const node = useKernel((state) => state.nodes[id]);
  const sight = useSight();
  if (!node) return null;
  if (sight) return <Plate node={node} x={x} y={y} />;
  return <Card node={node} selected={selected} />;
});

function Card({ node, selected }: { node: WireNode; selected: boolean }) {
  const { id } = node;
  const status = useKernel((state) => state.states[id]?.status);
  const first = useKernel((state) => problemsOf(state.about.problems, id)[0]);
  const tried = useLocal((state) => state.tried);
  useMeasured(id);
  const tone = first && toneOf(first, tried);
  const problem = tone === "todo" ? undefined : tone;
  const mode = modeOf(node);
  const family = familyOf(familyOfBlock(node.block), node.role);
  const classes = ["ab-node", `ab-role-${node.role}`];
  if (selected) classes.push("ab-selected");
  if (node.problem) classes.push("ab-unknown");
  return (
    <div
      className={classes.join(" ")}
      data-run={status}
      data-mode={mode || undefined}
      data-colour={node.colour || undefined}
      style={{ "--ab-family": accentOf(node, family.accent) } as CSSProperties}
    >
      <div className="ab-node-main">
        <NodeHead node={node} icon={family.icon} />
        {node.problem && (
          <p className="ab-node-problem">
            <Icon name="alert" />
            <span>{node.problem}</span>
          </p>
        )}
        <NodePorts node={node} />
        <div className="ab-node-far ab-drag" aria-hidden>
          <Icon name={node.problem ? "unplugged" : family.icon} />
          <FarTitle title={nodeTitle(node)} />
          <span className="ab-far-marks">
            {mode && <Icon name={MODE_ICONS[mode]} className={`ab-mode-${mode}`} />}
            {problem && !node.problem && (
              <Icon
                name={problem === "error" ? "alert" : "warning"}
                className={`ab-mark-${problem}`}
              />
            )}
            {status && <StatusIcon status={status} />}
          </span>
        </div>
      </div>
      <NodeRun id={id} outputs={node.outputs} />
      <ErrorPort node={node} />
    </div>
  );
}

/** The colour of a node: the one it was given, else that of its family. */
const accentOf = ({ colour }: WireNode, own: string) =>
  colour ? `var(--ab-family-${colour})` : own;

/** The way out for failures: on the lower edge, shown when it matters. */
function ErrorPort({ node }: { node: WireNode }) {
  const isDrawing = useLocal((state) => state.drawing !== null);
  const isLinked = useKernel((state) =>
    isLinkedOut(linkedPorts(state.links, node.id), "error"),
  );
  const port = node.outputs.find(({ name }) => name === "error");
  if (!port) return null;
  return (
    <div className={`ab-error-port${isDrawing || isLinked ? " ab-shown" : ""}`}>
      <PortHandle node={node.id} port={port} side="output" />
      <span>on error</span>
    </div>
  );
}
