/** A list of records as a grid: a row for each, a cell for each part. Takes what is pasted. */

import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import {
  type ClipboardEvent,
  type KeyboardEvent,
  memo,
  useContext,
  useId,
  useMemo,
  useRef,
  useState,
} from "react";
import { JsonControl } from "./area";
import {
  AnyControl,
  asSentence,
  type ControlProps,
  type Fault,
  type ShapeOf,
  under,
} from "./control";
import { Folded } from "./folded";
import { type Part, partsOf } from "./parts";
import { shapeAt } from "./shape";
import { cellsOf, pasted } from "./sheet";
import { isRecord } from "./values";

type Props = ControlProps<ShapeOf<"table">>;
type Record_ = Readonly<Record<string, unknown>>;

/** Fields with a use of their own for the arrows. */
const MOMENTS: readonly string[] = ["date", "time", "datetime-local"];

const WAYS = [
  ["up", -1, ArrowUp],
  ["down", 1, ArrowDown],
] as const;

/** So many rows are drawn at a time. */
const PAGE = 50;

export function TableControl(props: Props) {
  const { value, isSet, isCompact } = props;
  const isTable = Array.isArray(value) && value.every((row) => isRecord(row));
  if (isSet && value !== null && !isTable) {
    const hint = "a list, as JSON";
    return <JsonControl {...props} shape={{ kind: "json", holds: "any", hint }} />;
  }
  if (!isCompact || props.isOpen) return <Grid {...props} />;
  return (
    <Folded props={props} nothing="no rows">
      <Grid {...props} />
    </Folded>
  );
}

function Grid(props: Props) {
  const { shape, isSet, value, fallback, isDisabled } = props;
  const columns = useMemo(() => partsOf(shape.row, {}), [shape.row]);
  const shown = isSet ? value : fallback;
  const rows = (Array.isArray(shown) ? shown : []) as readonly Record_[];
  const latest = useRef(rows);
  latest.current = rows;
  const [drawn, setDrawn] = useState(PAGE);
  const grid = useRef<HTMLTableElement>(null);

  const put = (next: readonly Record_[]) => {
    latest.current = next;
    props.commit(next);
  };
  const set = (at: number, name: string, it: unknown) => {
    const { [name]: _old, ...rest } = latest.current[at] ?? {};
    const row = it === undefined ? rest : { ...latest.current[at], [name]: it };
    put(latest.current.with(at, row));
  };
  const add = () => {
    put([...latest.current, {}]);
    setDrawn(Math.max(drawn, rows.length + 1));
    requestAnimationFrame(() => focusCell(grid.current, rows.length, 0));
  };
  const move = (at: number, by: number, on: string) => {
    const row = latest.current[at];
    const to = at + by;
    if (isDisabled || !row || to < 0 || to >= latest.current.length) return;
    put(latest.current.toSpliced(at, 1).toSpliced(to, 0, row));
    requestAnimationFrame(() => focusIn(grid.current, to, on));
  };
  const paste = (event: ClipboardEvent<HTMLElement>, at: number, column: number) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (isDisabled || !/[\t\n\r]/.test(text.trim())) return;
    event.preventDefault();
    event.stopPropagation();
    const next = pasted(latest.current, columns, cellsOf(text), at, column);
    put(next);
    setDrawn(Math.max(drawn, Math.min(next.length, PAGE * 4)));
  };
  const onKey = (event: KeyboardEvent<HTMLElement>, at: number, column: number) => {
    const by = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
    const field = event.target as HTMLInputElement;
    const isOwn = field.tagName === "SELECT" || MOMENTS.includes(field.type);
    const isMove = event.altKey && event.key !== "Enter";
    if (!by || (isOwn && !isMove) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    field.blur(); // what is typed belongs to the row as it stands
    if (isMove) move(at, by, `[data-cell="${column}"]`);
    else if (event.key === "Enter" && at === rows.length - 1 && !isDisabled) add();
    else focusCell(grid.current, at + by, column);
  };
  return (
    <div className="ab-field-table-place" id={props.id}>
      <table
        className="ab-field-table"
        ref={grid}
        aria-label={props.label}
        aria-describedby={props.describedBy}
      >
        <thead>
          <tr>
            <th className="ab-field-table-number" scope="col">
              <span className="ab-unseen">row</span>
            </th>
            {columns.map((column) => (
              <th key={column.name} scope="col" title={column.help || undefined}>
                {column.label}
                {column.isRequired && (
                  <span className="ab-field-required" aria-hidden>
                    *
                  </span>
                )}
              </th>
            ))}
            <th className="ab-field-table-end" scope="col">
              <span className="ab-unseen">move, remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, drawn).map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row has no other name
            <tr key={at} data-row={at}>
              <td className="ab-field-table-number">{at + 1}</td>
              {columns.map((column, index) => (
                <td
                  key={column.name}
                  data-cell={index}
                  onPaste={(event) => paste(event, at, index)}
                  onKeyDownCapture={(event) => onKey(event, at, index)}
                >
                  <Cell
                    column={column}
                    value={row[column.name]}
                    label={`${column.label}, row ${at + 1}`}
                    isDisabled={isDisabled}
                    faults={under(under(props.faults, at), column.name)}
                    set={(it) => set(at, column.name, it)}
                  />
                </td>
              ))}
              <td className="ab-field-table-end">
                {WAYS.map(([way, by, Icon]) => (
                  <button
                    key={way}
                    type="button"
                    className="ab-mini ab-field-row-move"
                    data-move={way}
                    title={`Move ${way} (Alt+${by < 0 ? "↑" : "↓"})`}
                    aria-label={`Move row ${at + 1} ${way}`}
                    disabled={isDisabled || at + by < 0 || at + by >= rows.length}
                    onClick={() => move(at, by, `[data-move="${way}"]`)}
                  >
                    <Icon size={12} aria-hidden />
                  </button>
                ))}
                <button
                  type="button"
                  className="ab-mini"
                  title="Remove"
                  aria-label={`Remove row ${at + 1}`}
                  disabled={isDisabled}
                  onClick={() => put(latest.current.toSpliced(at, 1))}
                >
                  <X size={12} aria-hidden />
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="ab-field-table-foot">
        <button
          type="button"
          className="ab-field-item-add"
          disabled={isDisabled}
          aria-label={`Add a row to ${props.label}`}
          onPaste={(event) => paste(event, rows.length, 0)}
          onClick={add}
        >
          <Plus size={12} aria-hidden /> Add a row
        </button>
        <span className="ab-field-table-hint">
          {rows.length > drawn ? (
            <button
              type="button"
              className="ab-text-button"
              onClick={() => setDrawn(drawn + PAGE)}
            >
              {rows.length - drawn} more rows
            </button>
          ) : (
            "or paste from a spreadsheet"
          )}
        </span>
      </div>
    </div>
  );
}

interface CellProps {
  column: Part;
  value: unknown;
  label: string;
  isDisabled: boolean;
  faults: readonly Fault[];
  set(value: unknown): void;
}

/** Drawn again only when what it shows is other than before: tables are large. */
const Cell = memo(
  function Cell({ column, value, label, isDisabled, faults, set }: CellProps) {
    const Control = useContext(AnyControl);
    const id = useId();
    const shape = useMemo(() => shapeAt(column.placed), [column.placed]);
    const said = asSentence(faults);
    return (
      <span className="ab-field-cell ab-field--compact" title={said || undefined}>
        <Control
          id={id}
          shape={shape}
          value={value}
          isSet={value !== undefined}
          fallback={column.hasDefault ? column.default : undefined}
          placeholder={column.hasDefault ? String(column.default) : ""}
          label={label}
          isRequired={false}
          isDisabled={isDisabled || column.isFixed}
          isCompact
          isOneLine
          isWrong={said !== ""}
          describedBy={said ? `${id}-why` : undefined}
          faults={faults}
          commit={set}
          clear={() => set(undefined)}
        />
        {said !== "" && (
          <span className="ab-field-problem" id={`${id}-why`}>
            {said}
          </span>
        )}
      </span>
    );
  },
  (before, after) =>
    Object.is(before.value, after.value) &&
    before.column === after.column &&
    before.label === after.label &&
    before.isDisabled === after.isDisabled &&
    asSentence(before.faults) === asSentence(after.faults),
);

function focusCell(grid: HTMLElement | null, row: number, column: number): void {
  focusIn(grid, row, `[data-cell="${column}"]`);
}

function focusIn(grid: HTMLElement | null, row: number, on: string): void {
  const found = grid?.querySelector<HTMLElement>(`[data-row="${row}"] ${on}`);
  const field = found?.querySelector<HTMLElement>("input, select, button");
  (field ?? found)?.focus();
}
