/** Fields of several lines: long text, code, and JSON. They grow with what is in them. */

import { ChevronsDownUp, ChevronsUpDown, Maximize2 } from "lucide-react";
import {
  type KeyboardEvent,
  type RefObject,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { stringify } from "../graph/big";
import { ColouredCode, useCodeEditor } from "./code";
import type { ControlProps, ShapeOf } from "./control";
import { type Draft, useDraft } from "./draft";
import { Large } from "./large";
import { Why } from "./text";
import { asText, type Reading, readJson, readText } from "./values";

const INDENT = "    ";

export function LongControl(props: ControlProps<ShapeOf<"long">>) {
  return <Area props={props} show={asText} read={readText} />;
}

/** Code in a form: an area at first, the editor once it has come. */
export function CodeArea(props: ControlProps<ShapeOf<"code">>) {
  const loaded = useCodeEditor(!props.isCompact);
  const isPlain =
    !props.isSet || typeof props.value === "string" || props.value === null;
  if (loaded && isPlain) return <ColouredCode {...props} loaded={loaded} />;
  return <Area props={props} show={asText} read={readText} isCode />;
}

export function JsonControl(props: ControlProps<ShapeOf<"json">>) {
  const { holds, hint } = props.shape;
  const indent = props.isCompact ? undefined : 2;
  const show = (value: unknown) => stringify(value, indent);
  const withHint = { ...props, placeholder: props.placeholder || hint };
  const read = (text: string) => readJson(text, holds);
  return <Area props={withHint} show={show} read={read} isCode />;
}

interface AreaProps {
  props: ControlProps;
  show(value: unknown): string;
  read(text: string): Reading;
  isCode?: boolean;
}

function Area({ props, show, read, isCode = false }: AreaProps) {
  const { value, isSet, commit, clear } = props;
  const draft = useDraft({ value, isSet, show, read, commit, clear });
  const [isTall, setTall] = useState(false);
  const [large, setLarge] = useState<HTMLElement>();
  const area = useRef<HTMLTextAreaElement>(null);
  const onAreaKey = useAreaKeys(draft, isCode);
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (props.isCompact && event.key === "Escape") close(event);
    else onAreaKey(event);
  };
  const { isOpen, opening } = useOpening(props.isCompact);
  useGrowth(area, draft.text, isTall || isOpen);
  const lines = draft.text.split("\n").length;
  const isLong = draft.text.length > 240 || lines > 5;
  const classes = ["ab-field-area"];
  if (isTall) classes.push("ab-field-area--tall");
  if (props.isCompact) classes.push("ab-field-area--line");
  if (isOpen) classes.push("ab-field-area--open");
  return (
    <>
      <span className={classes.join(" ")} data-open={isOpen || undefined} {...opening}>
        <textarea
          ref={area}
          id={props.id}
          className={`ab-field-input ab-field-text-area ${isCode ? "ab-field-code" : ""}`}
          rows={1}
          value={draft.text}
          placeholder={props.placeholder}
          disabled={props.isDisabled}
          aria-label={props.label}
          aria-required={props.isRequired || undefined}
          aria-invalid={props.isWrong || draft.isUnfinished || undefined}
          aria-describedby={props.describedBy}
          data-draft={draft.isUnfinished ? "unfinished" : undefined}
          spellCheck={!isCode}
          autoComplete="off"
          onChange={(event) => draft.type(event.target.value)}
          onBlur={draft.leave}
          onKeyDown={onKey}
        />
        {isOpen && !isCode && (
          <button
            type="button"
            className="ab-mini ab-field-area-large"
            title="Open it large"
            aria-label={`Open ${props.label} large`}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => area.current && setLarge(area.current)}
          >
            <Maximize2 size={12} aria-hidden />
          </button>
        )}
        {props.isCompact && lines > 1 && (
          <span className="ab-field-lines" aria-hidden>
            {lines} lines
          </span>
        )}
        {!props.isCompact && (isLong || isTall) && (
          <Expander isTall={isTall} toggle={setTall} />
        )}
      </span>
      <Why text={draft.why} />
      {large && (
        <Large of={props} opener={large} close={() => setLarge(undefined)}>
          <Area
            props={{ ...props, id: `${props.id}-large`, isCompact: false }}
            show={show}
            read={read}
          />
        </Large>
      )}
    </>
  );
}

/**
 * On a node it is one line until it has the focus. A press opens it when it ends: the
 * text would else move under the pointer and be selected.
 */
function useOpening(isCompact: boolean) {
  const [isOpen, setOpen] = useState(false);
  const isPressed = useRef(false);
  const opening = {
    onPointerDown: () => {
      isPressed.current = true;
    },
    onFocus: () => setOpen(!isPressed.current),
    onClick: () => {
      isPressed.current = false;
      setOpen(true);
    },
    onBlur: () => {
      isPressed.current = false;
      setOpen(false);
    },
  };
  return isCompact ? { isOpen, opening } : { isOpen: false, opening: {} };
}

function Expander({
  isTall,
  toggle,
}: {
  isTall: boolean;
  toggle(tall: boolean): void;
}) {
  const label = isTall ? "Show less" : "Show more";
  const Icon = isTall ? ChevronsDownUp : ChevronsUpDown;
  return (
    <button
      type="button"
      className="ab-mini ab-field-area-expander"
      title={label}
      aria-label={label}
      aria-expanded={isTall}
      onClick={() => toggle(!isTall)}
    >
      <Icon size={12} aria-hidden />
    </button>
  );
}

/** Gives the keys back to the editor, so that the notebook does not get them. */
function close(event: KeyboardEvent<HTMLTextAreaElement>): void {
  event.preventDefault();
  event.stopPropagation();
  const area = event.currentTarget;
  area.blur();
  area.closest<HTMLElement>(".ab-editor")?.focus({ preventScroll: true });
}

/** Ctrl+Enter sends; Tab indents code, but after Escape it leaves the field as ever. */
function useAreaKeys(draft: Draft, isCode: boolean) {
  const isLeaving = useRef(false);
  return (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) draft.flush();
    if (event.key === "Escape" && isCode && !isLeaving.current) {
      isLeaving.current = true;
      event.stopPropagation();
      return;
    }
    if (event.key === "Tab" && !event.shiftKey && isCode && !isLeaving.current) {
      event.preventDefault();
      insert(event.currentTarget, INDENT, draft);
    }
    if (!["Tab", "Shift"].includes(event.key)) isLeaving.current = false;
  };
}

/** As if it had been typed, so that the browser can undo it. */
function insert(area: HTMLTextAreaElement, text: string, draft: Draft): void {
  if (document.execCommand?.("insertText", false, text)) return;
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  draft.type(area.value);
}

/** Sizes the area to its text where the style sheet cannot (`field-sizing: content`). */
function useGrowth(
  area: RefObject<HTMLTextAreaElement | null>,
  text: string,
  isTall: boolean,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: they are what changes the size
  useLayoutEffect(() => {
    const it = area.current;
    if (!it || globalThis.CSS?.supports?.("field-sizing", "content")) return;
    it.style.height = "auto";
    it.style.height = `${it.scrollHeight + 2}px`;
  }, [area, text, isTall]);
}
