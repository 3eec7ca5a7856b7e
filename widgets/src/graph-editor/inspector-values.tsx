/** What a firing of a node took and gave, its error and its log. */

import { ChevronLeft, ChevronRight, ChevronsRight } from "lucide-react";
import type { Inspection, NodeState, WireNode } from "../protocol/messages";
import { BundleView } from "../renderers/bundle-view";
import { withoutColours } from "../renderers/mime-view";
import { type Inspect, type ShownFiring, useFiring } from "./inspector-firing";
import { CopyButton, Section, Status } from "./inspector-parts";
import { Side } from "./inspector-side";
import { secondsInWords } from "./inspector-words";

interface ValuesProps {
  node: WireNode;
  state: NodeState | undefined;
  model: unknown;
  inspect: Inspect;
}

export function Values({ node, state, model, inspect }: ValuesProps) {
  const shown = useFiring(node.id, state, inspect);
  const { inspection, failure } = shown;
  if (!state) return <NothingYet />;
  if (failure !== "" && !inspection) return <Failure shown={shown} />;
  if (!inspection) return <p className="ab-inspector-empty ab-late">Looking…</p>;
  if (inspection.firings === 0) return <NothingYet state={state} />;
  return (
    <>
      {failure !== "" && <Failure shown={shown} />}
      <Firing shown={shown} inspection={inspection} />
      {inspection.reason !== "" && <Reason inspection={inspection} />}
      {inspection.error !== "" && <Failed inspection={inspection} />}
      {inspection.tries.length > 0 && <Tries tries={inspection.tries} />}
      {inspection.about && (
        <Section title="The question is about">
          <div className="ab-value-body">
            <BundleView bundle={inspection.about} model={model} />
          </div>
        </Section>
      )}
      <Side title="Outputs" side="output" node={node} of={inspection} model={model} />
      <Side title="Inputs" side="input" node={node} of={inspection} model={model} />
      {inspection.log.length > 0 && (
        <Section
          title="Log"
          aside={<CopyButton text={inspection.log.join("\n")} label="Copy the log" />}
        >
          <pre className="ab-inspector-log">
            {inspection.log.map(withoutColours).join("\n")}
          </pre>
        </Section>
      )}
    </>
  );
}

const WHY: Readonly<Record<string, string>> = {
  skipped: "Skipped",
  reused: "Reused",
  waiting: "Waits",
};

/** Why it was skipped or reused, or why it was done again though it might have been. */
function Reason({ inspection: { status, reason } }: { inspection: Inspection }) {
  return (
    <p className="ab-firing-reason">
      {WHY[status] ?? "Done again"}: {reason}.
    </p>
  );
}

function Tries({ tries }: { tries: readonly string[] }) {
  const times = tries.length === 1 ? "once" : `${tries.length} times`;
  return (
    <Section title={`Failed ${times} before`} isOpenFirst={false}>
      <ol className="ab-tries">
        {tries.map((text, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: tries are only ever added
          <li key={at}>{withoutColours(text)}</li>
        ))}
      </ol>
    </Section>
  );
}

function NothingYet({ state }: { state?: NodeState }) {
  const isBusy = state?.status === "pending" || state?.status === "waiting";
  return (
    <p className="ab-inspector-empty">
      {isBusy
        ? "It has not had its turn yet. What it takes and gives will be here."
        : "Nothing here yet. Run the agent to see what goes in and out."}
    </p>
  );
}

function Failure({ shown }: { shown: ShownFiring }) {
  return (
    <p className="ab-trouble ab-trouble--warning" role="status">
      <span>{shown.failure}</span>
      <button type="button" className="ab-text-button" onClick={shown.again}>
        Try again
      </button>
    </p>
  );
}

/** Which firing is shown, with the way to the others. */
function Firing({ shown, inspection }: { shown: ShownFiring; inspection: Inspection }) {
  const { choose, choice } = shown;
  const { firings } = inspection;
  const firing = choice ?? inspection.firing;
  return (
    <div className="ab-which-firing">
      {firings > 1 && (
        <span className="ab-firing-steps">
          <Step
            label="Previous firing"
            icon={ChevronLeft}
            isOff={firing <= 1}
            go={() => choose(firing - 1)}
          />
          <span className="ab-firing-count" title="Which firing, of how many">
            {firing} / {firings}
          </span>
          <Step
            label="Next firing"
            icon={ChevronRight}
            isOff={firing >= firings}
            go={() => choose(firing + 1)}
          />
          <Step
            label="Newest firing"
            icon={ChevronsRight}
            isOff={choice === null}
            go={() => choose(null)}
          />
        </span>
      )}
      <Status status={inspection.status} />
      <span className="ab-firing-time">{secondsInWords(inspection.seconds)}</span>
    </div>
  );
}

interface StepProps {
  label: string;
  icon: typeof ChevronLeft;
  isOff: boolean;
  go(): void;
}

function Step({ label, icon: Icon, isOff, go }: StepProps) {
  return (
    <button
      type="button"
      className="ab-mini"
      title={label}
      aria-label={label}
      disabled={isOff}
      onClick={go}
    >
      <Icon size={14} aria-hidden />
    </button>
  );
}

function Failed({ inspection }: { inspection: Inspection }) {
  const { error, traceback } = inspection;
  return (
    <div className="ab-firing-failed" role="alert">
      <div className="ab-firing-failed-head">
        <p className="ab-firing-failed-text">{withoutColours(error)}</p>
        <CopyButton text={traceback || error} label="Copy the error" />
      </div>
      {traceback !== "" && (
        <Section title="Traceback" isOpenFirst={false}>
          <pre className="ab-inspector-log">{withoutColours(traceback)}</pre>
        </Section>
      )}
    </div>
  );
}
