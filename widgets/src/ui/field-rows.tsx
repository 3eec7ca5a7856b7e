/** Lists and dictionaries of simple things: one row for each item. */

import { ChevronDown, ChevronRight, Plus, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { JsonControl } from "./field-area";
import type { ControlProps, ShapeOf } from "./field-control";
import { Echo } from "./field-echo";
import { SimpleControl } from "./field-simple";
import { Why } from "./field-text";
import { asText, isRecord, isSame } from "./field-values";

/** `value` is undefined while nothing has been typed into a new row. */
interface Row {
  id: number;
  key: string;
  value: unknown;
}

type RowsShape = ShapeOf<"list" | "dictionary">;

export function RowsControl(props: ControlProps<RowsShape>) {
  const { shape, value, isSet } = props;
  const isMap = shape.kind === "dictionary";
  const fits = !isSet || (isMap ? isRecord(value) : Array.isArray(value));
  if (!fits) {
    const hint = `a ${shape.kind}, as JSON`;
    return <JsonControl {...props} shape={{ kind: "json", holds: shape.kind, hint }} />;
  }
  return props.isCompact ? <FoldedRows {...props} /> : <Rows {...props} />;
}

/** On a node there is one line for it; the rows open below. */
function FoldedRows(props: ControlProps<RowsShape>) {
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
        aria-invalid={props.isWrong || undefined}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon size={12} aria-hidden />
        <span className="ab-clip">{summary(shown, props.isRequired)}</span>
      </button>
      {isOpen && <Rows {...props} id={`${props.id}-rows`} />}
    </>
  );
}

function summary(value: unknown, isRequired: boolean): string {
  const items = Array.isArray(value)
    ? value.map((it) => asText(it))
    : Object.entries(isRecord(value) ? value : {}).map(
        ([key, it]) => `${key}: ${asText(it)}`,
      );
  if (items.length === 0) return isRequired ? "add items" : "no items";
  return `${items.length} · ${items.join(", ")}`;
}

function Rows(props: ControlProps<RowsShape>) {
  const { shape, isDisabled } = props;
  const { rows, twice, change } = useRows(props);
  const list = useRef<HTMLFieldSetElement>(null);
  const [wanted, setWanted] = useState<number | null>(null);
  useEffect(() => {
    if (wanted === null) return;
    const row = list.current?.querySelector(`[data-row="${wanted}"]`);
    row?.querySelector<HTMLElement>("input, select, button")?.focus();
    setWanted(null);
  }, [wanted]);

  const add = (after: number) => {
    const row: Row = { id: nextId(rows), key: "", value: undefined };
    change((now) => now.toSpliced(after + 1, 0, row));
    setWanted(row.id);
  };
  const remove = (at: number) => {
    change((now) => now.toSpliced(at, 1));
    setWanted(rows[at - 1]?.id ?? rows[at + 1]?.id ?? null);
  };
  const onKey = (event: KeyboardEvent<HTMLElement>, at: number) => {
    const field = event.target as HTMLInputElement;
    if (field.tagName !== "INPUT") return;
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      event.stopPropagation();
      add(at);
    } else if (event.key === "Backspace" && field.value === "" && !event.repeat) {
      event.preventDefault();
      remove(at);
    }
  };
  return (
    <fieldset className="ab-field-items" ref={list} aria-label={props.label}>
      {rows.map((row, at) => (
        <RowLine
          key={row.id}
          row={row}
          props={props}
          name={`${props.label} ${at + 1}`}
          onKey={(event) => onKey(event, at)}
          change={(part) =>
            change((now) =>
              now.map((it) => (it.id === row.id ? { ...it, ...part } : it)),
            )
          }
          remove={() => remove(at)}
        />
      ))}
      <button
        id={props.id}
        type="button"
        className="ab-field-item-add"
        disabled={isDisabled}
        aria-label={`Add to ${props.label}`}
        onClick={() => add(rows.length - 1)}
      >
        <Plus size={12} aria-hidden /> {shape.kind === "list" ? "Add" : "Add an entry"}
      </button>
      <Why text={twice && `“${twice}” is there twice.`} />
    </fieldset>
  );
}

interface RowLineProps {
  row: Row;
  props: ControlProps<RowsShape>;
  name: string;
  onKey(event: KeyboardEvent<HTMLElement>): void;
  change(part: Partial<Row>): void;
  remove(): void;
}

function RowLine({ row, props, name, onKey, change, remove }: RowLineProps) {
  const id = useId();
  const isMap = props.shape.kind === "dictionary";
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it listens for its fields
    <div className="ab-field-item" data-row={row.id} onKeyDown={onKey}>
      {isMap && (
        <input
          className="ab-field-input ab-field-item-key"
          value={row.key}
          placeholder="name"
          disabled={props.isDisabled}
          aria-label={`${name}, name`}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => change({ key: event.target.value })}
        />
      )}
      <span className="ab-field-item-value">
        <SimpleControl
          id={id}
          shape={props.shape.item}
          value={row.value}
          isSet={row.value !== undefined}
          fallback={undefined}
          placeholder=""
          label={name}
          isRequired={false}
          isDisabled={props.isDisabled}
          isCompact
          isOneLine
          isWrong={false}
          describedBy={undefined}
          commit={(value) => change({ value })}
          clear={() => change({ value: undefined })}
        />
      </span>
      <button
        type="button"
        className="ab-mini ab-field-item-remove"
        title="Remove"
        aria-label={`Remove ${name}`}
        disabled={props.isDisabled}
        onClick={remove}
      >
        <X size={12} aria-hidden />
      </button>
    </div>
  );
}

/** The rows as they are edited; those without a value are not sent. */
function useRows(props: ControlProps<RowsShape>) {
  const isMap = props.shape.kind === "dictionary";
  const shown = props.isSet ? props.value : props.fallback;
  const [rows, setRows] = useState(() => rowsOf(shown, []));
  const known = useRef(shown);
  const latest = useRef(rows);
  const echo = useRef(new Echo());
  const adopt = (next: Row[]) => {
    latest.current = next;
    setRows(next);
  };
  useEffect(() => {
    if (isSame(known.current, shown)) return;
    known.current = shown;
    if (echo.current.answers(shown)) return;
    echo.current.forget();
    adopt(rowsOf(shown, latest.current));
  });
  const change = (edit: (now: Row[]) => Row[]) => {
    const before = collected(latest.current, isMap);
    adopt(edit(latest.current));
    const after = collected(latest.current, isMap);
    if (isSame(before, after) || twiceIn(latest.current, isMap) !== "") return;
    echo.current.send(after);
    props.commit(after);
  };
  return { rows, twice: twiceIn(rows, isMap), change };
}

/** Rows keep their ids by place, so that a field being typed in stays the same field. */
function rowsOf(value: unknown, before: readonly Row[]): Row[] {
  const entries = Array.isArray(value)
    ? value.map((it): [string, unknown] => ["", it])
    : Object.entries(isRecord(value) ? value : {});
  return entries.map(([key, it], at) => ({ id: before[at]?.id ?? at, key, value: it }));
}

function collected(rows: readonly Row[], isMap: boolean): unknown {
  const filled = rows.filter((row) => row.value !== undefined);
  if (!isMap) return filled.map((row) => row.value);
  const named = filled.filter((row) => row.key !== "");
  return Object.fromEntries(named.map((row) => [row.key, row.value]));
}

function twiceIn(rows: readonly Row[], isMap: boolean): string {
  if (!isMap) return "";
  const keys = rows.map((row) => row.key).filter((key) => key !== "");
  return keys.find((key, at) => keys.indexOf(key) !== at) ?? "";
}

function nextId(rows: readonly Row[]): number {
  return Math.max(-1, ...rows.map((row) => row.id)) + 1;
}
