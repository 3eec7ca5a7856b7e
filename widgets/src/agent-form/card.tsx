/** The fields, the Run button, and what came of the run. */

import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { Asking } from "../bridge/asking";
import { type Model, useTrait } from "../bridge/model";
import { type Desk, DeskContext, deskOver } from "../forms/desk";
import { type Check, Form } from "../forms/form";
import type { FormState } from "../protocol/messages";
import { Button } from "../ui/button";
import { LateAsking } from "../ui/late-asking";
import type { AskLate } from "../ui/late-code";
import { StatusBadge } from "../ui/status";
import { useDark } from "../ui/theme";
import { Results } from "./results";

interface Props {
  model: Model;
  line: Asking;
}

type Values = Record<string, unknown>;

interface LinesProps {
  desk: Desk;
  late: AskLate;
  children: ReactNode;
}

/** What the fields and the results ask of the kernel. */
function Lines({ desk, late, children }: LinesProps) {
  return (
    <DeskContext value={desk}>
      <LateAsking value={late}>{children}</LateAsking>
    </DeskContext>
  );
}

export function Card({ model, line }: Props) {
  const isDark = useDark();
  const [turn] = useTrait(model, "turn", 0);
  const form = useForm(line, turn);
  const desk = useMemo(() => deskOver(line.ask), [line]);
  const runs = form.state?.runs ?? false;
  const check = useCallback<Check>(
    // The fields of a schema are judged together, those of an agent each by its node.
    (values) => desk.check(values, runs ? {} : { firing: 0 }),
    [desk, runs],
  );
  const { state, values } = form;
  const card = useRef<HTMLElement>(null);
  const [isAsked, setAsked] = useState(false);
  const ports = state?.ports ?? [];
  const missing = ports.filter(
    (port) => port.required && !Object.hasOwn(values, port.name),
  );
  const isRunning = ["queued", "running"].includes(state?.status ?? "");

  const run = () => {
    if (isRunning) return;
    const open = card.current?.querySelector<HTMLElement>("[data-draft=unfinished]");
    setAsked(true);
    const [first] = missing;
    if (open || first) {
      const at = card.current?.querySelector(
        `[data-port="${CSS.escape(first?.name ?? "")}"]`,
      );
      (open ?? at?.querySelector<HTMLElement>(FIELDS))?.focus();
      return;
    }
    void form.run();
  };
  const onKey = (event: KeyboardEvent) => {
    if (!runs || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    run();
  };
  const classes = `ab-root ab-agent-form${isDark ? " ab-dark" : ""}`;
  if (!state) {
    return (
      <section className={classes} aria-busy={form.trouble === ""}>
        <p role="status">{form.trouble || "Waiting for the kernel…"}</p>
      </section>
    );
  }
  return (
    <Lines desk={desk} late={line.ask}>
      <section
        className={classes}
        aria-label={`Form of ${state.title || "values"}`}
        ref={card}
        onKeyDown={onKey}
      >
        {state.title && <h3 className="ab-agent-form-title">{state.title}</h3>}
        {state.help && <p className="ab-agent-form-help">{state.help}</p>}
        <Form
          isForRun
          ports={ports}
          values={values}
          check={check}
          problems={
            isAsked
              ? Object.fromEntries(missing.map(({ name }) => [name, "This is needed."]))
              : {}
          }
          onChange={(name, value) => form.give({ ...form.given(), [name]: value })}
          onClear={(name) => {
            const { [name]: _gone, ...rest } = form.given();
            form.give(rest);
          }}
        />
        {ports.length === 0 && (
          <p className="ab-agent-form-help">This agent asks for nothing.</p>
        )}
        {runs && (
          <footer className="ab-agent-form-foot">
            {isRunning ? (
              <Button label="Stop" look="plain" icon="stop" onClick={form.stop} />
            ) : (
              <Button
                label="Run"
                look="primary"
                icon="play"
                hint="Ctrl+Enter"
                onClick={run}
              />
            )}
            <span className="ab-agent-form-line" role="status">
              {state.status && (
                <StatusBadge status={state.status as "completed"} note={state.line} />
              )}
            </span>
          </footer>
        )}
        {form.trouble && (
          <p className="ab-field-problem" role="alert">
            {form.trouble}
          </p>
        )}
        <Results state={state} model={model} />
      </section>
    </Lines>
  );
}

const FIELDS = "input, textarea, select, button, .cm-content";

/** How the form stands in the kernel, and what is typed here, which is ahead of it. */
function useForm(line: Asking, turn: number) {
  const [state, setState] = useState<FormState>();
  const [values, setValues] = useState<Values>({});
  const [trouble, setTrouble] = useState("");
  const typed = useRef<Values>(values);
  const unsent = useRef(0);

  const failed = useCallback((error: unknown) => {
    setTrouble(error instanceof Error ? error.message : String(error));
  }, []);
  const take = useCallback((told: unknown) => {
    const next = told as FormState;
    setState((before) => (before && before.turn > next.turn ? before : next));
    if (unsent.current > 0) return;
    typed.current = next.values;
    setValues(next.values);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a turn says that it stands otherwise
  useEffect(() => {
    line.ask({ op: "look_at_form" }).then(take, failed);
  }, [line, turn, take, failed]);

  const give = (next: Values) => {
    typed.current = next;
    setValues(next);
    unsent.current += 1;
    const done = () => {
      unsent.current -= 1;
    };
    line.ask({ op: "set_form", values: next }).then(done, (error) => {
      done();
      failed(error);
    });
  };
  const run = async () => {
    setTrouble("");
    try {
      take(await line.ask({ op: "run_form", values: typed.current }));
    } catch (error) {
      failed(error);
    }
  };
  const stop = () => void line.ask({ op: "stop_form" }).catch(failed);
  return { state, values, trouble, given: () => typed.current, give, run, stop };
}
