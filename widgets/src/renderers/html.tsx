/**
 * HTML in a frame that runs no script and loads nothing.
 *
 * The frame may not run scripts, so that sharing our origin gives it nothing; sharing it
 * lets us measure its height and open its links.
 */

import { useEffect, useMemo, useRef, useState } from "react";
import { useDark } from "../ui/theme";
import { type MimeView, type MimeViewProps, textOf } from "./mime-view";

const POLICY =
  "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline';" +
  " font-src data:; media-src data: blob:";
const TALLEST = 600;

function HtmlView({ data }: MimeViewProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(40);
  const [look, setLook] = useState<Look>();
  const isDark = useDark();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is the look
  useEffect(() => {
    if (place.current) setLook(lookOf(place.current));
  }, [isDark]);
  const page = useMemo(() => look && pageOf(textOf(data), look), [data, look]);
  useFrame(frame, setHeight);
  return (
    <div className="ab-bundle-frame-place" ref={place}>
      {page !== undefined && (
        <iframe
          ref={frame}
          className="ab-bundle-frame"
          title="HTML"
          sandbox="allow-same-origin"
          referrerPolicy="no-referrer"
          srcDoc={page}
          style={{ height: Math.min(height, TALLEST), colorScheme: look?.scheme }}
        />
      )}
    </div>
  );
}

interface Look {
  color: string;
  font: string;
  scheme: string;
  /** The colours of the host's code, as declarations. */
  code: string;
}

const CODE = "keyword string number comment def meta builtin tag attribute error".split(
  " ",
);

function lookOf(place: Element): Look {
  const style = getComputedStyle(place);
  const isDark = place.closest(".ab-dark") !== null;
  return {
    color: style.color || "inherit",
    font: `${style.fontSize || "13px"} ${style.fontFamily || "sans-serif"}`,
    scheme: isDark ? "dark" : "light",
    code: CODE.map((name) => `--jp-mirror-editor-${name}-color`)
      .map((name) => [name, style.getPropertyValue(name)] as const)
      .filter(([, colour]) => /^[\w#(), .%]+$/.test(colour.trim()))
      .map(([name, colour]) => `${name}: ${colour.trim()};`)
      .join(" "),
  };
}

function pageOf(html: string, look: Look): string {
  const css = `
    :root { color-scheme: ${look.scheme}; ${look.code} }
    a { color: ${look.scheme === "dark" ? "#7ab0ff" : "#1a5fd0"}; }
    html, body { margin: 0; background: transparent; }
    body { display: flow-root; color: ${look.color}; font: ${look.font}; overflow-wrap: anywhere; }
    table { border: 0; border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th, td { border: 0; padding: 3px 8px; text-align: right; }
    thead th { border-bottom: 1px solid color-mix(in srgb, currentColor 30%, transparent); }
    tbody tr:nth-child(even) { background: color-mix(in srgb, currentColor 5%, transparent); }
    img, svg { max-width: 100%; }`;
  return (
    `<!doctype html><meta charset="utf-8">` +
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">` +
    `<style>${css.replaceAll("</", "<\\/")}</style><body>${html}`
  );
}

/** Keeps the frame as high as what is in it, and opens its links in a tab. */
function useFrame(
  frame: React.RefObject<HTMLIFrameElement | null>,
  setHeight: (height: number) => void,
): void {
  useEffect(() => {
    const it = frame.current;
    if (!it) return;
    let watch: ResizeObserver | undefined;
    const begin = () => {
      const page = it.contentDocument;
      if (!page?.body) return;
      const measure = () => setHeight(Math.ceil(page.body.scrollHeight) + 1);
      watch?.disconnect();
      watch = new ResizeObserver(measure);
      watch.observe(page.body);
      page.addEventListener("click", openLink);
      measure();
    };
    it.addEventListener("load", begin);
    begin();
    return () => {
      it.removeEventListener("load", begin);
      watch?.disconnect();
    };
  });
}

function openLink(event: MouseEvent): void {
  const link = (event.target as Element | null)?.closest?.("a");
  const href = link?.getAttribute("href") ?? "";
  if (!link || href.startsWith("#")) return;
  event.preventDefault();
  if (/^https?:/i.test(href)) window.open(href, "_blank", "noopener,noreferrer");
}

export const html: MimeView = {
  name: "HTML",
  shows: (mime) => mime === "text/html",
  View: HtmlView,
};
