/** Toasts: a line each, read out by screen readers, near the pointer when given a place. */

import { useEffect } from "react";
import { Button } from "./button";
import { Icon } from "./icon";

export interface Toast {
  id: number;
  level: "info" | "warning" | "error";
  text: string;
  /** Where it came from, in pixels inside the widget; else at the bottom. */
  at?: { x: number; y: number };
  action?: { label: string; onChoose(): void };
  /** By which all of an error is found: `%agent error E-7K2M`. */
  trouble?: string;
}

const SHOWN_FOR = { info: 4000, warning: 7000, error: 9000 };
/** A list of what is wrong has a panel of its own: here one reads how it begins. */
const LINES = 5;
const ICONS = { info: "info", warning: "warning", error: "alert" } as const;

interface Props {
  toasts: readonly Toast[];
  onGone(id: number): void;
}

export function Toasts({ toasts, onGone }: Props) {
  const placed = toasts.filter((toast) => toast.at);
  const rest = toasts.filter((toast) => !toast.at);
  return (
    <div aria-live="polite" role="status">
      {placed.map((toast) => (
        <div
          key={toast.id}
          className="ab-toast-place"
          style={{ left: toast.at?.x, top: toast.at?.y }}
        >
          <Line toast={toast} onGone={onGone} />
        </div>
      ))}
      <div className="ab-toasts">
        {rest.map((toast) => (
          <Line key={toast.id} toast={toast} onGone={onGone} />
        ))}
      </div>
    </div>
  );
}

function Line({ toast, onGone }: { toast: Toast; onGone(id: number): void }) {
  const { id, level, text, action, at, trouble } = toast;
  useEffect(() => {
    if (action) return;
    const timer = setTimeout(() => onGone(id), SHOWN_FOR[level] / (at ? 1.6 : 1));
    return () => clearTimeout(timer);
  }, [id, level, action, at, onGone]);
  return (
    <div className={`ab-toast ab-toast-${level}`}>
      <Icon name={ICONS[level]} />
      <span className="ab-toast-text">
        {beginning(text)}
        {trouble && <Trouble id={trouble} />}
      </span>
      {action && (
        <Button
          label={action.label}
          look="plain"
          onClick={() => {
            onGone(id);
            action.onChoose();
          }}
        />
      )}
      <Button icon="close" label="Dismiss" isIconOnly onClick={() => onGone(id)} />
    </div>
  );
}

function beginning(text: string): string {
  const lines = text.trim().split("\n");
  const more = lines.length - LINES;
  return more > 1 ? [...lines.slice(0, LINES), `… and ${more} more`].join("\n") : text;
}

/** The name of an error; a click copies the line that shows all of it. */
function Trouble({ id }: { id: string }) {
  const line = `%agent error ${id}`;
  return (
    <button
      type="button"
      className="ab-toast-trouble"
      title={`More in a cell: ${line} (click to copy)`}
      onClick={() => navigator.clipboard?.writeText(line)}
    >
      {id}
    </button>
  );
}
