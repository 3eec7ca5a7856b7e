/** What every control of a field is given: it shows one value and says what becomes of it. */

import type { Shape } from "./field-shape";

export interface ControlProps<S extends Shape = Shape> {
  id: string;
  shape: S;
  /** The value that is set, whatever it is; undefined when none is. */
  value: unknown;
  isSet: boolean;
  /** Stands in for a value that is not set: the default. */
  fallback: unknown;
  placeholder: string;
  label: string;
  isRequired: boolean;
  isDisabled: boolean;
  isCompact: boolean;
  /** Whether text of several lines has nowhere to go, as in a row of a list. */
  isOneLine?: boolean;
  /** Whether something is wrong with the value that is set. */
  isWrong: boolean;
  /** The ids of the texts that say more, for readers of the screen. */
  describedBy: string | undefined;
  commit(value: unknown): void;
  clear(): void;
}

export type ShapeOf<K extends Shape["kind"]> = Extract<Shape, { kind: K }>;
