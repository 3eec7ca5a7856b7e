/** JSON as a tree: a branch is built when it is opened. */

import { ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import { jsonOf, type MimeView, type MimeViewProps } from "./mime-view";

const PAGE = 100;
const LONG = 300;
const DEEPEST_OPEN = 1;

function JsonView({ data }: MimeViewProps) {
  return (
    <div className="ab-tree">
      <Twig name="" value={jsonOf(data)} depth={0} />
    </div>
  );
}

interface TwigProps {
  name: string;
  value: unknown;
  depth: number;
}

function Twig({ name, value, depth }: TwigProps) {
  const isBranch = typeof value === "object" && value !== null;
  if (isBranch) return <Branch name={name} value={value} depth={depth} />;
  return (
    <div className="ab-twig ab-twig--leaf">
      <Name name={name} />
      <Leaf value={value} />
    </div>
  );
}

function Branch({ name, value, depth }: TwigProps & { value: object }) {
  const [isOpen, setOpen] = useState(depth < DEEPEST_OPEN);
  const [shown, setShown] = useState(PAGE);
  const entries = isOpen ? Object.entries(value) : [];
  const Icon = isOpen ? ChevronDown : ChevronRight;
  const rest = entries.length - shown;
  return (
    <div className="ab-twig">
      <button
        type="button"
        className="ab-twig-head"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon size={11} aria-hidden />
        <Name name={name} />
        <span className="ab-faint">{condensed(value, isOpen ? 0 : 60)}</span>
      </button>
      {isOpen && (
        <div className="ab-twigs">
          {entries.slice(0, shown).map(([key, it]) => (
            <Twig key={key} name={key} value={it} depth={depth + 1} />
          ))}
          {rest > 0 && (
            <button
              type="button"
              className="ab-text-button"
              onClick={() => setShown(shown + PAGE * 5)}
            >
              {rest} more
            </button>
          )}
        </div>
      )}
    </div>
  );
}

export function Name({ name }: { name: string }) {
  if (name === "") return null;
  return <span className="ab-twig-name">{name}</span>;
}

export function Leaf({ value }: { value: unknown }) {
  const [isWhole, setWhole] = useState(false);
  const kind = value === null ? "null" : typeof value;
  const text = typeof value === "string" ? value : String(value);
  const isCut = text.length > LONG && !isWhole;
  return (
    <span className={`ab-leaf ab-leaf--${kind}`}>
      {kind === "string"
        ? `“${isCut ? text.slice(0, LONG) : text}${isCut ? "" : "”"}`
        : text}
      {isCut && (
        <button type="button" className="ab-text-button" onClick={() => setWhole(true)}>
          … {text.length - LONG} more characters
        </button>
      )}
    </span>
  );
}

/** A value in at most so many characters; a list or dictionary as its size when 0. */
export function condensed(value: unknown, room: number): string {
  if (Array.isArray(value))
    return bracketed(
      "[",
      value.map((it) => [it]),
      "]",
      room,
    );
  if (typeof value !== "object" || value === null) {
    return cut(typeof value === "string" ? `“${value}”` : String(value), room);
  }
  return bracketed("{", Object.entries(value), "}", room);
}

function bracketed(
  open: string,
  entries: readonly (readonly [unknown] | readonly [string, unknown])[],
  close: string,
  room: number,
): string {
  const length = lengthOf(entries);
  const size = `${length.toLocaleString("en")} ${length === 1 ? "item" : "items"}`;
  if (room < 8) return open === "[" ? `[${size}]` : `{${size}}`;
  let text = open;
  for (const [at, entry] of entries.entries()) {
    const inner = condensed(entry.at(-1), Math.floor(room / 3));
    const part = `${at > 0 ? ", " : ""}${entry.length > 1 ? `${entry[0]}: ` : ""}${inner}`;
    if (text.length + part.length > room)
      return `${text}${at > 0 ? ", " : ""}…${close}`;
    text += part;
  }
  return text + close;
}

/** How many members there are, those counted that the kernel left out and said so. */
function lengthOf(entries: readonly (readonly unknown[])[]): number {
  const last = entries.at(-1) ?? [];
  const said = last.length > 1 && last[0] === "…" ? `… ${last[1]}` : last.at(-1);
  const more = typeof said === "string" && /^… ([\d,]+) more$/.exec(said)?.[1];
  return more ? entries.length - 1 + Number(more.replaceAll(",", "")) : entries.length;
}

function cut(text: string, room: number): string {
  return text.length > room && room > 0
    ? `${text.slice(0, Math.max(room - 1, 1))}…`
    : text;
}

export const json: MimeView = {
  name: "JSON",
  shows: (mime) =>
    mime === "application/json" || /^application\/(?!vnd).*\+json$/.test(mime),
  View: JsonView,
};
