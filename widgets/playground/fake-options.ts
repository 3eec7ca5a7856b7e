/** Some options of a node, as the kernel tells them. */

import type { OptionGroup, WirePort } from "../src/protocol/messages";

function option(
  name: string,
  title: string,
  schema: WirePort["schema"],
  fallback: unknown,
): WirePort {
  const takes = String(schema.type ?? "choice");
  return {
    name,
    title,
    help: "",
    types: [takes],
    type_name: takes,
    schema,
    required: false,
    advanced: false,
    shown: false,
    default: fallback,
    has_default: true,
  };
}

export const OPTIONS: OptionGroup[] = [
  {
    title: "Instead of running",
    options: [
      option("disabled", "Disabled", { type: "boolean" }, false),
      option("bypassed", "Bypassed", { type: "boolean" }, false),
    ],
  },
  {
    title: "Time and failure",
    options: [
      option("timeout", "Time limit (s)", { type: "number" }, "no limit"),
      option("on_error", "When it fails", { enum: ["fail", "ignore", "stop"] }, "fail"),
    ],
  },
  {
    title: "Order and overlap",
    options: [option("ordered", "Keep the order", { type: "boolean" }, true)],
  },
];
