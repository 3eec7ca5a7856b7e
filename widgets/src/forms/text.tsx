/** Fields that are typed into on one line: text, numbers, and "anything". */

import { type ClipboardEvent, type KeyboardEvent, type ReactNode, useId } from "react";
import type { ControlProps, ShapeOf } from "./control";
import { type Draft, useDraft } from "./draft";
import {
  asAnything,
  asText,
  guess,
  type Reading,
  readAnything,
  readNumber,
  readText,
  wordFor,
} from "./values";

export function TextControl(props: ControlProps<ShapeOf<"text" | "secret">>) {
  const isSecret = props.shape.kind === "secret";
  const type = isSecret ? "password" : "text";
  const suggestions = props.shape.kind === "text" ? props.shape.suggestions : undefined;
  return (
    <Line
      props={props}
      show={asText}
      read={readText}
      type={type}
      takesLines={!isSecret && !props.isOneLine}
      suggestions={suggestions}
    />
  );
}

export function NumberControl(props: ControlProps<ShapeOf<"number">>) {
  const { shape } = props;
  const read = (text: string) => readNumber(text, shape);
  const mode = shape.isWhole && (shape.min ?? -1) >= 0 ? "numeric" : "decimal";
  return (
    <Line
      props={props}
      show={asText}
      read={read}
      mode={mode}
      className="ab-field-number"
    />
  );
}

/** Takes text, or whatever else reads as JSON, and says which. */
export function AnythingControl(props: ControlProps<ShapeOf<"anything">>) {
  return (
    <Line props={props} show={asAnything} read={readAnything}>
      {(text) => {
        if (text.trim() === "") return null;
        const word = wordFor(guess(text));
        return <span className={`ab-field-guess ab-field-guess--${word}`}>{word}</span>;
      }}
    </Line>
  );
}

interface LineProps {
  props: ControlProps;
  show(value: unknown): string;
  read(text: string): Reading;
  type?: "text" | "password";
  /** Whether text of several lines may be pasted. */
  takesLines?: boolean;
  suggestions?: readonly string[] | undefined;
  mode?: "numeric" | "decimal";
  className?: string;
  children?(text: string): ReactNode;
}

function Line(line: LineProps) {
  const { props, show, read, type, mode, takesLines, className = "", children } = line;
  const { value, isSet, commit, clear } = props;
  const draft = useDraft({ value, isSet, show, read, commit, clear });
  const list = useId();
  return (
    <>
      <span className="ab-field-line">
        {line.suggestions && (
          <datalist id={list}>
            {line.suggestions.map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
        )}
        <input
          list={line.suggestions && list}
          id={props.id}
          className={`ab-field-input ${className}`}
          type={type ?? "text"}
          inputMode={mode}
          value={draft.text}
          placeholder={props.placeholder}
          disabled={props.isDisabled}
          aria-label={props.label}
          aria-required={props.isRequired || undefined}
          aria-invalid={props.isWrong || draft.isUnfinished || undefined}
          aria-describedby={props.describedBy}
          data-draft={draft.isUnfinished ? "unfinished" : undefined}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => draft.type(event.target.value)}
          onPaste={(event) => pasteLines(event, takesLines ? commit : undefined)}
          onBlur={draft.leave}
          onKeyDown={(event) => onLineKey(event, draft)}
        />
        {children?.(draft.text)}
      </span>
      <Why text={draft.why} />
    </>
  );
}

/** A line would swallow the line breaks of what is pasted; as a value it keeps them. */
function pasteLines(
  event: ClipboardEvent<HTMLInputElement>,
  commit: ((text: string) => void) | undefined,
): void {
  const pasted =
    event.clipboardData?.getData("text/plain").replaceAll("\r\n", "\n") ?? "";
  if (!commit || !pasted.trim().includes("\n")) return;
  event.preventDefault();
  const { value, selectionStart, selectionEnd } = event.currentTarget;
  const before = value.slice(0, selectionStart ?? value.length);
  commit(before + pasted + value.slice(selectionEnd ?? value.length));
}

/** Enter sends what is typed, Escape takes it back. */
export function onLineKey(event: KeyboardEvent, draft: Draft): void {
  if (event.key === "Enter") draft.flush();
  if (event.key === "Escape" && draft.revert()) event.stopPropagation();
}

/** Why what is typed is no value yet. */
export function Why({ text }: { text: string }) {
  if (text === "") return null;
  return (
    <span className="ab-field-why" role="status">
      {text}
    </span>
  );
}
