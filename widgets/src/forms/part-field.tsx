/** One value with its label, its help, its control, and what is wrong with it. */

import { Braces, CircleSlash, RotateCcw } from "lucide-react";
import { useContext, useId, useMemo, useState } from "react";
import { AnyControl, asSentence, type Fault, showsFaults } from "./control";
import type { Part } from "./parts";
import { plainOf } from "./schema";
import { type Shape, shapeAt, takesNull } from "./shape";
import { asText } from "./values";

export interface PartFieldProps {
  part: Part;
  value: unknown;
  isSet: boolean;
  isDisabled: boolean;
  isCompact: boolean;
  faults: readonly Fault[];
  problem?: string;
  commit(value: unknown): void;
  clear(): void;
}

export function PartField(props: PartFieldProps) {
  const { part, isSet, isCompact, faults, problem = "" } = props;
  const Control = useContext(AnyControl);
  const id = useId();
  const [isJson, setJson] = useState(false);
  const drawn = useMemo(() => shapeAt(part.placed), [part.placed]);
  const shape = isJson ? AS_JSON : drawn;
  const { label, help } = part;
  const isDisabled = props.isDisabled || part.isFixed;
  const typeName = part.typeName && `(${part.typeName})`;
  const tip = [label, typeName, help].filter(Boolean).join(" ");
  const own = showsFaults(shape) ? faults.filter(({ path }) => !path.length) : faults;
  const said = faults.length > 0 ? asSentence(own) : problem;
  const isWrong = said !== "" || faults.length > 0;
  const problemId = `${id}-problem`;
  const helpId = `${id}-help`;
  const hasHelp = help !== "" && !isCompact;
  const describedBy = [hasHelp && helpId, said && problemId].filter(Boolean).join(" ");
  const isFieldset = GROUPS.includes(shape.kind) && !isCompact;
  const Label = isFieldset ? "span" : "label";
  return (
    <div
      className={`ab-field ${isCompact ? "ab-field--compact" : ""}`}
      data-port={part.name}
      data-kind={shape.kind}
      data-wrong={isWrong || undefined}
    >
      <div className="ab-field-body">
        <span className="ab-field-head" title={tip}>
          <Label className="ab-field-label" {...(isFieldset ? {} : { htmlFor: id })}>
            {label}
            {part.isRequired && (
              <span className="ab-field-required" title="Required" aria-hidden>
                *
              </span>
            )}
          </Label>
          {part.isDeprecated && <span className="ab-field-tag">deprecated</span>}
          {part.isFixed && <span className="ab-field-tag">read-only</span>}
          {!isCompact && (
            <span className="ab-field-head-buttons">
              {COMPOSED.includes(drawn.kind) && (
                <AsJson label={label} isOn={isJson} toggle={() => setJson(!isJson)} />
              )}
              {!isDisabled && <HeadButtons {...props} />}
            </span>
          )}
        </span>
        <div className="ab-field-control" title={isCompact ? help : undefined}>
          <Control
            id={id}
            shape={shape}
            value={isSet ? props.value : undefined}
            isSet={isSet}
            fallback={part.hasDefault ? part.default : undefined}
            placeholder={placeholderOf(part, shape, isSet && props.value === null)}
            label={help && isCompact ? `${label}: ${help}` : label}
            title={label}
            help={help}
            isRequired={part.isRequired}
            isDisabled={isDisabled}
            isCompact={isCompact}
            isWrong={isWrong}
            describedBy={describedBy || undefined}
            faults={faults}
            commit={props.commit}
            clear={props.clear}
          />
        </div>
      </div>
      {hasHelp && <Help id={helpId} text={help} />}
      {said !== "" && (
        <p className="ab-field-problem" id={problemId}>
          {said}
        </p>
      )}
    </div>
  );
}

const AS_JSON: Shape = { kind: "json", holds: "any", hint: "JSON" };

/** What has many parts can be looked at, copied and mended as one text too. */
const COMPOSED: readonly Shape["kind"][] = [
  "record",
  "table",
  "list",
  "dictionary",
  "union",
];

interface AsJsonProps {
  label: string;
  isOn: boolean;
  toggle(): void;
}

function AsJson({ label, isOn, toggle }: AsJsonProps) {
  return (
    <button
      type="button"
      className="ab-mini ab-field-reset"
      title={isOn ? "As fields" : "As JSON"}
      aria-label={`${label}: as JSON`}
      aria-pressed={isOn}
      onClick={toggle}
    >
      <Braces size={12} aria-hidden />
    </button>
  );
}

/** Shapes that are no single control, which a label could belong to. */
const GROUPS: readonly Shape["kind"][] = ["record", "table", "several", "union"];

/** Tied to the control, so that readers of the screen hear it after its name. */
function Help({ id, text }: { id: string; text: string }) {
  return (
    <p className="ab-field-help" id={id} title={text}>
      {text}
    </p>
  );
}

function HeadButtons({ part, value, isSet, commit, clear }: PartFieldProps) {
  const isNull = isSet && value === null;
  const hasNull = takesNull(part.placed) && (part.isRequired || part.hasDefault);
  const says = part.hasDefault
    ? `Back to ${defaultOf(part) || "the default"}`
    : "Clear";
  return (
    <>
      {hasNull && !isNull && (
        <button
          type="button"
          className="ab-mini ab-field-reset"
          title="Set to nothing (null)"
          aria-label={`${part.label}: set to nothing`}
          onClick={() => commit(null)}
        >
          <CircleSlash size={12} aria-hidden />
        </button>
      )}
      {isSet && (
        <button
          type="button"
          className="ab-mini ab-field-reset"
          title={says}
          aria-label={`${part.label}: ${says}`}
          onClick={clear}
        >
          <RotateCcw size={12} aria-hidden />
        </button>
      )}
    </>
  );
}

function placeholderOf(part: Part, shape: Shape, isNull: boolean): string {
  if (isNull) return "nothing (null)";
  const text = defaultOf(part);
  if (text !== "") return text.length > 80 ? `${text.slice(0, 79)}…` : text;
  const plain = plainOf(part.placed);
  if (typeof plain.placeholder === "string") return plain.placeholder;
  const [example] = Array.isArray(plain.examples) ? plain.examples : [];
  const isLine = ["text", "number", "long", "moment"].includes(shape.kind);
  return isLine && example !== undefined ? `e.g. ${asText(example)}` : "";
}

function defaultOf(part: Part): string {
  return part.hasDefault ? asText(part.default) : "";
}
