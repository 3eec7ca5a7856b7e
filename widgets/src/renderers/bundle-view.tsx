/** BundleView: one value, shown as Jupyter shows it. */

import { useMemo, useRef, useState } from "react";
import { isSame } from "../graph/same";
import type { WireBundle } from "../protocol/messages";
import { ErrorBoundary } from "./error-boundary";
import { Fallback } from "./fallback";
import { bestView } from "./index";
import { JupyterView, knownTo, type RenderMime, rendermimeOf } from "./jupyter-view";
import { type Bundle, dataOf, metadataOf, plainText, textOf } from "./mime-view";
import { Stage, stageOf } from "./stage";
import "./renderers.css";

export interface BundleViewProps {
  bundle: WireBundle;
  /** The widget's model, through which JupyterLab's own renderers are reached. */
  model: unknown;
}

export function BundleView({ bundle, model }: BundleViewProps) {
  const same = useSame(bundle);
  const data = dataOf(same);
  const caption = textOf(metadataOf(same).caption);
  return (
    <div className="ab-bundle">
      <ErrorBoundary of={same} instead={<Fallback data={data} />}>
        <Best bundle={same} model={model} />
        {caption !== "" && <p className="ab-bundle-caption">{caption}</p>}
      </ErrorBoundary>
    </div>
  );
}

function Best({ bundle, model }: BundleViewProps) {
  const data = dataOf(bundle);
  const on = useMemo(() => stageOf(data), [data]);
  const others = <Others bundle={bundle} model={model} />;
  if (!on) return others;
  return (
    <Stage
      key={on.mime}
      on={on}
      data={data}
      meanwhile={<Still data={data} />}
      instead={others}
    />
  );
}

/** What is at hand while the rest comes: a picture where there is one, else the words. */
function Still({ data }: { data: Bundle }) {
  const best = bestView(data);
  const isPicture = best?.mime.startsWith("image/");
  const shown = isPicture ? data : { "text/plain": plainText(data) };
  return <OwnView data={shown} />;
}

/** What shows a bundle in the page itself: JupyterLab's own renderers, or ours. */
function Others({ bundle, model }: BundleViewProps) {
  const [broken, setBroken] = useState<WireBundle>();
  const isTrusted = metadataOf(bundle).trusted !== false;
  const rendermime = isTrusted ? rendermimeOf(model) : undefined;
  const given = useMemo(() => chosenFrom(rendermime, bundle), [rendermime, bundle]);
  if (rendermime && given && broken !== bundle) {
    return (
      <JupyterView
        key={given.mime}
        rendermime={rendermime}
        {...given}
        onBroken={() => setBroken(bundle)}
      />
    );
  }
  return <OwnView data={dataOf(bundle)} />;
}

function OwnView({ data }: { data: Bundle }) {
  const best = bestView(data);
  const hasMore = Object.keys(data).length > 1;
  if (!best || (best.mime === "text/plain" && hasMore)) return <Fallback data={data} />;
  return <best.view.View mime={best.mime} data={data[best.mime]} />;
}

/**
 * HTML and drawings are ours, for JupyterLab would put them into the page itself, with
 * what they run. Ours for JSON is better in a narrow panel: JupyterLab's hides all behind
 * a root and a search box.
 */
const OURS: ReadonlySet<string> = new Set([
  "application/json",
  "image/svg+xml",
  "text/html",
]);

/** JupyterLab makes links of addresses in text, also of such as lead to a stranger's page. */
const STRANGE_LINK = /\b(data|file|blob|javascript):/i;

/** What JupyterLab shows of a bundle, or undefined when that is left to us. */
function chosenFrom(rendermime: RenderMime | undefined, bundle: WireBundle) {
  if (!rendermime) return undefined;
  try {
    const data = knownTo(rendermime, dataOf(bundle));
    const mime = rendermime.preferredMimeType(data, "any");
    if (mime === "text/plain" && STRANGE_LINK.test(plainText(data))) return undefined;
    return mime && !OURS.has(mime)
      ? { mime, data, metadata: metadataOf(bundle) }
      : undefined;
  } catch {
    return undefined;
  }
}

/** The bundle of before while the new one is equal, so that nothing is drawn again. */
function useSame(bundle: WireBundle): WireBundle {
  const kept = useRef(bundle);
  if (!isEqual(kept.current, bundle)) kept.current = bundle;
  return kept.current;
}

function isEqual(a: unknown, b: unknown): boolean {
  try {
    return isSame(a, b);
  } catch {
    return false; // nested too deeply to look through
  }
}
