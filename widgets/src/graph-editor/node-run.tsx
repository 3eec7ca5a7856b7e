/** What the run says about a node: progress, error, counts, time, the last value. */

import { useEffect, useRef } from "react";
import { duration, portLabel } from "../graph/names";
import type { NodeState, WirePort } from "../protocol/messages";
import { Preview } from "../renderers/preview";
import { Icon } from "../ui/icon";
import { useElapsed } from "./elapsed";
import { QuestionBox } from "./question";
import { bringUp } from "./sight";
import { useKernel, useView } from "./view";

export function NodeRun({ id, outputs }: { id: string; outputs: readonly WirePort[] }) {
  const view = useView();
  const { actions } = view;
  const state = useKernel((kernel) => kernel.states[id]);
  const isAsking = Boolean(state?.question);
  const wasAsking = useRef(isAsking);
  useEffect(() => {
    if (isAsking && !wasAsking.current) bringUp(view, id);
    wasAsking.current = isAsking;
  }, [view, id, isAsking]);
  const phase = useKernel((kernel) => kernel.phase);
  if (!state || ["pending", "ready", "skipped"].includes(state.status)) return null;
  const port = outputs.find((x) => x.name === state.preview_port);
  const { question } = state;
  const isStreaming =
    state.status === "running" && state.progress === null && state.progress_text !== "";
  return (
    <div className="ab-node-run">
      {state.status === "running" && <Progress value={state.progress} />}
      {state.error && (
        <p className="ab-node-error">
          <Icon name="failed" />
          <span>
            {state.error}
            {state.place && <code className="ab-error-place">{state.place}</code>}
          </span>
        </p>
      )}
      {question && (
        <div className="nodrag nowheel">
          <QuestionBox
            node={id}
            key={`${question.firing} ${question.text}`}
            question={question}
            give={(firing, answer) => actions.answer(id, firing, answer)}
            isOff={phase !== "ready"}
          />
        </div>
      )}
      {isStreaming && <Stream text={state.progress_text} />}
      {!(question && !state.preview) && (
        <footer className="ab-node-foot">
          <span className="ab-node-said">
            {(!isStreaming && state.progress_text) ||
              (state.preview && port ? portLabel(port) : "")}
          </span>
          <Counts state={state} />
        </footer>
      )}
      {state.preview && (
        <div className="ab-node-preview nodrag nowheel">
          <Preview bundle={state.preview} />
        </div>
      )}
    </div>
  );
}

function Progress({ value }: { value: number | null }) {
  const percent = value === null ? undefined : Math.round(value * 100);
  return (
    <div
      className="ab-progress"
      role="progressbar"
      aria-label="Progress"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      data-known={value !== null}
    >
      <span style={{ width: `${percent ?? 30}%` }} />
    </div>
  );
}

/** What a node says while it is still saying it: the end of it, growing. */
function Stream({ text }: { text: string }) {
  return (
    <div className="ab-node-stream" title="What it says so far">
      <p>{text}</p>
    </div>
  );
}

function Counts({ state }: { state: NodeState }) {
  const isPast = useKernel((kernel) => Boolean(kernel.run?.at));
  const seconds = useElapsed(state.seconds, state.status === "running" && !isPast);
  const { running, completed, failed, waiting } = state;
  const done = completed + failed;
  const parts: string[] = [];
  if (done + running > 1) parts.push(`${done} of ${done + running}`);
  if (failed > 0 && done + running > 1) parts.push(`${failed} failed`);
  if (waiting > 0) parts.push(`${waiting} waiting`);
  // What was taken over took no time.
  if (seconds > 0 || state.status !== "reused") parts.push(duration(seconds));
  return <span className="ab-node-counts">{parts.join(" · ")}</span>;
}
