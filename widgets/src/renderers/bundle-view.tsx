/** BundleView: one value, shown as Jupyter shows it. */

import { useMemo, useRef, useState } from "react";
import type { WireBundle } from "../protocol/messages";
import { isSame } from "../ui/field-values";
import { ErrorBoundary } from "./error-boundary";
import { Fallback } from "./fallback";
import { bestView } from "./index";
import { JupyterView, knownTo, type RenderMime, rendermimeOf } from "./jupyter-view";
import { type Bundle, dataOf, metadataOf } from "./mime-view";
import "./renderers.css";

export interface BundleViewProps {
  bundle: WireBundle;
  /** The widget's model, through which JupyterLab's own renderers are reached. */
  model: unknown;
}

export function BundleView({ bundle, model }: BundleViewProps) {
  const same = useSame(bundle);
  const data = dataOf(same);
  return (
    <div className="ab-bundle">
      <ErrorBoundary of={same} instead={<Fallback data={data} />}>
        <Best bundle={same} model={model} />
      </ErrorBoundary>
    </div>
  );
}

function Best({ bundle, model }: BundleViewProps) {
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

/** Ours is better in a narrow panel: JupyterLab's hides all behind a root and a search box. */
const OURS: ReadonlySet<string> = new Set(["application/json"]);

/** What JupyterLab shows of a bundle, or undefined when that is left to us. */
function chosenFrom(rendermime: RenderMime | undefined, bundle: WireBundle) {
  if (!rendermime) return undefined;
  try {
    const data = knownTo(rendermime, dataOf(bundle));
    const mime = rendermime.preferredMimeType(data, "any");
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
