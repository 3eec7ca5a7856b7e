/** One row of a list or dictionary: on a line where it fits, else as a card of fields. */

import { ArrowDown, ArrowUp, X } from "lucide-react";
import { type KeyboardEvent, useContext, useId } from "react";
import {
  AnyControl,
  asSentence,
  type ControlProps,
  showsFaults,
  under,
} from "./control";
import { entryAt } from "./parts";
import type { Row, RowsShape } from "./row-state";
import { type Placed, place, plainOf } from "./schema";
import { isSimple, shapeAt } from "./shape";

interface RowLineProps {
  row: Row;
  props: ControlProps<RowsShape>;
  name: string;
  at: number;
  /** Where its value stands in the whole; below 0 while it has none. */
  step: number | string;
  canMove: { up: boolean; down: boolean };
  onKey(event: KeyboardEvent<HTMLElement>): void;
  change(part: Partial<Row>): void;
  remove(): void;
  move(by: number): void;
}

export function RowLine(line: RowLineProps) {
  const { row, props, name, at, step, canMove, onKey, change, remove, move } = line;
  const Control = useContext(AnyControl);
  const id = useId();
  const isMap = props.shape.kind === "dictionary";
  const placed = placedAt(props.shape, at, row.key);
  const shape = placed ? shapeAt(placed) : ({ kind: "anything" } as const);
  const faults = step === -1 ? [] : under(props.faults, step);
  const own = showsFaults(shape) ? faults.filter(({ path }) => !path.length) : faults;
  const isFlat = isSimple(shape);
  const title = placed && plainOf(placed).title;
  const whyId = `${id}-why`;
  const said = isMap && row.key && !placed ? "No such name is taken." : asSentence(own);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it listens for its fields
    <div
      className={`ab-field-item ${isFlat ? "" : "ab-field-item--card"}`}
      data-row={row.id}
      onKeyDown={onKey}
    >
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
      {!isMap && typeof title === "string" && props.shape.kind === "list" && (
        <span className="ab-field-item-title">
          {at < props.shape.first.length ? title : `${title} ${at + 1}`}
        </span>
      )}
      <span className="ab-field-item-value" data-nested={isFlat ? undefined : ""}>
        <Control
          id={id}
          shape={shape}
          value={row.value}
          isSet={row.value !== undefined}
          fallback={undefined}
          placeholder=""
          label={name}
          isRequired={false}
          isDisabled={props.isDisabled}
          isCompact={isFlat || props.isCompact}
          isOneLine={isFlat}
          isWrong={said !== ""}
          describedBy={said ? whyId : undefined}
          faults={faults}
          commit={(value) => change({ value })}
          clear={() => change({ value: undefined })}
        />
        {said !== "" && (
          <span className="ab-field-problem" id={whyId}>
            {said}
          </span>
        )}
      </span>
      <span className="ab-field-item-buttons">
        {props.shape.kind === "list" && (canMove.up || canMove.down) && (
          <>
            <Mover way="up" {...{ name, props, move }} isOff={!canMove.up} />
            <Mover way="down" {...{ name, props, move }} isOff={!canMove.down} />
          </>
        )}
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
      </span>
    </div>
  );
}

interface MoverProps {
  way: "up" | "down";
  name: string;
  props: ControlProps<RowsShape>;
  isOff: boolean;
  move(by: number): void;
}

function Mover({ way, name, props, isOff, move }: MoverProps) {
  const Icon = way === "up" ? ArrowUp : ArrowDown;
  return (
    <button
      type="button"
      className="ab-mini ab-field-item-move"
      data-move={way}
      title={`Move ${way} (Alt+${way === "up" ? "↑" : "↓"})`}
      aria-label={`Move ${name} ${way}`}
      disabled={props.isDisabled || isOff}
      onClick={() => move(way === "up" ? -1 : 1)}
    >
      <Icon size={12} aria-hidden />
    </button>
  );
}

function placedAt(shape: RowsShape, at: number, key: string): Placed | undefined {
  if (shape.kind === "dictionary") return entryAt(shape.placed, key);
  return shape.first[at] ?? shape.item ?? place({});
}
