/** Text as it is, and source text; very long text is shown in parts. */

import { useState } from "react";
import { type MimeView, type MimeViewProps, textOf, withoutColours } from "./mime-view";

const PART = 20_000;

function TextView({ mime, data }: MimeViewProps) {
  const [room, setRoom] = useState(PART);
  const text = withoutColours(textOf(data));
  const rest = text.length - room;
  return (
    <>
      <pre
        className={`ab-bundle-text ${mime === "text/plain" ? "" : "ab-bundle-text--code"}`}
      >
        {rest > 0 ? text.slice(0, room) : text}
      </pre>
      {rest > 0 && (
        <button
          type="button"
          className="ab-text-button"
          onClick={() => setRoom(room * 4)}
        >
          {rest.toLocaleString("en")} more characters
        </button>
      )}
    </>
  );
}

export const source: MimeView = {
  name: "Source",
  shows: (mime) =>
    mime === "text/latex" || /^(text|application)\/(x-|csv|xml|yaml)/.test(mime),
  View: TextView,
};

export const text: MimeView = {
  name: "Text",
  shows: (mime) => mime === "text/plain" || mime === "application/vnd.jupyter.stdout",
  View: TextView,
};
