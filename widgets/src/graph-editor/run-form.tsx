/** RunForm: asks for the agent's inputs before a run. It stays inside the widget. */

import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useDesk } from "../forms/desk";
import { Form } from "../forms/form";
import type { WirePort } from "../protocol/messages";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
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
  const card = useRef<HTMLDivElement>(null);
  const given = useRef(initial);
  const [values, setValues] = useState(initial);
  const [isAsked, setAsked] = useState(false);
  const desk = useDesk();
  useEffect(() => {
    const fields = card.current?.querySelector(".ab-form");
    const first = fields?.querySelector<HTMLElement>(FIELDS) ?? card.current;
    first?.focus();
  }, []);

  const give = (next: Record<string, unknown>) => {
    given.current = next;
    setValues(next);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is asked once, when it opens
  useEffect(() => {
    if (!desk || Object.keys(initial).length > 0) return;
    desk.lastInputs().then(
      (last) => {
        if (Object.keys(given.current).length > 0) return; // somebody typed meanwhile
        const known = inputs.filter(({ name }) => Object.hasOwn(last, name));
        give(Object.fromEntries(known.map(({ name }) => [name, last[name]])));
      },
      () => {}, // a run of a kernel that is gone, or none
    );
  }, []);
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
    if (event.key !== "Enter" || !(isLine || isTold)) return false;
    run();
    return true;
  };
  const missing = isAsked ? missingFrom(inputs, values) : [];
  return (
    <Dialog
      title="Run with"
      size="form"
      card={card}
      close={onClose}
      onKey={onKey}
      foot={
        <>
          <span className="ab-dialog-hint">
            {busy ? "It is running already." : "Enter runs, Escape closes"}
          </span>
          <Button label="Cancel" look="plain" onClick={onClose} />
          <Button label="Run" look="primary" disabled={busy} onClick={run} />
        </>
      }
    >
      <Form
        isForRun
        ports={inputs}
        values={values}
        check={desk?.check}
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
    </Dialog>
  );
}

function missingFrom(inputs: WirePort[], values: Record<string, unknown>): WirePort[] {
  return inputs.filter((port) => port.required && !Object.hasOwn(values, port.name));
}
