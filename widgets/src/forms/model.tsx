/** A model, as `provider:model`: those that can be asked now come first; any may be typed. */

import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { ControlProps, ShapeOf } from "./control";
import { type ModelOffer, useDesk, useOffer } from "./desk";
import { useDraft } from "./draft";
import { TextControl } from "./text";
import { asText, readText } from "./values";

type Props = ControlProps<ShapeOf<"model">>;

export function ModelControl(props: Props) {
  const desk = useDesk();
  const { suggestions } = props.shape;
  if (!desk) {
    return <TextControl {...props} shape={{ kind: "text", suggestions }} />;
  }
  return <ModelPicker {...props} />;
}

function ModelPicker(props: Props) {
  const { value, isSet, commit, clear } = props;
  const draft = useDraft({ value, isSet, show: asText, read: readText, commit, clear });
  const [isOpen, setOpen] = useState(false);
  const [wasOpen, setWasOpen] = useState(false);
  // Servers of models take their time: they are asked once somebody wants to choose.
  const [offered] = useOffer((it) => it.models(), wasOpen);
  const [at, setAt] = useState(-1);
  const listId = useId();
  const typed = isOpen && at === -2 ? draft.text.toLowerCase() : "";
  const known = offered ?? props.shape.suggestions.map(named);
  const list = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (isOpen && known.length > 0)
      list.current?.scrollIntoView?.({ block: "nearest" });
  }, [isOpen, known.length]);
  const fitting = known.filter((one) => one.name.toLowerCase().includes(typed));
  const usual = known.find((one) => one.is_default)?.name;
  const choose = (one: ModelOffer) => {
    draft.revert();
    props.commit(one.name);
    setOpen(false);
  };
  const onKey = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const pointed = fitting[at];
    if (by && fitting.length > 0) {
      setOpen(true);
      setAt((Math.max(at, by > 0 ? -1 : 0) + by + fitting.length) % fitting.length);
    } else if (event.key === "Enter" && isOpen && pointed) choose(pointed);
    else if (event.key === "Escape" && isOpen) setOpen(false);
    else {
      if (event.key === "Enter") draft.flush();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <span className="ab-field-model">
      <input
        id={props.id}
        className="ab-field-input"
        type="text"
        role="combobox"
        aria-label={props.label}
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-activedescendant={isOpen && at >= 0 ? `${listId}-${at}` : undefined}
        aria-autocomplete="list"
        aria-required={props.isRequired || undefined}
        aria-invalid={props.isWrong || undefined}
        aria-describedby={props.describedBy}
        value={draft.text}
        placeholder={
          props.placeholder || (usual ? `${usual} (the default)` : "provider:model")
        }
        disabled={props.isDisabled}
        autoComplete="off"
        spellCheck={false}
        onFocus={() => {
          setOpen(true);
          setWasOpen(true);
        }}
        onClick={() => setOpen(true)}
        onChange={(event) => {
          setOpen(true);
          setAt(-2);
          draft.type(event.target.value);
        }}
        onBlur={() => {
          setOpen(false);
          draft.leave();
        }}
        onKeyDown={onKey}
      />
      <span
        ref={list}
        className="ab-field-model-list nowheel"
        role="listbox"
        id={listId}
        aria-label={`${props.label}, models`}
        hidden={!isOpen || fitting.length === 0}
      >
        {fitting.slice(0, MOST).map((one, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the input
          <span
            key={one.name}
            id={`${listId}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className="ab-field-model-item"
            data-ready={one.is_ready}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(one)}
          >
            <span className="ab-clip">{one.name}</span>
            <span className="ab-field-model-note">
              {one.is_default ? "default" : one.is_ready ? "" : one.note || "not ready"}
            </span>
          </span>
        ))}
      </span>
    </span>
  );
}

const MOST = 80;

function named(name: string): ModelOffer {
  return { name, is_ready: true, is_default: false, note: "" };
}
