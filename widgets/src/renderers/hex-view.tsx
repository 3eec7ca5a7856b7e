/** Bytes as they are: sixteen to a row with their place and their letters, page by page. */

import { ChevronLeft, ChevronRight } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { reasonOf } from "../bridge/asking";
import type { BytesPart } from "../protocol/messages";
import type { Value } from "./value-ask";

const ROW = 16;

export function HexView({ first, value }: { first: BytesPart; value: Value }) {
  const [part, setPart] = useState(first);
  const [fault, setFault] = useState("");
  const bytes = bytesOf(part.data);
  const size = bytesOf(first.data).length;
  const until = part.start + bytes.length;
  const turn = async (start: number) => {
    try {
      setPart(await value.bytes(start));
      setFault("");
    } catch (error) {
      setFault(reasonOf(error));
    }
  };
  const rows = Array.from({ length: Math.ceil(bytes.length / ROW) }, (_, at) => ({
    place: part.start + at * ROW,
    row: bytes.slice(at * ROW, (at + 1) * ROW),
  }));
  const wide = Math.max(8, part.total.toString(16).length);
  const go = (event: KeyboardEvent<HTMLInputElement>) => {
    event.stopPropagation();
    const start = placeOf(event.currentTarget.value);
    if (event.key !== "Enter") return;
    if (start === undefined) setFault("A place is a number, as 1024 or 0x400.");
    else void turn(start);
  };
  return (
    <div className="ab-hex">
      <pre className="ab-hex-rows">
        {rows.map(({ place, row }) => (
          <span className="ab-hex-row" key={place}>
            <span className="ab-faint">{place.toString(16).padStart(wide, "0")}</span>
            {`  ${hexOf(row)}  `}
            <span className="ab-hex-letters">{lettersOf(row)}</span>
            {"\n"}
          </span>
        ))}
      </pre>
      {fault !== "" && <p className="ab-table-fault">{fault}</p>}
      {part.total > size && (
        <div className="ab-table-foot">
          <span>
            {(part.start + 1).toLocaleString("en")} to {until.toLocaleString("en")} of{" "}
            {part.total.toLocaleString("en")} bytes
          </span>
          <input
            className="ab-table-filter"
            placeholder="go to, as 0x400"
            aria-label="Go to a place"
            onKeyDown={go}
          />
          <button
            type="button"
            className="ab-mini"
            aria-label="Bytes before"
            disabled={part.start === 0}
            onClick={() => turn(Math.max(0, part.start - size))}
          >
            <ChevronLeft size={13} aria-hidden />
          </button>
          <button
            type="button"
            className="ab-mini"
            aria-label="Next bytes"
            disabled={until >= part.total}
            onClick={() => turn(until)}
          >
            <ChevronRight size={13} aria-hidden />
          </button>
        </div>
      )}
      {part.total <= size && (
        <p className="ab-faint">{part.total.toLocaleString("en")} bytes</p>
      )}
    </div>
  );
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function placeOf(text: string): number | undefined {
  const place = /^(0x[\da-f]+|\d[\d,_ ]*)$/i.test(text.trim())
    ? Number(text.replace(/[,_ ]/g, ""))
    : Number.NaN;
  return Number.isSafeInteger(place) ? place : undefined;
}

/** Eight and eight, and as wide where there are fewer. */
function hexOf(row: Uint8Array): string {
  const cells = Array.from(row, (byte) => byte.toString(16).padStart(2, "0"));
  const half = (from: number) => cells.slice(from, from + 8).join(" ");
  return `${half(0)}  ${half(8)}`.padEnd(ROW * 3);
}

const lettersOf = (row: Uint8Array): string =>
  Array.from(row, (byte) =>
    byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·",
  ).join("");
