/** Small parts of the inspector. */

import { Check, ChevronDown, ChevronRight, Copy } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { NodeState } from "../protocol/messages";
import { copied } from "../ui/clipboard";
import { StatusBadge } from "../ui/status";

interface SectionProps {
  title: string;
  aside?: ReactNode;
  isOpenFirst?: boolean;
  children: ReactNode;
}

/** A part with a title, which folds away. What is in it is made when it is opened. */
export function Section({ title, aside, isOpenFirst = true, children }: SectionProps) {
  const [isOpen, setOpen] = useState(isOpenFirst);
  const Icon = isOpen ? ChevronDown : ChevronRight;
  return (
    <section className="ab-inspector-section">
      <div className="ab-inspector-section-head">
        <button
          type="button"
          className="ab-section-toggle"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon size={14} aria-hidden />
          {title}
        </button>
        {aside}
      </div>
      {isOpen && children}
    </section>
  );
}

const STATUSES: ReadonlySet<string> = new Set<NodeState["status"]>([
  "pending",
  "ready",
  "running",
  "waiting",
  "completed",
  "failed",
  "skipped",
  "reused",
  "stopped",
]);

/** How a firing stands; a word that we do not know is shown as it is. */
export function Status({ status, reason }: { status: string; reason?: string }) {
  if (!STATUSES.has(status)) return <span className="ab-faint">{status}</span>;
  return <StatusBadge status={status as NodeState["status"]} reason={reason} />;
}

/** Says for a moment that it has been done. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [isDone, setDone] = useState(false);
  const place = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isDone) return;
    const timer = setTimeout(() => setDone(false), 1500);
    return () => clearTimeout(timer);
  }, [isDone]);
  const copy = async () => setDone(await copied(text, place.current));
  const Icon = isDone ? Check : Copy;
  return (
    <button
      ref={place}
      type="button"
      className={`ab-mini ${isDone ? "ab-mini--done" : ""}`}
      title={isDone ? "Copied" : label}
      aria-label={isDone ? "Copied" : label}
      onClick={copy}
    >
      <Icon size={13} aria-hidden />
    </button>
  );
}
