/** A line above the canvas about the kernel or the agent, when there is something to know. */

import { Icon, type IconName } from "../ui/icon";
import { useKernel } from "./view";

export function Banner() {
  const phase = useKernel((state) => state.phase);
  const isBusy = useKernel((state) => state.isBusy);
  const reason = useKernel((state) => state.about.read_only);
  if (phase === "lost") {
    const text = "The kernel was restarted. Run the cell again to go on editing.";
    return <Line icon="unplugged" tone="error" text={text} />;
  }
  if (isBusy) {
    const text = "The kernel is busy with a cell. What you do here waits in line.";
    return <Line icon="waiting" tone="warning" text={text} />;
  }
  if (reason) return <Line icon="lock" tone="info" text={`Read-only: ${reason}`} />;
  return null;
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
