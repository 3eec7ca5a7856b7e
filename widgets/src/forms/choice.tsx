/** Fields that are chosen rather than typed: switches, lists of choices, dates and times. */

import { useId } from "react";
import { isSame } from "../graph/same";
import type { ControlProps, ShapeOf } from "./control";
import { useDraft } from "./draft";
import { onLineKey, TextControl, Why } from "./text";
import { asText, readText } from "./values";

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

/** So few choices, of so few letters, are all shown at once. */
const FEW = 4;
const SHORT = 36;

export function ChoiceControl(props: ControlProps<ShapeOf<"choice">>) {
  const { choices } = props.shape;
  const letters = choices.reduce((sum, { label }) => sum + label.length + 2, 0);
  const isShort = choices.length > 1 && choices.length <= FEW && letters <= SHORT;
  const isStray =
    props.isSet && !choices.some((choice) => isSame(choice.value, props.value));
  if (isShort && !props.isCompact && !isStray) return <Radios {...props} />;
  return <Dropdown {...props} />;
}

function Radios(props: ControlProps<ShapeOf<"choice">>) {
  const { isSet, value, fallback, shape } = props;
  const name = useId();
  const shown = isSet ? value : fallback;
  return (
    <span
      className="ab-field-radios"
      role="radiogroup"
      aria-label={props.label}
      aria-required={props.isRequired || undefined}
      aria-invalid={props.isWrong || undefined}
      aria-describedby={props.describedBy}
    >
      {shape.choices.map((choice, at) => (
        <label
          key={choice.label}
          className="ab-field-radio"
          data-usual={(!isSet && isSame(choice.value, shown)) || undefined}
        >
          <input
            id={at === 0 ? props.id : undefined}
            type="radio"
            name={name}
            checked={isSame(choice.value, shown)}
            disabled={props.isDisabled}
            onChange={() => props.commit(choice.value)}
          />
          <span>{choice.label}</span>
        </label>
      ))}
    </span>
  );
}

/** Any number of choices, in their order. */
export function SeveralControl(props: ControlProps<ShapeOf<"several">>) {
  const { isSet, value, fallback, shape } = props;
  const shown = isSet ? value : fallback;
  const held = Array.isArray(shown) ? shown : [];
  const others = held.filter(
    (it) => !shape.choices.some((choice) => isSame(choice.value, it)),
  );
  const toggle = (wanted: unknown) => {
    const values = shape.choices.map((choice) => choice.value);
    const has = (it: unknown) => held.some((one) => isSame(one, it));
    const next = values.filter((it) => has(it) !== isSame(it, wanted));
    props.commit([...next, ...others]);
  };
  return (
    <fieldset
      className="ab-field-several"
      id={props.id}
      aria-label={props.label}
      aria-describedby={props.describedBy}
    >
      {shape.choices.map((choice) => (
        <label key={choice.label} className="ab-field-check">
          <input
            type="checkbox"
            checked={held.some((it) => isSame(it, choice.value))}
            disabled={props.isDisabled}
            onChange={() => toggle(choice.value)}
          />
          <span>{choice.label}</span>
        </label>
      ))}
      {others.map((it) => (
        <label key={asText(it)} className="ab-field-check">
          <input
            type="checkbox"
            checked
            disabled={props.isDisabled}
            onChange={() => props.commit(held.filter((one) => !isSame(one, it)))}
          />
          <span>{asText(it)}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Dropdown(props: ControlProps<ShapeOf<"choice">>) {
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
  const { value, isSet, commit, clear, fallback } = props;
  const draft = useDraft({ value, isSet, show: asText, read: readText, commit, clear });
  // The browser's field has no placeholder: the default is shown, paler, in its place.
  const usual = asText(fallback);
  const shown = draft.text || (LOCAL[props.shape.input].test(usual) ? usual : "");
  return (
    <>
      <input
        id={props.id}
        className={`ab-field-input ${draft.text === "" ? "ab-faint" : ""}`}
        type={props.shape.input}
        value={shown}
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
