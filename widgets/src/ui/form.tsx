/** Form: the fields of several inputs, the advanced ones folded away. */

import { ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import type { WirePort } from "../protocol/messages";
import { Field } from "./field";

export interface FormProps {
  ports: readonly WirePort[];
  /** What is set, by port; a port that is not in it is not set. */
  values: Readonly<Record<string, unknown>>;
  onChange(name: string, value: unknown): void;
  onClear(name: string): void;
  problems?: Readonly<Record<string, string>>;
  disabled?: boolean;
}

export function Form(props: FormProps) {
  const plain = props.ports.filter((port) => !port.advanced);
  const advanced = props.ports.filter((port) => port.advanced);
  return (
    <div className="ab-form">
      <Fields {...props} ports={plain} />
      {advanced.length > 0 && <Advanced {...props} ports={advanced} />}
    </div>
  );
}

/** Open from the start when something in it is wrong. */
function Advanced(props: FormProps) {
  const { ports, values, problems = {} } = props;
  const isWrong = ports.some((port) => problems[port.name]);
  const [isOpen, setOpen] = useState(isWrong);
  const set = ports.filter((port) => Object.hasOwn(values, port.name)).length;
  const Icon = isOpen ? ChevronDown : ChevronRight;
  return (
    <>
      <button
        type="button"
        className="ab-section-toggle"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon size={14} aria-hidden /> Advanced
        {set > 0 && <span className="ab-tally">{set} set</span>}
        {isWrong && !isOpen && <span className="ab-tally ab-tally--wrong">!</span>}
      </button>
      {isOpen && <Fields {...props} />}
    </>
  );
}

function Fields({ ports, values, onChange, onClear, problems, disabled }: FormProps) {
  return ports.map((port) => (
    <Field
      key={port.name}
      port={port}
      value={values[port.name]}
      isSet={Object.hasOwn(values, port.name)}
      problem={problems?.[port.name] ?? ""}
      disabled={disabled ?? false}
      onChange={(value) => onChange(port.name, value)}
      onClear={() => onClear(port.name)}
    />
  ));
}
