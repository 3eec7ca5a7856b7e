/**
 * Charts of Vega and Vega-Lite, alive. Their expressions are interpreted, never run as a
 * program, and nothing they name by its address is loaded.
 */

import { Error as Level, logger, parse, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type TopLevelSpec } from "vega-lite";
import { Handler } from "vega-tooltip";
import { stage } from "./stage";
import { fitted, ON_DARK, type Spec } from "./vega/fit";

const isLite = (spec: Spec): boolean =>
  typeof spec.$schema === "string"
    ? spec.$schema.includes("vega-lite")
    : "mark" in spec || "encoding" in spec;

const refused = () => Promise.reject(new Error("Nothing is loaded from an address."));
const loader = {
  options: {},
  load: refused,
  sanitize: refused,
  http: refused,
  file: refused,
};

stage(async (place, data, look) => {
  const given = (typeof data === "string" ? JSON.parse(data) : data) as Spec;
  const vega = isLite(given)
    ? compile(litOf(given, place, look.isDark), { logger: logger(Level) }).spec
    : { background: "transparent", ...given };
  // What is written for Vega itself no one has fitted to a dark page before.
  const program = parse(vega as never, look.isDark && !isLite(given) ? ON_DARK : {}, {
    ast: true,
  });
  const view = new View(program, {
    expr: expressionInterpreter as never,
    loader: loader as never,
    logger: logger(Level),
    renderer: "svg",
    container: place,
    hover: true,
  });
  view.tooltip(new Handler({ theme: look.isDark ? "dark" : "light" }).call);
  await view.runAsync();
});

const litOf = (given: Spec, place: HTMLElement, isDark: boolean) =>
  fitted(given, place.clientWidth, isDark) as unknown as TopLevelSpec;
