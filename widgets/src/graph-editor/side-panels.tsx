/** The inspector at the right, and the form before a run under its button. */

import { useReactFlow } from "@xyflow/react";
import { type CSSProperties, useEffect, useMemo } from "react";
import { nodeTitle } from "../graph/names";
import type { FlowLink, FlowNode } from "./flow";
import { Inspector } from "./inspector";
import { InspectorEdge } from "./inspector-edge";
import { isActive } from "./kernel-state";
import { problemsOf } from "./lookup";
import { RunForm } from "./run-form";
import { bringIntoSight } from "./sight";
import { useKernel, useLocal, useReadOnly, useView } from "./view";

export function InspectorPlace() {
  const { session, actions } = useView();
  const id = useLocal((state) => state.inspected) ?? "";
  const node = useKernel((state) => state.nodes[id]);
  const state = useKernel((kernel) => kernel.states[id]);
  const problems = useKernel((kernel) => problemsOf(kernel.about.problems, id));
  const isReadOnly = useReadOnly();
  const options = useKernel((kernel) => kernel.options);
  const linked = useFeeds(id);
  const width = useLocal((local) => local.inspectorWidth);
  useKeptInSight(node ? id : "");
  if (!node) return null;
  return (
    <div
      className="ab-inspector-place"
      style={{ "--ab-width": `${width}px` } as CSSProperties}
    >
      <InspectorEdge />
      <Inspector
        node={node}
        state={state}
        problems={[...problems]}
        inspect={actions.values}
        edit={actions.edit}
        readOnly={isReadOnly}
        onClose={() => actions.inspect(null)}
        model={session.model}
        options={options}
        answer={(firing, answer) => actions.answer(id, firing, answer)}
        linked={linked}
      />
    </div>
  );
}

/** What feeds the inputs of a node, by input, in words. */
function useFeeds(id: string): Record<string, string> {
  const links = useKernel((state) => state.links);
  const nodes = useKernel((state) => state.nodes);
  return useMemo(() => {
    const feeds: Record<string, string> = {};
    for (const { source, output, target, input } of Object.values(links)) {
      const node = nodes[source];
      if (target !== id || !node) continue;
      const port = node.outputs.length > 2 ? `, ${output.replaceAll("_", " ")}` : "";
      const from = `${nodeTitle(node)}${port}`;
      feeds[input] = input in feeds ? `${feeds[input]} and ${from}` : from;
    }
    return feeds;
  }, [links, nodes, id]);
}

/** Moves the canvas when the inspector covers the node it is about. */
function useKeptInSight(id: string) {
  const view = useView();
  const flow = useReactFlow<FlowNode, FlowLink>();
  useEffect(() => {
    if (id) bringIntoSight(view, flow, id);
  }, [id, view, flow]);
}

export function RunFormPlace() {
  const { actions, local } = useView();
  const isOpen = useLocal((state) => state.isRunFormOpen);
  const initial = useLocal((state) => state.lastInputs);
  const how = useLocal((state) => state.how);
  const inputs = useKernel((state) => state.about.inputs);
  const isBusy = useKernel((state) => isActive(state.run));
  if (!isOpen) return null;
  return (
    <RunForm
      inputs={inputs}
      initial={initial}
      busy={isBusy}
      onRun={(values) => actions.run(values, how)}
      onClose={() => local.setState({ isRunFormOpen: false })}
    />
  );
}
