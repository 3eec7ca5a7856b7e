/** A title that is read from far away: whole, over up to three lines; smaller where it must be. */

import { type CSSProperties, Fragment, useMemo } from "react";
import { lineWidths, titleParts } from "../graph/title-lines";

/** The style sheet makes the letters as large as one of these numbers of lines allows. */
const LINES = 3;

export function FarTitle({ title }: { title: string }) {
  const [one, two, three] = useMemo(() => lineWidths(title, LINES), [title]);
  const widths = { "--ab-one": one, "--ab-two": two, "--ab-three": three };
  return (
    <span className="ab-far-title" style={widths as CSSProperties}>
      {titleParts(title).map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name, and no state
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </span>
  );
}
