/** Inspector: everything about one node: its settings, and the values that went through it. */

import { type KeyboardEvent, useState } from "react";
import type {
  Edit,
  NodeState,
  OptionGroup,
  WireNode,
  WireProblem,
} from "../protocol/messages";
import type { Inspect } from "./inspector-firing";
import { Head } from "./inspector-head";
import { Settings } from "./inspector-settings";
import { Values } from "./inspector-values";
import { NodePast, type PastOfNodes } from "./node-past";
import { type GiveAnswer, QuestionBox } from "./question";
import "./inspector.css";

export interface InspectorProps {
  node: WireNode;
  state: NodeState | undefined;
  problems: WireProblem[];
  inspect: Inspect;
  edit(edits: Edit[]): void;
  readOnly: boolean;
  onClose(): void;
  /** The widget's model, for the views of the host. */
  model: unknown;
  /** The inputs that come over a link, with what they come from, in words. */
  linked?: Readonly<Record<string, string>>;
  /** Every option of a node, in groups. */
  options: readonly OptionGroup[];
  answer: GiveAnswer;
  /** Where the runs before are to be had. */
  past?: PastOfNodes;
}

const TABS = [
  { name: "settings", title: "Settings" },
  { name: "values", title: "Values" },
] as const;
type Tab = (typeof TABS)[number]["name"];

export function Inspector(props: InspectorProps) {
  const { node, state, readOnly, edit, onClose } = props;
  const [tab, setTab] = useState<Tab>(hasFired(state) ? "values" : "settings");
  const wrong = props.problems.filter((problem) => problem.node === node.id).length;
  return (
    <aside className="ab-inspector" aria-label={`Inspector of ${node.title}`}>
      <Head
        key={node.id}
        node={node}
        state={state}
        readOnly={readOnly}
        edit={edit}
        onClose={onClose}
      />
      {state?.question && (
        <QuestionBox
          node={node.id}
          key={`${node.id} ${state.question.firing} ${state.question.text}`}
          question={state.question}
          give={props.answer}
          isOff={false}
        />
      )}
      <Tabs tab={tab} choose={setTab} wrong={wrong} failed={state?.failed ?? 0} />
      <div
        className="ab-inspector-body"
        role="tabpanel"
        key={`${node.id} ${tab}`}
        data-tab={tab}
      >
        {tab === "settings" ? (
          <Settings {...props} linked={props.linked ?? {}} />
        ) : (
          <>
            <Values {...props} />
            {props.past && node.role !== "note" && (
              <NodePast node={node.id} past={props.past} />
            )}
          </>
        )}
      </div>
    </aside>
  );
}

function hasFired(state: NodeState | undefined): boolean {
  if (state === undefined) return false;
  const isSettled = ["waiting", "skipped", "reused"].includes(state.status);
  return isSettled || state.completed + state.failed + state.running > 0;
}

interface TabsProps {
  tab: Tab;
  choose(tab: Tab): void;
  wrong: number;
  failed: number;
}

function Tabs({ tab, choose, wrong, failed }: TabsProps) {
  const counts = { settings: wrong, values: failed };
  const onKey = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.stopPropagation();
    const other = tab === "settings" ? "values" : "settings";
    choose(other);
    const tabs = event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]");
    tabs[other === "settings" ? 0 : 1]?.focus();
  };
  return (
    <div className="ab-inspector-tabs" role="tablist" onKeyDown={onKey}>
      {TABS.map(({ name, title }) => (
        <button
          key={name}
          type="button"
          role="tab"
          className="ab-inspector-tab"
          aria-selected={tab === name}
          tabIndex={tab === name ? 0 : -1}
          onClick={() => choose(name)}
        >
          {title}
          {counts[name] > 0 && (
            <span className="ab-tally ab-tally--wrong">{counts[name]}</span>
          )}
        </button>
      ))}
    </div>
  );
}
