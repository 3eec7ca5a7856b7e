/** Field: one input of a block, as its JSON schema asks for it. */

import { RotateCcw, Unlink } from "lucide-react";
import { useId, useMemo, useRef } from "react";
import { portLabel } from "../graph/names";
import type { WirePort } from "../protocol/messages";
import { CodeControl, JsonControl, LongControl } from "./field-area";
import type { ControlProps } from "./field-control";
import { RowsControl } from "./field-rows";
import { type Shape, shapeOf } from "./field-shape";
import { SimpleControl } from "./field-simple";
import { asText, liveClass } from "./field-values";
import "./fields.css";

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
}

export function Field(props: FieldProps) {
  const { port, isSet, disabled = false, compact = false, problem = "" } = props;
  const id = useId();
  const shape = useMemo(() => shapeOf(port.schema), [port.schema]);
  const label = portLabel(port);
  const tip = [label, `(${port.type_name})`, port.help].filter(Boolean).join(" ");
  const problemId = `${id}-problem`;
  return (
    <div
      className={`ab-field ${compact ? "ab-field--compact" : ""}`}
      data-port={port.name}
      data-kind={shape.kind}
    >
      <div className="ab-field-body">
        <span className="ab-field-head" title={tip}>
          <label className="ab-field-label" htmlFor={id}>
            {label}
            {port.required && (
              <span className="ab-field-required" title="Required" aria-hidden>
                *
              </span>
            )}
          </label>
          {isSet && !compact && !disabled && (
            <Reset port={port} clear={props.onClear} />
          )}
        </span>
        <div className="ab-field-control" title={compact ? port.help : undefined}>
          <Control
            id={id}
            shape={shape}
            value={isSet ? props.value : undefined}
            isSet={isSet}
            fallback={port.has_default ? port.default : undefined}
            placeholder={placeholderOf(port)}
            label={port.help ? `${label}: ${port.help}` : label}
            isRequired={port.required}
            isDisabled={disabled}
            isCompact={compact}
            isWrong={problem !== ""}
            describedBy={problem ? problemId : undefined}
            commit={props.onChange}
            clear={props.onClear}
          />
        </div>
      </div>
      {problem !== "" && (
        <p className="ab-field-problem" id={problemId}>
          {problem}
        </p>
      )}
    </div>
  );
}

function Control(props: ControlProps) {
  const { shape, value } = props;
  const live = liveClass(value);
  if (live !== undefined) return <Live what={live} props={props} />;
  switch (shape.kind) {
    case "linked":
      return <OnlyLinked what={shape.what} />;
    case "long":
      return <LongControl {...props} shape={shape} />;
    case "code":
      return <CodeControl {...props} shape={shape} />;
    case "json":
      return <JsonControl {...props} shape={shape} />;
    case "list":
    case "dictionary":
      return <RowsControl {...props} shape={shape} />;
    default:
      return <SimpleOrText {...props} shape={shape} />;
  }
}

/** Text that has had line breaks needs an area: a line would swallow them. */
function SimpleOrText(props: ControlProps<Shape>) {
  const { shape, value } = props;
  const isLong = useRef(false);
  const isText = shape.kind === "text" || shape.kind === "anything";
  if (typeof value === "string" && value.includes("\n")) isLong.current = true;
  if (isText && isLong.current) {
    return <LongControl {...props} shape={{ kind: "long" }} />;
  }
  return <SimpleControl {...props} />;
}

/** Tables, images and charts come over a link or from Python. */
function OnlyLinked({ what }: { what: string }) {
  return <span className="ab-field-only-linked">link {article(what)}</span>;
}

function Live({ what, props }: { what: string; props: ControlProps }) {
  return (
    <span className="ab-field-live">
      <span className="ab-clip">{article(what)} from Python</span>
      {!props.isDisabled && (
        <button
          type="button"
          className="ab-mini"
          title="Take it away"
          aria-label={`Take away ${props.label}`}
          onClick={props.clear}
        >
          <Unlink size={12} aria-hidden />
        </button>
      )}
    </span>
  );
}

function Reset({ port, clear }: { port: WirePort; clear(): void }) {
  const says = port.has_default
    ? `Back to ${defaultOf(port) || "the default"}`
    : "Clear";
  return (
    <button
      type="button"
      className="ab-mini ab-field-reset"
      title={says}
      aria-label={`${portLabel(port)}: ${says}`}
      onClick={clear}
    >
      <RotateCcw size={12} aria-hidden />
    </button>
  );
}

function placeholderOf(port: WirePort): string {
  const text = defaultOf(port);
  if (text === "") return "";
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function defaultOf(port: WirePort): string {
  return port.has_default ? asText(port.default) : "";
}

function article(word: string): string {
  if (word === "bytes") return word;
  return /^[aeiou]/i.test(word) ? `an ${word}` : `a ${word}`;
}
