/** Form: the fields of several inputs, the advanced ones folded away. */

import { useEffect, useRef, useState } from "react";
import type { WirePort } from "../protocol/messages";
import { type Fault, ForRun, under } from "./control";
import { Field } from "./field";
import { Section } from "./section";

/** What is wrong with values; the first step of each path is the name of an input. */
export type Check = (values: Readonly<Record<string, unknown>>) => Promise<Fault[]>;

export interface FormProps {
  ports: readonly WirePort[];
  /** What is set, by port; a port that is not in it is not set. */
  values: Readonly<Record<string, unknown>>;
  onChange(name: string, value: unknown): void;
  onClear(name: string): void;
  problems?: Readonly<Record<string, string>>;
  disabled?: boolean;
  /** Asks the kernel what it thinks of the values, as they are typed. */
  check?: Check | undefined;
  /** Whether they are the inputs of a run. */
  isForRun?: boolean;
}

export function Form(props: FormProps) {
  const { ports, values, problems = {} } = props;
  const faults = useFaults(values, props.check);
  const plain = ports.filter((port) => !port.advanced);
  const advanced = ports.filter((port) => port.advanced);
  const isWrong = (port: WirePort) =>
    Boolean(problems[port.name]) || under(faults, port.name).length > 0;
  return (
    <ForRun value={props.isForRun ?? false}>
      <div className="ab-form">
        <Fields {...props} ports={plain} faults={faults} />
        {advanced.length > 0 && (
          <Section
            title="Advanced"
            count={advanced.filter((port) => Object.hasOwn(values, port.name)).length}
            isWrong={advanced.some(isWrong)}
          >
            <Fields {...props} ports={advanced} faults={faults} />
          </Section>
        )}
      </div>
    </ForRun>
  );
}

type FieldsProps = FormProps & { faults: readonly Fault[] };

function Fields({ ports, values, problems, faults, ...props }: FieldsProps) {
  return ports.map((port) => (
    <Field
      key={port.name}
      port={port}
      value={values[port.name]}
      isSet={Object.hasOwn(values, port.name)}
      problem={problems?.[port.name] ?? ""}
      faults={under(faults, port.name)}
      disabled={props.disabled ?? false}
      onChange={(value) => props.onChange(port.name, value)}
      onClear={() => props.onClear(port.name)}
    />
  ));
}

/** How long typing rests before the kernel is asked. */
const REST = 200;

/** What the kernel says of the newest values; until it has, what it said before. */
export function useFaults(
  values: Readonly<Record<string, unknown>>,
  check: Check | undefined,
): readonly Fault[] {
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const turn = useRef(0);
  useEffect(() => {
    turn.current += 1;
    const mine = turn.current;
    if (!check || Object.keys(values).length === 0) {
      setFaults((before) => (before.length > 0 ? [] : before));
      return;
    }
    const rest = setTimeout(() => {
      check(values).then(
        (found) => mine === turn.current && setFaults(found),
        () => {}, // the kernel is busy or gone: it judges again when the run begins
      );
    }, REST);
    return () => clearTimeout(rest);
  }, [values, check]);
  return faults;
}
