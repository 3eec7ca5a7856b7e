/** What a timeline shows at one moment, and where things stand in it. */

import type { TimelineAbout } from "../protocol/messages";
import type { Bars } from "./bars";
import type { Row } from "./rows";
import type { Range } from "./scale";

export const LABEL = 176;
export const AXIS = 26;
export const STRIP = 30;
/** Where the rows begin. */
export const HEAD = AXIS + STRIP;

export interface Picture {
  width: number;
  height: number;
  range: Range;
  scroll: number;
  total: number;
  rows: readonly Row[];
  first: number;
  last: number;
  bars: Bars | undefined;
  overview: Bars | undefined;
  about: TimelineAbout | undefined;
  hovered: { row: number; lane: number; start: number; end: number } | undefined;
  chosen: { node: string; number: number } | undefined;
  /** The time at which the film stands, in seconds, where it is played. */
  cursor: number | undefined;
}

export type Pen = CanvasRenderingContext2D;

export const toPixels = ({ range, width }: Picture, seconds: number) =>
  LABEL + ((seconds - range.start) / (range.end - range.start)) * (width - LABEL);
