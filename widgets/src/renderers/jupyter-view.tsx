/**
 * Shows a bundle with JupyterLab's own renderers, where the widget runs inside it.
 *
 * They are reached through the model of the widget: `model.widget_manager.rendermime`
 * is JupyterLab's registry of renderers, with those of its extensions. Other hosts have
 * none, so everything about it is looked at before it is used.
 */

import { useEffect, useLayoutEffect, useRef } from "react";
import { useDark } from "../ui/theme";
import { fitted } from "./chart-fit";
import type { Bundle } from "./mime-view";

/** The part of JupyterLab's `IRenderMimeRegistry` that is used. */
export interface RenderMime {
  readonly mimeTypes: readonly string[];
  preferredMimeType(data: Bundle, safe: "any"): string | undefined;
  createRenderer(mime: string): LuminoRenderer;
}

interface MimeModel {
  readonly data: Bundle;
  readonly metadata: Bundle;
  readonly trusted: boolean;
  setData(): void;
}

interface LuminoRenderer {
  readonly node: HTMLElement;
  readonly isDisposed: boolean;
  renderModel(model: MimeModel): Promise<void>;
  dispose(): void;
}

/** Lumino's `Widget.attach`, which every class of widgets inherits. */
type Attach = (widget: LuminoRenderer, host: HTMLElement) => void;

export function rendermimeOf(model: unknown): RenderMime | undefined {
  try {
    const found = (model as { widget_manager?: { rendermime?: unknown } } | null)
      ?.widget_manager?.rendermime as Partial<RenderMime> | undefined;
    return typeof found?.createRenderer === "function" &&
      typeof found.preferredMimeType === "function"
      ? (found as RenderMime)
      : undefined;
  } catch {
    return undefined;
  }
}

/** What may hold HTML is made harmless by JupyterLab: it does so with what it does not trust. */
const HOLDS_HTML = /^text\//;
/** Looking at a value must not run a program in the page. */
const PROGRAMS = /^(text|application)\/(x-)?(java|ecma)script$/;
const VEGA = /^application\/vnd\.(vega(?:lite)?)\.v(\d+)[.+]json$/;

/**
 * The data as this JupyterLab knows it: charts of a newer Vega than it has are given to
 * the newest it has.
 */
export function knownTo(rendermime: RenderMime, data: Bundle): Bundle {
  const known = rendermime.mimeTypes ?? [];
  const entries = Object.entries(data).flatMap(([mime, it]) => {
    if (PROGRAMS.test(mime) || it == null) return [];
    const family = VEGA.exec(mime)?.[1];
    if (family === undefined || known.includes(mime)) return [[mime, it] as const];
    const newest = known
      .filter((name) => VEGA.exec(name)?.[1] === family)
      .sort()
      .at(-1);
    return [[newest ?? mime, it] as const];
  });
  return Object.fromEntries(entries);
}

interface JupyterViewProps {
  rendermime: RenderMime;
  mime: string;
  data: Bundle;
  metadata: Bundle;
  onBroken(): void;
}

export function JupyterView(props: JupyterViewProps) {
  const { rendermime, mime, data, metadata } = props;
  const isDark = useDark();
  const place = useRef<HTMLDivElement>(null);
  const renderer = useRef<LuminoRenderer>(undefined);
  const broken = useRef(props.onBroken);
  broken.current = props.onBroken;

  // A layout effect, for its end comes while the place is still in the page.
  useLayoutEffect(() => {
    const host = place.current;
    if (!host) return;
    try {
      const made = rendermime.createRenderer(mime);
      renderer.current = made;
      (made.constructor as unknown as { attach: Attach }).attach(made, host);
    } catch {
      broken.current();
    }
    return () => {
      if (renderer.current) disposeOf(renderer.current);
      renderer.current = undefined;
    };
  }, [rendermime, mime]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new renderer shows it too
  useEffect(() => {
    const made = renderer.current;
    const width = place.current?.clientWidth ?? 0;
    const shown = fitted(data, width, isDark);
    const trusted = !HOLDS_HTML.test(mime);
    const model = { data: shown, metadata, trusted, setData() {} };
    made?.renderModel(model).catch(() => {
      if (renderer.current === made) broken.current();
    });
  }, [rendermime, mime, data, metadata, isDark]);

  return <div className="ab-jupyter-view" ref={place} />;
}

/**
 * Lumino can take away only what is in the page; when the host took the whole widget out
 * first, the renderer is put back for that moment.
 */
function disposeOf(renderer: LuminoRenderer): void {
  const place = document.createElement("div");
  try {
    if (!renderer.node.isConnected) {
      place.hidden = true;
      document.body.append(place);
      place.append(renderer.node);
    }
    renderer.dispose();
  } catch {
    renderer.node.remove();
  } finally {
    place.remove();
  }
}
