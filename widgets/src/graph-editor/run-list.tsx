/** Every run of the agent side by side, and those that wait their turn. */

import { duration } from "../graph/names";
import type { RunLook } from "../protocol/messages";
import { Button } from "../ui/button";
import { StatusBadge } from "../ui/status";
import { EarlierRuns } from "./earlier-runs";
import { useElapsed } from "./elapsed";
import { CompareButton } from "./run-comparison";
import { useKernel, useLocal, useView } from "./view";
import "./run-list.css";

export function RunList() {
  const { local, actions } = useView();
  const isOpen = useLocal((state) => state.areRunsOpen);
  const runs = useKernel((state) => state.runs);
  const waiting = useKernel((state) => state.waiting);
  if (!isOpen) return null;
  return (
    <section className="ab-run-list" aria-label="Runs">
      <header>
        <h2>Runs</h2>
        <Button
          icon="close"
          label="Close"
          isIconOnly
          onClick={() => local.setState({ areRunsOpen: false })}
        />
      </header>
      <ol>
        {[...waiting].reverse().map(({ number, inputs }) => (
          <li key={number} className="ab-run-in-line">
            <div className="ab-run-look">
              <StatusBadge status="queued" />
              <span className="ab-clip">{inputs || "no inputs"}</span>
            </div>
            <Button
              icon="close"
              label="Take it out of the line"
              isIconOnly
              onClick={() => actions.takeOut(number)}
            />
          </li>
        ))}
        {runs.map((run) => (
          <Row key={run.id} run={run} />
        ))}
      </ol>
      <EarlierRuns here={runs.map((run) => run.id)} />
    </section>
  );
}

function Row({ run }: { run: RunLook }) {
  const { actions } = useView();
  const isActive = ["queued", "running"].includes(run.status);
  const seconds = useElapsed(run.seconds, isActive);
  const part = run.total ? run.done / run.total : 0;
  return (
    <li data-shown={run.is_shown || undefined}>
      <button
        type="button"
        className="ab-run-look"
        aria-pressed={run.is_shown}
        title={run.is_shown ? "On the canvas" : "Show it on the canvas"}
        onClick={() => actions.showRun(run.id)}
      >
        <StatusBadge status={run.status as "running"} note={duration(seconds)} />
        <span className="ab-clip">{run.inputs || "no inputs"}</span>
        {run.outputs && <span className="ab-run-gave ab-clip">{run.outputs}</span>}
        <span
          className="ab-progress"
          role="progressbar"
          aria-label="Nodes that have ended"
          aria-valuemin={0}
          aria-valuemax={run.total}
          aria-valuenow={run.done}
          data-known
        >
          <span style={{ width: `${Math.round(part * 100)}%` }} />
        </span>
      </button>
      {!isActive && <CompareButton run={run.id} />}
      {isActive && (
        <Button
          icon="stop"
          label="Stop this run"
          isIconOnly
          onClick={() => actions.stop(run.id)}
        />
      )}
    </li>
  );
}
