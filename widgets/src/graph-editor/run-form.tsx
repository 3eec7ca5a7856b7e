/** RunForm: asks for the agent's inputs before a run. It stays inside the widget. */

import { X } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { WirePort } from "../protocol/messages";
import { Button } from "../ui/button";
import { Form } from "../ui/form";
import "./inspector.css";

export interface RunFormProps {
  inputs: WirePort[];
  /** What was given to the last run. */
  initial: Record<string, unknown>;
  busy: boolean;
  onRun(values: Record<string, unknown>): void;
  onClose(): void;
}

const FIELDS = "input, textarea, select, button";

export function RunForm({ inputs, initial, busy, onRun, onClose }: RunFormProps) {
  const titleId = useId();
  const card = useRef<HTMLDivElement>(null);
  const given = useRef(initial);
  const [values, setValues] = useState(initial);
  const [isAsked, setAsked] = useState(false);
  useEffect(() => {
    const fields = card.current?.querySelector(".ab-form");
    const first = fields?.querySelector<HTMLElement>(FIELDS) ?? card.current;
    first?.focus();
  }, []);

  const give = (next: Record<string, unknown>) => {
    given.current = next;
    setValues(next);
  };
  const run = () => {
    const missing = missingFrom(inputs, given.current);
    const unfinished = card.current?.querySelector<HTMLElement>(
      "[data-draft=unfinished]",
    );
    if (busy) return;
    if (unfinished || missing.length > 0) {
      setAsked(true);
      const first = card.current?.querySelector(`[data-port="${missing[0]?.name}"]`);
      (unfinished ?? first?.querySelector<HTMLElement>(FIELDS))?.focus();
      return;
    }
    onRun(given.current);
  };
  const onKey = (event: KeyboardEvent<HTMLElement>) => {
    const field = event.target as HTMLElement;
    const isLine = field.tagName === "INPUT" || field === card.current;
    const isTold = event.ctrlKey || event.metaKey;
    if (event.key === "Escape") onClose();
    else if (event.key === "Tab" && !event.defaultPrevented && card.current)
      keepInside(event, card.current);
    else if (event.key === "Enter" && (isLine || isTold)) run();
    else return;
    event.stopPropagation();
  };
  const missing = isAsked ? missingFrom(inputs, values) : [];
  return (
    <div className="ab-run-form-place">
      <button
        type="button"
        className="ab-run-form-veil"
        aria-label="Close"
        tabIndex={-1}
        onClick={onClose}
      />
      <div
        className="ab-run-form"
        role="dialog"
        aria-labelledby={titleId}
        tabIndex={-1}
        ref={card}
        onKeyDown={onKey}
      >
        <header className="ab-run-form-head">
          <h2 className="ab-run-form-title" id={titleId}>
            Run with
          </h2>
          <button
            type="button"
            className="ab-mini"
            title="Close"
            aria-label="Close"
            onClick={onClose}
          >
            <X size={15} aria-hidden />
          </button>
        </header>
        <div className="ab-run-form-body">
          <Form
            ports={inputs}
            values={values}
            problems={Object.fromEntries(
              missing.map((port) => [port.name, "This is needed."]),
            )}
            onChange={(name, value) => give({ ...given.current, [name]: value })}
            onClear={(name) => {
              const { [name]: _gone, ...rest } = given.current;
              give(rest);
            }}
          />
          {inputs.length === 0 && (
            <p className="ab-inspector-empty">This agent asks for nothing.</p>
          )}
        </div>
        <footer className="ab-run-form-foot">
          <span className="ab-run-form-hint">
            {busy ? "It is running already." : "Enter runs, Escape closes"}
          </span>
          <Button label="Cancel" look="plain" onClick={onClose} />
          <Button label="Run" look="primary" disabled={busy} onClick={run} />
        </footer>
      </div>
    </div>
  );
}

function missingFrom(inputs: WirePort[], values: Record<string, unknown>): WirePort[] {
  return inputs.filter((port) => port.required && !Object.hasOwn(values, port.name));
}

/** Tab goes round inside the dialog. */
function keepInside(event: KeyboardEvent, card: HTMLElement): void {
  const all = [...card.querySelectorAll<HTMLElement>(FIELDS)].filter(
    (it) => !it.hasAttribute("disabled") && it.tabIndex >= 0,
  );
  const [first, last] = [all[0], all.at(-1)];
  const at = event.target;
  if (event.shiftKey ? at === first || at === card : at === last) {
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  }
}
