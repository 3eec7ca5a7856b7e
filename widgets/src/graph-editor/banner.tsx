/** A line above the canvas about the kernel or the agent, when there is something to know. */

import { inWords } from "../graph/diff";
import { Button } from "../ui/button";
import { Icon, type IconName } from "../ui/icon";
import type { Recovery } from "./kernel-state";
import { useKernel, useView } from "./view";

export function Banner() {
  const phase = useKernel((state) => state.phase);
  const isBusy = useKernel((state) => state.isBusy);
  const isCut = useKernel((state) => state.isCut);
  const reason = useKernel((state) => state.about.read_only);
  const recovery = useKernel((state) => state.recovery);
  if (phase === "lost") {
    const text =
      "Read-only: the kernel was restarted or shut down. Run the cell again to go on editing; what you changed is kept here.";
    return <Line icon="unplugged" tone="error" text={text} />;
  }
  if (isCut) {
    const text =
      "No connection to the kernel. What you do here waits and is sent when it is back.";
    return <Line icon="unplugged" tone="warning" text={text} />;
  }
  if (isBusy) {
    const text = "The kernel is busy with a cell. What you do here waits in line.";
    return <Line icon="waiting" tone="warning" text={text} />;
  }
  if (recovery) return <Recover recovery={recovery} />;
  if (reason) return <Line icon="lock" tone="info" text={`Read-only: ${reason}`} />;
  return null;
}

/** Offers what an earlier kernel, page or browser took with it. */
function Recover({ recovery }: { recovery: Recovery }) {
  const { session, actions } = useView();
  const { draft, fits, clashes } = recovery;
  const found = inWords([...fits, ...clashes]);
  const clash = clashes.length ? `; ${clashes.length} of them were changed since` : "";
  const recover = async () => {
    const isAll = await session.drafting?.recover();
    if (isAll) actions.toast("info", "Your changes are back. Save to keep them.");
    else actions.toast("warning", "Some of it no longer fits and was left out.");
  };
  return (
    <div className="ab-banner ab-banner-info ab-recovery" role="status">
      <Icon name="reused" />
      <span>
        Changes from {ago(draft.at)} were never saved: {found}
        {clash}.
      </span>
      <Button label="Bring them back" look="plain" onClick={recover} />
      <Button label="Forget them" onClick={() => session.drafting?.discard()} />
    </div>
  );
}

/** A time in the words of a conversation. */
export function ago(at: number, now = Date.now()): string {
  const minutes = Math.round((now - at) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.round(minutes / 60)} h ago`;
  return `${Math.round(minutes / 60 / 24)} d ago`;
}

interface LineProps {
  icon: IconName;
  tone: "error" | "warning" | "info";
  text: string;
}

function Line({ icon, tone, text }: LineProps) {
  return (
    <div className={`ab-banner ab-banner-${tone}`} role="status">
      <Icon name={icon} />
      <span>{text}</span>
    </div>
  );
}
