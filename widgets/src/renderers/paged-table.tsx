/** A table of any size, page by page: sorted, filtered and cut to pages in the kernel. */

import { ChevronDown, ChevronLeft, ChevronRight, ChevronUp } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { reasonOf } from "../bridge/asking";
import type { WirePage } from "../protocol/messages";
import type { Value } from "./value-ask";

const ROWS = 20;
/** Typing is over when nothing was typed for so long, in milliseconds. */
const PAUSE = 250;

interface Asked {
  start: number;
  column: number;
  sort: number | null;
  is_descending: boolean;
  filter: string;
}

const FIRST: Asked = {
  start: 0,
  column: 0,
  sort: null,
  is_descending: false,
  filter: "",
};

interface Shown {
  page: WirePage;
  asked: Asked;
  fault: string;
  isBusy: boolean;
  turn(change: Partial<Asked>): void;
}

/** The page that was asked for last; the one before stays until it comes. */
function usePage(first: WirePage, value: Value): Shown {
  const [page, setPage] = useState(first);
  const [asked, setAsked] = useState(FIRST);
  const [fault, setFault] = useState("");
  const [isBusy, setBusy] = useState(false);
  const turns = useRef(0);
  const turn = async (change: Partial<Asked>) => {
    const next = { ...asked, ...change };
    setAsked(next);
    setBusy(true);
    const mine = ++turns.current;
    try {
      const given = await value.page({ ...next, rows: ROWS });
      if (mine !== turns.current) return;
      setPage(given);
      setFault("");
    } catch (error) {
      if (mine === turns.current) setFault(reasonOf(error));
    }
    if (mine === turns.current) setBusy(false);
  };
  return { page, asked, fault, isBusy, turn };
}

export function PagedTable({ first, value }: { first: WirePage; value: Value }) {
  const shown = usePage(first, value);
  const isLong = first.total > ROWS;
  return (
    <div className="ab-table" aria-busy={shown.isBusy}>
      {isLong && <Filter shown={shown} />}
      {shown.fault !== "" && <p className="ab-table-fault">{shown.fault}</p>}
      <div className="ab-table-scroll">
        <Grid shown={shown} />
      </div>
      <Foot shown={shown} />
    </div>
  );
}

function Filter({ shown: { asked, turn } }: { shown: Shown }) {
  const [text, setText] = useState(asked.filter);
  const latest = useRef(turn);
  latest.current = turn;
  useEffect(() => {
    if (text === asked.filter) return;
    const timer = setTimeout(
      () => latest.current({ filter: text, start: 0, column: 0 }),
      PAUSE,
    );
    return () => clearTimeout(timer);
  }, [text, asked.filter]);
  return (
    <input
      className="ab-table-filter"
      type="search"
      placeholder="Filter: text, or column > 10"
      aria-label="Filter the rows"
      spellCheck={false}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => event.stopPropagation()}
    />
  );
}

function Grid({ shown: { page, asked, turn } }: { shown: Shown }) {
  const sortBy = (column: number) => {
    if (asked.sort !== column) turn({ sort: column, is_descending: false, start: 0 });
    else if (!asked.is_descending) turn({ is_descending: true, start: 0 });
    else turn({ sort: null, is_descending: false, start: 0 });
  };
  return (
    <table>
      <thead>
        <tr>
          {page.names.map((name, at) => {
            const column = at - page.labels + page.column;
            const isSorted = at >= page.labels && asked.sort === column;
            const Way = asked.is_descending ? ChevronDown : ChevronUp;
            const way = asked.is_descending ? "descending" : "ascending";
            return (
              <th
                // biome-ignore lint/suspicious/noArrayIndexKey: names may repeat
                key={at}
                data-number={page.are_numbers[at]}
                aria-sort={isSorted ? way : undefined}
              >
                {at < page.labels ? (
                  name
                ) : (
                  <button
                    type="button"
                    title={`Sort by ${name}`}
                    onClick={() => sortBy(column)}
                  >
                    {name || "·"}
                    {isSorted && <Way size={12} aria-hidden />}
                  </button>
                )}
              </th>
            );
          })}
        </tr>
      </thead>
      <tbody>
        {page.rows.map((row, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no names
          <tr key={page.start + line}>
            {row.map((cell, at) =>
              at < page.labels ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells have their places
                <th key={at} scope="row">
                  {cell}
                </th>
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells have their places
                <td key={at} data-number={page.are_numbers[at]} title={cell}>
                  {cell}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const said = (number: number) => number.toLocaleString("en");

function Foot({ shown: { page, turn } }: { shown: Shown }) {
  const end = page.start + page.rows.length;
  const wide = page.names.length - page.labels;
  const isFiltered = page.matching < page.total;
  const of = isFiltered
    ? `${said(page.matching)} of ${said(page.total)} rows`
    : `${said(page.total)} rows`;
  const hasPages = page.matching > page.rows.length;
  const hasMoreColumns = page.columns > wide;
  return (
    <div className="ab-table-foot">
      <span>
        {hasPages && page.rows.length > 0 && (
          <>
            {said(page.start + 1)}–{said(end)} of{" "}
          </>
        )}
        {of} × {said(page.columns)} columns
      </span>
      {hasMoreColumns && (
        <Turner
          what="columns"
          isFirst={page.column === 0}
          isLast={page.column + wide >= page.columns}
          back={() => turn({ column: Math.max(0, page.column - wide) })}
          on={() => turn({ column: page.column + wide })}
        />
      )}
      {hasPages && (
        <Turner
          what="rows"
          isFirst={page.start === 0}
          isLast={end >= page.matching}
          back={() => turn({ start: Math.max(0, page.start - ROWS) })}
          on={() => turn({ start: end })}
        />
      )}
    </div>
  );
}

interface TurnerProps {
  what: string;
  isFirst: boolean;
  isLast: boolean;
  back(): void;
  on(): void;
}

function Turner({ what, isFirst, isLast, back, on }: TurnerProps) {
  const button = (
    label: string,
    Sign: typeof ChevronLeft,
    off: boolean,
    go: () => void,
  ) => (
    <button
      type="button"
      className="ab-mini"
      title={label}
      aria-label={label}
      disabled={off}
      onClick={go}
    >
      <Sign size={14} aria-hidden />
    </button>
  );
  return (
    <span className="ab-table-turner">
      {button(`Previous ${what}`, ChevronLeft, isFirst, back)}
      {button(`Next ${what}`, ChevronRight, isLast, on)}
    </span>
  );
}
