/** All that is wrong with the graph and its run; a click goes to the node. */

import { useReactFlow } from "@xyflow/react";
import { nodeTitle, portLabel } from "../graph/names";
import type { WireNode, WireProblem } from "../protocol/messages";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import type { FlowLink, FlowNode } from "./flow";
import { reveal } from "./folding";
import { toneOf } from "./lookup";
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
  const nodes = useKernel((state) => state.nodes);
  const tried = useLocal((state) => state.tried);
  const flow = useReactFlow<FlowNode, FlowLink>();
  if (problems.length === 0) return null;
  const go = (node: string) => {
    const shown = reveal(view, node);
    actions.select([node]);
    actions.inspect(node);
    // The inspector stands where the list did; it says the same beside the field.
    local.setState({ areProblemsOpen: false });
    const go = () => bringIntoSight(view, flow, node);
    if (shown) shown.then(() => requestAnimationFrame(() => requestAnimationFrame(go)));
    else go();
  };
  return (
    <>
      <h3 className="ab-panel-title">{title}</h3>
      <ul className="ab-problem-list">
        {problems.map((problem) => (
          <li key={`${problem.node}.${problem.port} ${problem.message}`}>
            <button
              type="button"
              className="ab-problem-item"
              disabled={!problem.node}
              title={idsOf(problem) || undefined}
              onClick={() => go(problem.node)}
            >
              <Icon
                name={TONE_ICONS[toneOf(problem, tried)]}
                className={`ab-mark-${toneOf(problem, tried)}`}
              />
              <span>
                {problem.node && (
                  <>
                    <b>{placeOf(problem, nodes[problem.node])}</b>
                    <code className="ab-problem-id">{problem.node}</code>{" "}
                  </>
                )}
                {wordsOf(problem, nodes)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

const TONE_ICONS = { error: "alert", warning: "warning", todo: "todo" } as const;

/** Where a problem is, as code names it. */
const idsOf = ({ node, port }: WireProblem) => (port ? `${node}.${port}` : node);

/** Where a problem is, as people read it: the titles of the node and of its port. */
function placeOf(problem: WireProblem, node: WireNode | undefined): string {
  if (!node) return idsOf(problem);
  const ports = [...node.inputs, ...node.outputs];
  const port = ports.find(({ name }) => name === problem.port);
  return port ? `${nodeTitle(node)} · ${portLabel(port)}` : nodeTitle(node);
}

/** What is wrong, with the titles of the nodes that a link joins. */
function wordsOf(
  { message, link }: WireProblem,
  nodes: Readonly<Record<string, WireNode>>,
): string {
  if (!link) return message;
  const [from = "", to = ""] = link.split(" -> ").map((end) => end.split(".")[0]);
  const [source, target] = [nodes[from], nodes[to]];
  if (!source || !target) return message;
  const titles = `the link from “${nodeTitle(source)}” to “${nodeTitle(target)}”`;
  return message.replace(`the link ${link}`, titles);
}
