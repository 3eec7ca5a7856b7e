/** Fields that are chosen rather than typed: switches, lists of choices, dates and times. */

import type { ControlProps, ShapeOf } from "./field-control";
import { useDraft } from "./field-draft";
import { onLineKey, TextControl, Why } from "./field-text";
import { asText, isSame, readText } from "./field-values";

export function SwitchControl(props: ControlProps<ShapeOf<"boolean">>) {
  const { isSet, value, fallback } = props;
  const shown = isSet ? value : fallback;
  const isOn = shown === true;
  const isOpen = !isSet && typeof fallback !== "boolean";
  const says = isOpen ? "not set" : isOn ? "yes" : "no";
  return (
    <span className="ab-switch-line">
      <button
        id={props.id}
        type="button"
        role="switch"
        className={`ab-switch ${isOpen ? "ab-switch--open" : ""}`}
        aria-checked={isOn}
        aria-label={props.label}
        aria-invalid={props.isWrong || undefined}
        aria-describedby={props.describedBy}
        disabled={props.isDisabled}
        onClick={() => props.commit(!isOn)}
      >
        <span className="ab-switch-knob" />
      </button>
      <span className={isSet ? "ab-switch-word" : "ab-switch-word ab-faint"}>
        {says}
      </span>
    </span>
  );
}

const UNSET = "unset";

export function ChoiceControl(props: ControlProps<ShapeOf<"choice">>) {
  const { isSet, value, placeholder, isRequired } = props;
  const { choices } = props.shape;
  const index = choices.findIndex((choice) => isSame(choice.value, value));
  const isStray = isSet && index < 0;
  const chosen = isSet ? (isStray ? "stray" : String(index)) : UNSET;
  const choose = (key: string) => {
    const choice = choices[Number(key)];
    if (key === UNSET) props.clear();
    else if (choice) props.commit(choice.value);
  };
  return (
    <select
      id={props.id}
      className={`ab-field-input ab-field-select ${isSet ? "" : "ab-faint"}`}
      value={chosen}
      disabled={props.isDisabled}
      aria-label={props.label}
      aria-required={isRequired || undefined}
      aria-invalid={props.isWrong || isStray || undefined}
      aria-describedby={props.describedBy}
      onChange={(event) => choose(event.target.value)}
    >
      <option value={UNSET} disabled={isRequired}>
        {placeholder || (isRequired ? "Choose…" : "—")}
      </option>
      {isStray && <option value="stray">{asText(value)}</option>}
      {choices.map((choice, at) => (
        <option key={choice.label} value={String(at)}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}

const LOCAL = {
  date: /^\d{4}-\d\d-\d\d$/,
  time: /^\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/,
  "datetime-local": /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/,
};

/** A date or time; as text where the browser's field cannot hold it, as with time zones. */
export function MomentControl(props: ControlProps<ShapeOf<"moment">>) {
  const { value, isSet, shape } = props;
  if (isSet && !LOCAL[shape.input].test(asText(value))) {
    return <TextControl {...props} shape={{ kind: "text" }} />;
  }
  return <LocalMoment {...props} />;
}

function LocalMoment(props: ControlProps<ShapeOf<"moment">>) {
  const { value, isSet, commit, clear } = props;
  const draft = useDraft({ value, isSet, show: asText, read: readText, commit, clear });
  return (
    <>
      <input
        id={props.id}
        className={`ab-field-input ${draft.text === "" ? "ab-faint" : ""}`}
        type={props.shape.input}
        value={draft.text}
        disabled={props.isDisabled}
        title={props.placeholder}
        aria-label={props.label}
        aria-required={props.isRequired || undefined}
        aria-invalid={props.isWrong || undefined}
        aria-describedby={props.describedBy}
        onChange={(event) => {
          if (!event.target.validity?.badInput) draft.type(event.target.value);
        }}
        onBlur={draft.leave}
        onKeyDown={(event) => onLineKey(event, draft)}
      />
      <Why text={draft.why} />
    </>
  );
}
