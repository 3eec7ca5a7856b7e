/** What is shown when nothing else can be: the text form, and a word on why. */

import { type Bundle, plainText } from "./mime-view";

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
