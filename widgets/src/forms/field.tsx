/** Field: one input of a block, as its JSON schema asks for it. */

import { useMemo } from "react";
import type { WirePort } from "../protocol/messages";
import { Control } from "./any-control";
import { AnyControl, type Fault } from "./control";
import { PartField } from "./part-field";
import { partOfPort } from "./parts";
import "./forms.css";
import "./nested.css";

export interface FieldProps {
  port: WirePort;
  value: unknown;
  isSet: boolean;
  disabled?: boolean;
  /** As on a node: one line, no help below. */
  compact?: boolean;
  onChange(value: unknown): void;
  onClear(): void;
  problem?: string;
  /** What the kernel found wrong, and where in the value. */
  faults?: readonly Fault[];
}

export function Field({ port, ...props }: FieldProps) {
  const part = useMemo(() => partOfPort(port), [port]);
  return (
    <AnyControl value={Control}>
      <PartField
        part={part}
        value={props.value}
        isSet={props.isSet}
        isDisabled={props.disabled ?? false}
        isCompact={props.compact ?? false}
        faults={props.faults ?? NONE}
        problem={props.problem ?? ""}
        commit={props.onChange}
        clear={props.onClear}
      />
    </AnyControl>
  );
}

const NONE: readonly Fault[] = [];
