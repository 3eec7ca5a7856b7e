/**
 * Builds every src/<name>/widget.tsx to ../agentbench/widgets/static/<name>.js and .css,
 * and the playground, with the same widgets, to .playground/.
 *
 *   node build.mjs            once, minified
 *   node build.mjs --watch    again at each change
 *   node build.mjs --serve    the same, and serves the playground on 127.0.0.1:5178
 */

import { cpSync, existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const flags = new Set(process.argv.slice(2));
const widgets = readdirSync(join(here, "src"))
  .filter((room) => existsSync(join(here, "src", room, "widget.tsx")))
  .map((room) => [room, `src/${room}/widget.tsx`]);

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
const builds = [
  {
    ...common,
    entryPoints: Object.fromEntries(widgets),
    outdir: "../agentbench/widgets/static",
  },
  {
    ...common,
    entryPoints: Object.fromEntries([...widgets, ["main", "playground/main.ts"]]),
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
