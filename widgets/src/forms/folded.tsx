/** A value of many parts on one line, as on a node; its parts open below. */

import { ChevronDown, ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { ControlProps } from "./control";
import { asText, isRecord } from "./values";

interface Props {
  props: ControlProps;
  /** What is said while it holds nothing. */
  nothing: string;
  children: ReactNode;
}

export function Folded({ props, nothing, children }: Props) {
  const [isOpen, setOpen] = useState(false);
  const shown = props.isSet ? props.value : props.fallback;
  const Icon = isOpen ? ChevronDown : ChevronRight;
  return (
    <>
      <button
        id={props.id}
        type="button"
        className={`ab-field-input ab-field-fold ${props.isSet ? "" : "ab-faint"}`}
        aria-expanded={isOpen}
        aria-label={props.label}
        aria-describedby={props.describedBy}
        aria-invalid={props.isWrong || undefined}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon size={12} aria-hidden />
        <span className="ab-clip">{summary(shown) || nothing}</span>
      </button>
      {isOpen && children}
    </>
  );
}

function summary(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (!Array.isArray(value) && !isRecord(value)) return asText(value);
  const items = Array.isArray(value)
    ? value.map((it) => asText(it))
    : Object.entries(value).map(([key, it]) => `${key}: ${asText(it)}`);
  return items.length > 0 ? `${items.length} · ${items.join(", ")}` : "";
}
