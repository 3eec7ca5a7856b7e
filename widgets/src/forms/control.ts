/** What every control of a field is given: it shows one value and says what becomes of it. */

import { type ComponentType, createContext } from "react";
import type { Shape } from "./shape";

/** What is wrong with a value, and where in it; an empty path is the value as a whole. */
export interface Fault {
  path: readonly (string | number)[];
  text: string;
}

export interface ControlProps<S extends Shape = Shape> {
  id: string;
  shape: S;
  /** The value that is set, whatever it is; undefined when none is. */
  value: unknown;
  isSet: boolean;
  /** Stands in for a value that is not set: the default. */
  fallback: unknown;
  placeholder: string;
  /** Its name for readers of the screen; on a node, where no help stands below, with that. */
  label: string;
  /** The name alone, and the help alone, where they are apart from the label. */
  title?: string;
  help?: string;
  isRequired: boolean;
  isDisabled: boolean;
  isCompact: boolean;
  /** Whether text of several lines has nowhere to go, as in a row of a list. */
  isOneLine?: boolean;
  /** Whether something is wrong with the value that is set. */
  isWrong: boolean;
  /** The ids of the texts that say more, for readers of the screen. */
  describedBy: string | undefined;
  /** Whether it stands in something that was unfolded already. */
  isOpen?: boolean;
  /** What is wrong inside the value; controls of one line leave it to their field. */
  faults: readonly Fault[];
  /** A property that is not shown: the one that tells members of a union apart. */
  without?: string;
  commit(value: unknown): void;
  clear(): void;
}

export type ShapeOf<K extends Shape["kind"]> = Extract<Shape, { kind: K }>;

/** Whether it is filled in for a run, which may be given what no document can hold. */
export const ForRun = createContext(false);

/** Draws any shape. Controls with parts get it from here: they are drawn by it themselves. */
export const AnyControl = createContext<ComponentType<ControlProps>>(() => null);

/** Shapes whose controls show themselves what is wrong with their parts. */
const NESTING: readonly Shape["kind"][] = [
  "record",
  "list",
  "dictionary",
  "table",
  "union",
];

export function showsFaults(shape: Shape): boolean {
  return NESTING.includes(shape.kind);
}

/** What is wrong under one step of the way, seen from there. */
export function under(faults: readonly Fault[], step: string | number): Fault[] {
  return faults
    .filter(({ path }) => path.length > 0 && String(path[0]) === String(step))
    .map(({ path, text }) => ({ path: path.slice(1), text }));
}

/** Faults as one text, with the place of each. */
export function asSentence(faults: readonly Fault[]): string {
  const said = faults.map(({ path, text }) =>
    path.length > 0 ? `${wayOf(path)}: ${text}` : text,
  );
  return [...new Set(said)].join(" ");
}

function wayOf(path: readonly (string | number)[]): string {
  return path.map((step) => (typeof step === "number" ? step + 1 : step)).join(" › ");
}
