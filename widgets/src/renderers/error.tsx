/** Errors as notebooks keep them: a name, a message and a traceback. */

import { type MimeView, type MimeViewProps, textOf, withoutColours } from "./mime-view";

function ErrorView({ data }: MimeViewProps) {
  const { ename, evalue, traceback } = (
    typeof data === "object" && data !== null ? data : { evalue: data }
  ) as Record<string, unknown>;
  const title = [textOf(ename), textOf(evalue)].filter(Boolean).join(": ");
  const lines = Array.isArray(traceback) ? traceback.map(textOf).join("\n") : "";
  return (
    <div className="ab-bundle-error-view">
      <p className="ab-bundle-error-title">{withoutColours(title)}</p>
      {lines !== "" && <pre className="ab-bundle-text">{withoutColours(lines)}</pre>}
    </div>
  );
}

export const error: MimeView = {
  name: "Error",
  shows: (mime) => /^application\/vnd\.jupyter\.(error|stderr)$/.test(mime),
  View: ErrorView,
};
