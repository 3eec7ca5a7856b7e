/** What a node did in the runs before: how it stood, how long it took, what it gave. */

import { useEffect, useState } from "react";
import type { PastRun } from "../protocol/messages";
import { when } from "./earlier-runs";
import { Section, Status } from "./inspector-parts";
import { secondsInWords } from "./inspector-words";
import "./node-past.css";

export interface PastOfNodes {
  /** The last runs in which a node fired, the newest first. */
  ask(node: string): Promise<PastRun[]>;
  show(run: string): void;
  /** The run on the canvas. */
  shown: string | undefined;
  /** Changes when a run came or ended. */
  stage: string;
}

export function NodePast({ node, past }: { node: string; past: PastOfNodes }) {
  return (
    <Section title="History" isOpenFirst={false}>
      <List node={node} past={past} />
    </Section>
  );
}

function List({ node, past }: { node: string; past: PastOfNodes }) {
  const [runs, setRuns] = useState<PastRun[]>();
  const [trouble, setTrouble] = useState("");
  const { ask, stage } = past;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when a run came or ended
  useEffect(() => {
    let isGone = false;
    ask(node).then(
      (found) => {
        if (isGone) return;
        setRuns(found);
        setTrouble("");
      },
      (error: Error) => !isGone && setTrouble(error.message),
    );
    return () => {
      isGone = true;
    };
  }, [ask, node, stage]);
  if (trouble) return <p className="ab-trouble ab-trouble--warning">{trouble}</p>;
  if (!runs) return <p className="ab-inspector-empty ab-late">Looking…</p>;
  if (runs.length === 0) {
    return <p className="ab-inspector-empty">It has not fired in any run so far.</p>;
  }
  return (
    <ol className="ab-node-past">
      {runs.map((run) => (
        <Row key={run.id} run={run} past={past} />
      ))}
    </ol>
  );
}

function Row({ run, past }: { run: PastRun; past: PastOfNodes }) {
  const did = run.of_node;
  if (!did) return null;
  const said = did.error || did.gave;
  return (
    <li>
      <button
        type="button"
        className="ab-node-past-run"
        aria-pressed={run.id === past.shown}
        title={run.id === past.shown ? "On the canvas" : "Show this run on the canvas"}
        onClick={() => past.show(run.id)}
      >
        <span className="ab-node-past-line">
          {did.status !== "" && <Status status={did.status} />}
          {did.firings > 1 && <span className="ab-faint">{did.firings} times</span>}
          <span className="ab-node-past-when">
            {did.status !== "" && `${secondsInWords(did.seconds)} · `}
            {when(run.started)}
          </span>
        </span>
        {said !== "" && (
          <span className="ab-node-past-said ab-clip" data-wrong={did.error !== ""}>
            {said}
          </span>
        )}
      </button>
    </li>
  );
}
