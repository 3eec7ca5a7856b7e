/** Lists and dictionaries: one row for each item, to be added, taken away and moved. */

import { Plus } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { JsonControl } from "./area";
import type { ControlProps } from "./control";
import { Folded } from "./folded";
import { RowLine } from "./row-line";
import { type Row, type RowsShape, useRows } from "./row-state";
import { Why } from "./text";
import { isRecord } from "./values";

export function RowsControl(props: ControlProps<RowsShape>) {
  const { shape, value, isSet } = props;
  const isMap = shape.kind === "dictionary";
  const isNull = value === null;
  const fits = !isSet || isNull || (isMap ? isRecord(value) : Array.isArray(value));
  if (!fits) {
    const hint = `a ${shape.kind}, as JSON`;
    return <JsonControl {...props} shape={{ kind: "json", holds: shape.kind, hint }} />;
  }
  if (!props.isCompact || props.isOpen) return <Rows {...props} />;
  return (
    <Folded props={props} nothing={props.isRequired ? "add items" : "no items"}>
      <Rows {...props} id={`${props.id}-rows`} />
    </Folded>
  );
}

function Rows(props: ControlProps<RowsShape>) {
  const { shape, isDisabled } = props;
  const { rows, twice, change } = useRows(props);
  const list = useRef<HTMLFieldSetElement>(null);
  const [wanted, setWanted] = useState<{ row: number; on: string } | null>(null);
  useEffect(() => {
    if (wanted === null) return;
    const row = list.current?.querySelector(`[data-row="${wanted.row}"]`);
    row?.querySelector<HTMLElement>(wanted.on)?.focus();
    setWanted(null);
  }, [wanted]);

  const isFull = shape.kind === "list" && rows.length >= shape.most;
  const fixed = shape.kind === "list" ? shape.first.length : 0;
  const add = (after: number) => {
    if (isFull) return;
    const at = Math.max(after + 1, Math.min(fixed, rows.length));
    const row: Row = { id: nextId(rows), key: "", value: undefined };
    change((now) => now.toSpliced(at, 0, row));
    setWanted({ row: row.id, on: FIELDS });
  };
  const remove = (at: number) => {
    change((now) => now.toSpliced(at, 1));
    const next = rows[at - 1]?.id ?? rows[at + 1]?.id;
    setWanted(next === undefined ? null : { row: next, on: FIELDS });
  };
  const move = (at: number, by: number) => {
    const row = rows[at];
    const to = at + by;
    if (!row || to < fixed || to >= rows.length || at < fixed) return;
    change((now) => now.toSpliced(at, 1).toSpliced(to, 0, row));
    setWanted({ row: row.id, on: by < 0 ? "[data-move=up]" : "[data-move=down]" });
  };
  const onKey = (event: KeyboardEvent<HTMLElement>, at: number) => {
    const field = event.target as HTMLInputElement;
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.altKey && by && shape.kind === "list") move(at, by);
    else if (field.tagName !== "INPUT" || field.closest("[data-nested]")) return;
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) add(at);
    else if (event.key === "Backspace" && field.value === "" && !event.repeat)
      remove(at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const filled = rows.filter((row) => row.value !== undefined);
  return (
    <fieldset
      className="ab-field-items"
      ref={list}
      aria-label={props.label}
      aria-describedby={props.describedBy}
    >
      {rows.map((row, at) => (
        <RowLine
          key={row.id}
          row={row}
          props={props}
          name={`${props.label} ${at + 1}`}
          at={at}
          step={shape.kind === "list" ? filled.indexOf(row) : row.key}
          canMove={{ up: at > fixed, down: at >= fixed && at < rows.length - 1 }}
          onKey={(event) => onKey(event, at)}
          change={(part) =>
            change((now) =>
              now.map((it) => (it.id === row.id ? { ...it, ...part } : it)),
            )
          }
          remove={() => remove(at)}
          move={(by) => move(at, by)}
        />
      ))}
      <button
        id={props.id}
        type="button"
        className="ab-field-item-add"
        disabled={isDisabled || isFull}
        aria-label={`Add to ${props.label}`}
        onClick={() => add(rows.length - 1)}
      >
        <Plus size={12} aria-hidden /> {shape.kind === "list" ? "Add" : "Add an entry"}
      </button>
      <Why text={twice && `“${twice}” is there twice.`} />
    </fieldset>
  );
}

const FIELDS = "input, textarea, select, button";

function nextId(rows: readonly Row[]): number {
  return Math.max(-1, ...rows.map((row) => row.id)) + 1;
}
