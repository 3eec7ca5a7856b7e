/** How a node or a run stands: an icon and a word, never colour alone. */

import type { NodeState, RunState } from "../protocol/messages";
import { Icon, type IconName } from "./icon";

type Status = NodeState["status"] | RunState["status"];

const LOOKS: Record<Status, [word: string, icon: IconName, tone: string]> = {
  pending: ["Pending", "pending", "quiet"],
  ready: ["Ready", "ready", "quiet"],
  queued: ["Queued", "pending", "quiet"],
  running: ["Running", "running", "running"],
  waiting: ["Waiting", "waiting", "waiting"],
  completed: ["Done", "completed", "done"],
  failed: ["Failed", "failed", "failed"],
  skipped: ["Skipped", "skipped", "quiet"],
  reused: ["Reused", "reused", "reused"],
  stopped: ["Stopped", "stopped", "quiet"],
  interrupted: ["Interrupted", "stopped", "waiting"],
  needs_decision: ["Needs a decision", "paused", "waiting"],
};

interface Props {
  status: Status;
  note?: string;
  /** Why it stands so; the tooltip. */
  reason?: string;
}

export function StatusBadge({ status, note, reason }: Props) {
  const [word, icon, tone] = LOOKS[status];
  return (
    <span
      className={`ab-status ab-tone-${tone}`}
      data-status={status}
      title={reason ? `${word}: ${reason}` : word}
    >
      <Icon name={icon} size={13} className={status === "running" ? "ab-spin" : ""} />
      <span>{word}</span>
      {note && <span className="ab-status-note">{note}</span>}
    </span>
  );
}

/** The icon alone, where there is no room for the word. */
export function StatusIcon({ status }: { status: Status }) {
  const [word, icon, tone] = LOOKS[status];
  return (
    <span className={`ab-status ab-tone-${tone}`} data-status={status} title={word}>
      <Icon name={icon} size={13} />
    </span>
  );
}
