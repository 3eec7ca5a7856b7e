/**
 * Builds every src/<name>/widget.tsx to ../agentbench/widgets/static/<name>.js and .css,
 * every src/<name>/page.ts likewise, and the playground, with the same widgets, to
 * .playground/. What comes late, when a view first needs it, goes to static/late/: every
 * src/<name>/late.ts(x) as <name>.js, every src/stages/<name>.ts as <name>.js.
 *
 *   node build.mjs            once, minified
 *   node build.mjs --watch    again at each change
 *   node build.mjs --serve    the same, and serves the playground on 127.0.0.1:5178
 */

import { cpSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const flags = new Set(process.argv.slice(2));
const rooms = readdirSync(join(here, "src"));
const STATIC = "../agentbench/widgets/static";
/** What the rooms hold under one of these names, by room. */
const found = (...files) =>
  Object.fromEntries(
    rooms.flatMap((room) =>
      files
        .filter((file) => existsSync(join(here, "src", room, file)))
        .map((file) => [room, `src/${room}/${file}`]),
    ),
  );

const widgets = found("widget.tsx");
/** Programs for frames of their own; `stage.ts` is what they share. */
const stages = Object.fromEntries(
  readdirSync(join(here, "src/stages"))
    .filter(
      (file) => file.endsWith(".ts") && !["stage.ts", "untyped.d.ts"].includes(file),
    )
    .map((file) => [file.slice(0, -3), `src/stages/${file}`]),
);

const common = {
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  legalComments: "none",
  logLevel: "info",
  define: { "process.env.NODE_ENV": '"production"' },
  absWorkingDir: here,
};
const late = { ...common, outdir: `${STATIC}/late`, legalComments: "eof" };
const builds = [
  {
    ...common,
    entryPoints: widgets,
    outdir: STATIC,
  },
  {
    // A page that stands alone: a program in it may be no module, and names no other file.
    ...common,
    format: "iife",
    entryPoints: found("page.ts"),
    outdir: STATIC,
  },
  {
    ...late,
    entryPoints: found("late.ts", "late.tsx"),
  },
  {
    ...late,
    format: "iife",
    entryPoints: stages,
    // A frame that may load nothing carries its fonts; each browser reads this kind.
    loader: { ".woff2": "dataurl", ".woff": "empty", ".ttf": "empty" },
  },
  {
    ...common,
    entryPoints: { ...widgets, main: "playground/main.ts" },
    outdir: ".playground",
    logLevel: "warning",
  },
];

if (flags.has("--watch") || flags.has("--serve")) {
  const contexts = await Promise.all(builds.map((options) => esbuild.context(options)));
  await Promise.all(contexts.map((context) => context.watch()));
  if (flags.has("--serve")) {
    await contexts.at(-1).serve({
      host: "127.0.0.1",
      port: 5178,
      servedir: join(here, ".playground"),
    });
  }
} else {
  await Promise.all(builds.map((options) => esbuild.build(options)));
}
cpSync(join(here, "playground/index.html"), join(here, ".playground/index.html"));
// Plotly is read into a frame as it is, or as the plotly of the kernel brings it.
mkdirSync(join(here, STATIC, "late"), { recursive: true });
cpSync(
  join(here, "node_modules/plotly.js-cartesian-dist-min/plotly-cartesian.min.js"),
  join(here, STATIC, "late/plotly-library.js"),
);
