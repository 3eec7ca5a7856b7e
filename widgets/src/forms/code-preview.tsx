/** Code on a node: its first line that says something, in colour; a press opens the editor, large. */

import { Maximize2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { CodeArea } from "./area";
import { useCodeEditor } from "./code";
import type { ControlProps, ShapeOf } from "./control";
import { Large } from "./large";
import { asText } from "./values";

/** So much of the line is shown: a node keeps the height that it was placed with. */
const WIDTH = 160;
/** Not so a blank line, a lone quotation mark, a bracket. */
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;

export function CodePreview(props: ControlProps<ShapeOf<"code">>) {
  const { shape, isSet, value, fallback, label } = props;
  const [opener, setOpener] = useState<HTMLElement>();
  const text = asText(isSet ? value : fallback);
  const lines = text.trim().split("\n");
  const first = lines.find((line) => SAYS_SOMETHING.test(line)) ?? lines[0] ?? "";
  const shown = first.trim().slice(0, WIDTH);
  const loaded = useCodeEditor(shown !== "");
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!place.current) return;
    if (loaded) loaded.paint(place.current, shown, shape.language);
    else place.current.textContent = shown;
  }, [loaded, shown, shape.language]);
  return (
    <>
      <button
        id={props.id}
        type="button"
        className={`ab-field-input ab-field-preview ${isSet ? "" : "ab-faint"}`}
        aria-haspopup="dialog"
        aria-label={`${label}, open the editor`}
        aria-invalid={props.isWrong || undefined}
        aria-describedby={props.describedBy}
        data-language={shape.language || undefined}
        onClick={(event) => setOpener(event.currentTarget)}
      >
        {shown === "" && (
          <span className="ab-field-preview-nothing">
            {props.placeholder || "write code"}
          </span>
        )}
        <span className="ab-field-preview-text" ref={place} aria-hidden />
        <span className="ab-field-preview-end">
          {lines.length > 1 && (
            <span className="ab-field-preview-more">{lines.length} lines</span>
          )}
          <Maximize2 className="ab-field-preview-open" size={11} aria-hidden />
        </span>
      </button>
      {opener && (
        <Large of={props} opener={opener} close={() => setOpener(undefined)}>
          <CodeArea {...props} id={`${props.id}-large`} isCompact={false} />
        </Large>
      )}
    </>
  );
}
