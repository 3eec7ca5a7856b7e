/** What is shown when nothing else can be: the text form, and a word on why. */

import { type Bundle, type MimeView, type MimeViewProps, plainText } from "./mime-view";

/** Charts come to life through JupyterLab's own renderers; elsewhere they cannot. */
function ChartView({ mime }: MimeViewProps) {
  const what = mime.includes("plotly") ? "Plotly" : "Vega";
  return (
    <p className="ab-bundle-none">
      This {what} chart is shown in JupyterLab. Here there is no view for it.
    </p>
  );
}

export const chart: MimeView = {
  name: "Chart",
  shows: (mime) => /^application\/vnd\.(plotly|vega|vegalite)\b/.test(mime),
  View: ChartView,
};

export function Fallback({ data }: { data: Bundle }) {
  const mimes = Object.keys(data).filter((mime) => mime !== "text/plain");
  const text = plainText(data);
  const isEmpty = mimes.length === 0 && text === "";
  return (
    <>
      {mimes.length > 0 && (
        <p className="ab-bundle-none">No view for {mimes.join(", ")}.</p>
      )}
      {text !== "" && <pre className="ab-bundle-text">{text.slice(0, 20_000)}</pre>}
      {isEmpty && <p className="ab-bundle-none">Nothing to show.</p>}
    </>
  );
}
