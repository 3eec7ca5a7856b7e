/** The inspector at the right, and the form before a run under its button. */

import { useReactFlow } from "@xyflow/react";
import { type CSSProperties, useCallback, useEffect, useMemo } from "react";
import type { Ask } from "../bridge/connection";
import { nodeTitle } from "../graph/names";
import type { PastRuns } from "../protocol/messages";
import { ValueAsking } from "../renderers/value-ask";
import type { FlowLink, FlowNode } from "./flow";
import { Inspector } from "./inspector";
import { InspectorEdge } from "./inspector-edge";
import { isActive } from "./kernel-state";
import { problemsOf, toneOf } from "./lookup";
import type { PastOfNodes } from "./node-past";
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
  const tried = useLocal((local) => local.tried);
  // What is only not given yet is marked by its star, as on the node: no alarm.
  const wrong = problems.filter((it) => toneOf(it, tried) !== "todo");
  const asking = useMemo(
    () => ({ ask: (it: Ask) => session.request(it), model: session.model }),
    [session],
  );
  const past = usePast();
  if (!node) return null;
  return (
    <div
      className="ab-inspector-place"
      style={{ "--ab-width": `${width}px` } as CSSProperties}
    >
      <InspectorEdge />
      <ValueAsking value={asking}>
        <Inspector
          node={node}
          state={state}
          problems={wrong}
          inspect={actions.values}
          edit={actions.edit}
          readOnly={isReadOnly}
          onClose={() => actions.inspect(null)}
          model={session.model}
          options={options}
          answer={(firing, answer) => actions.answer(id, firing, answer)}
          linked={linked}
          past={past}
        />
      </ValueAsking>
    </div>
  );
}

/** So many runs are looked through for what a node did. */
const MOST_PAST = 12;

function usePast(): PastOfNodes {
  const { session, actions } = useView();
  const shown = useKernel((state) => state.run?.id);
  const stage = useKernel((state) => state.runs.map((run) => run.status).join(" "));
  const ask = useCallback(
    async (node: string) => {
      const all = { status: [], since: "", text: "", limit: MOST_PAST };
      return ((await session.request({ op: "list_runs", ...all, node })) as PastRuns)
        .runs;
    },
    [session],
  );
  return { ask, show: (run) => actions.showRun(run), shown, stage };
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
      busy={isBusy && !how.in_line && !how.beside}
      onRun={(values) => actions.run(values, how)}
      onClose={() => local.setState({ isRunFormOpen: false })}
    />
  );
}
