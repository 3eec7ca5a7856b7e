/** Runs of the agent that earlier kernels, or other doors, have made; filtered by the kernel. */

import { useEffect, useState } from "react";
import { duration } from "../graph/names";
import type { PastRun, PastRuns } from "../protocol/messages";
import { StatusBadge } from "../ui/status";
import { CompareButton } from "./run-comparison";
import { useKernel, useView } from "./view";

const STATUSES = [
  ["", "Any status"],
  ["completed", "Done"],
  ["failed", "Failed"],
  ["waiting", "Waiting"],
  ["stopped", "Stopped"],
  ["interrupted", "Interrupted"],
  ["needs_decision", "Needs a decision"],
] as const;
const SINCE = [
  ["", "Any time"],
  ["1h", "Last hour"],
  ["24h", "Last day"],
  ["7d", "Last week"],
  ["30d", "Last month"],
] as const;
const PAGE = 30;
/** Milliseconds after the last key. */
const PAUSE = 200;

export function EarlierRuns({ here }: { here: readonly string[] }) {
  const { session, actions } = useView();
  const shown = useKernel((state) => state.run?.id);
  const [status, setStatus] = useState("");
  const [since, setSince] = useState("");
  const [words, setWords] = useState("");
  const text = useSettled(words);
  const [limit, setLimit] = useState(PAGE);
  const [runs, setRuns] = useState<PastRun[]>();
  const [trouble, setTrouble] = useState("");
  const stage = useKernel((state) => state.runs.map((run) => run.status).join(" "));
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when a run came or ended
  useEffect(() => {
    let isGone = false;
    const statuses = status ? [status] : [];
    session
      .request({ op: "list_runs", status: statuses, since, text, limit, node: "" })
      .then(
        (answer) => {
          if (isGone) return;
          setRuns((answer as PastRuns).runs);
          setTrouble("");
        },
        (error: Error) => !isGone && setTrouble(error.message),
      );
    return () => {
      isGone = true;
    };
  }, [session, status, since, text, limit, stage]);
  const known = new Set(status || since || text ? [] : here);
  const earlier = (runs ?? []).filter((run) => !known.has(run.id));
  return (
    <section className="ab-earlier" aria-label="Earlier runs">
      <header>
        <h3>Earlier runs</h3>
        <Choice label="Status" value={status} of={STATUSES} onChange={setStatus} />
        <Choice label="When" value={since} of={SINCE} onChange={setSince} />
      </header>
      <input
        type="search"
        className="ab-earlier-text"
        aria-label="Words in a run's id or inputs"
        placeholder="Words in its inputs or id"
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      {trouble && <p className="ab-earlier-note">{trouble}</p>}
      {runs && earlier.length === 0 && (
        <p className="ab-earlier-note">None like that.</p>
      )}
      <ol>
        {earlier.map((run) => (
          <li key={run.id} data-shown={run.id === shown || undefined}>
            <button
              type="button"
              className="ab-run-look"
              aria-pressed={run.id === shown}
              title="Show it on the canvas"
              onClick={() => actions.showRun(run.id)}
            >
              <span className="ab-earlier-line">
                <StatusBadge
                  status={run.status as "failed"}
                  note={run.seconds ? duration(run.seconds) : ""}
                />
                <span className="ab-earlier-when">{when(run.started)}</span>
              </span>
            </button>
            <CompareButton run={run.id} />
          </li>
        ))}
      </ol>
      {runs?.length === limit && (
        <button
          type="button"
          className="ab-earlier-more"
          onClick={() => setLimit(limit + PAGE)}
        >
          More
        </button>
      )}
    </section>
  );
}

/** What was typed, once that has paused. */
function useSettled(typed: string): string {
  const [settled, setSettled] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  return settled;
}

interface ChoiceProps {
  label: string;
  value: string;
  of: readonly (readonly [string, string])[];
  onChange(value: string): void;
}

function Choice({ label, value, of, onChange }: ChoiceProps) {
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {of.map(([name, words]) => (
        <option key={name} value={name}>
          {words}
        </option>
      ))}
    </select>
  );
}

export function when(seconds: number): string {
  const date = new Date(seconds * 1000);
  const isToday = date.toDateString() === new Date().toDateString();
  const time = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  if (isToday) return time;
  return `${date.toLocaleDateString([], { day: "numeric", month: "short" })}, ${time}`;
}
