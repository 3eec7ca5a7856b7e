/** Code with its words in colour: a plain area until the editor has come, and without it. */

import { useContext, useEffect, useRef, useState } from "react";
import type { CodeEditor, Wanted } from "../code-editor/late";
import { LateAsking } from "../ui/late-asking";
import { moduleOf } from "../ui/late-code";
import type { ControlProps, ShapeOf } from "./control";
import { useDraft } from "./draft";
import { Why } from "./text";
import { asText, readText } from "./values";

interface Loaded {
  open(place: HTMLElement, wanted: Wanted): CodeEditor;
  paint(place: HTMLElement, text: string, language: string): void;
}

/** The editor's module; undefined until it has come. */
export function useCodeEditor(isWanted: boolean): Loaded | undefined {
  const ask = useContext(LateAsking);
  const [loaded, setLoaded] = useState<Loaded>();
  useEffect(() => {
    if (!isWanted || !ask) return;
    let isHere = true;
    moduleOf<Loaded>("code-editor", ask).then(
      (it) => isHere && setLoaded(it),
      () => {}, // a busy kernel, or a page that forbids it: the plain area stays
    );
    return () => {
      isHere = false;
    };
  }, [ask, isWanted]);
  return loaded;
}

type Props = ControlProps<ShapeOf<"code">> & { loaded: Loaded };

export function ColouredCode({ loaded, ...props }: Props) {
  const { value, isSet, commit, clear, isDisabled, isWrong, describedBy } = props;
  const draft = useDraft({ value, isSet, show: asText, read: readText, commit, clear });
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditor>(null);
  const now = useRef(draft);
  now.current = draft;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is opened once; what changes is told below
  useEffect(() => {
    const at = place.current;
    if (!at) return;
    const opened = loaded.open(at, {
      text: now.current.text,
      language: props.shape.language,
      label: props.label,
      placeholder: props.placeholder,
      isDisabled,
      describedBy,
      onChange: (text) => now.current.type(text),
      onLeave: () => now.current.leave(),
      onSend: () => now.current.flush(),
    });
    editor.current = opened;
    keepFocus(at);
    return () => opened.close();
  }, [loaded]);
  useEffect(() => editor.current?.show(draft.text), [draft.text]);
  useEffect(() => editor.current?.disable(isDisabled), [isDisabled]);
  useEffect(
    () => editor.current?.describe(describedBy, isWrong),
    [describedBy, isWrong],
  );
  return (
    <>
      <div
        ref={place}
        className="ab-field-editor nokey"
        data-wrong={isWrong || undefined}
        data-language={props.shape.language || undefined}
      />
      <Why text={draft.why} />
    </>
  );
}

/** Where it stands in for a plain area that had the focus, it has it now. */
function keepFocus(at: HTMLElement): void {
  const large = at.closest(".ab-field-large");
  const { activeElement } = at.getRootNode() as Document | ShadowRoot;
  // The card of it has the focus where no field was there to take it.
  const isElsewhere = activeElement !== large && large?.contains(activeElement);
  if (!large || isElsewhere) return;
  at.querySelector<HTMLElement>("[contenteditable]")?.focus();
}
