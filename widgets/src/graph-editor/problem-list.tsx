/** All that is wrong with the graph and its run; a click goes to the node. */

import { useReactFlow } from "@xyflow/react";
import type { WireProblem } from "../protocol/messages";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import type { FlowLink, FlowNode } from "./flow";
import { bringIntoSight } from "./sight";
import { useKernel, useLocal, useView } from "./view";

const NONE: WireProblem[] = [];

export function ProblemList() {
  const { local } = useView();
  const isOpen = useLocal((state) => state.areProblemsOpen);
  const problems = useKernel((state) => state.about.problems);
  const failures = useKernel((state) => state.run?.failures ?? NONE);
  if (!isOpen || problems.length + failures.length === 0) return null;
  return (
    <section className="ab-panel ab-problems" aria-label="Problems">
      <header className="ab-panel-head">
        <strong>Problems</strong>
        <Button
          icon="close"
          label="Close problems"
          isIconOnly
          onClick={() => local.setState({ areProblemsOpen: false })}
        />
      </header>
      <Part title="In the last run" problems={failures} />
      <Part title="In the agent" problems={problems} />
    </section>
  );
}

function Part({ title, problems }: { title: string; problems: WireProblem[] }) {
  const view = useView();
  const { actions, local } = view;
  const flow = useReactFlow<FlowNode, FlowLink>();
  if (problems.length === 0) return null;
  const go = (node: string) => {
    actions.select([node]);
    actions.inspect(node);
    // The inspector stands where the list did; it says the same beside the field.
    local.setState({ areProblemsOpen: false });
    bringIntoSight(view, flow, node);
  };
  return (
    <>
      <h3 className="ab-panel-title">{title}</h3>
      <ul className="ab-problem-list">
        {problems.map(({ node, port, message, level }) => (
          <li key={`${node}.${port} ${message}`}>
            <button
              type="button"
              className="ab-problem-item"
              disabled={!node}
              onClick={() => go(node)}
            >
              <Icon
                name={level === "error" ? "alert" : "warning"}
                className={`ab-mark-${level}`}
              />
              <span>
                {node && <b>{port ? `${node}.${port}` : node} </b>}
                {message}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
