/** The rows of a list or dictionary as they are edited; those without a value are not sent. */

import { useEffect, useRef, useState } from "react";
import { isSame } from "../graph/same";
import type { ControlProps, ShapeOf } from "./control";
import { Echo } from "./echo";
import { isRecord } from "./values";

/** `value` is undefined while nothing has been typed into a new row. */
export interface Row {
  id: number;
  key: string;
  value: unknown;
}

export type RowsShape = ShapeOf<"list" | "dictionary">;

export function useRows(props: ControlProps<RowsShape>) {
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
    if (hasSameOrder(before, after) || twiceIn(latest.current, isMap) !== "") return;
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

/** Whether nothing changed, the order of the keys included. */
function hasSameOrder(before: unknown, after: unknown): boolean {
  const keys = (it: unknown) => Object.keys(it as object).join("\n");
  return isSame(before, after) && keys(before) === keys(after);
}

function twiceIn(rows: readonly Row[], isMap: boolean): string {
  if (!isMap) return "";
  const keys = rows.map((row) => row.key).filter((key) => key !== "");
  return keys.find((key, at) => keys.indexOf(key) !== at) ?? "";
}
