/** Whether a block can turn the one into the other, where two ports do not fit. */

import type { WirePort } from "../protocol/messages";
import { type Ends, whyNotLink } from "./types";

export const CONVERTER = "values.convert";
const CONVERTS_TO = ["text", "whole number", "number", "boolean", "list", "dictionary"];

/** The type that would be made of what comes; empty where they fit, or nothing helps. */
export function conversionTo(source: Ends, target: Pick<WirePort, keyof Ends>): string {
  if (whyNotLink(source, target) === null) return "";
  return CONVERTS_TO.find((type) => target.types.includes(type)) ?? "";
}
