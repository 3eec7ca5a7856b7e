/**
 * The code editor, built apart: a form asks the kernel for it when it first shows code.
 *
 * It knows nothing of forms. It is given an element and a text, and tells what is typed.
 */

import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
} from "@codemirror/commands";
import { html } from "@codemirror/lang-html";
import { javascript } from "@codemirror/lang-javascript";
import { json } from "@codemirror/lang-json";
import { markdown } from "@codemirror/lang-markdown";
import { python } from "@codemirror/lang-python";
import { PostgreSQL, sql } from "@codemirror/lang-sql";
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  type LanguageSupport,
  syntaxHighlighting,
} from "@codemirror/language";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import { classHighlighter, highlightCode, tags } from "@lezer/highlight";

export interface Wanted {
  text: string;
  language: string;
  label: string;
  placeholder: string;
  isDisabled: boolean;
  describedBy: string | undefined;
  onChange(text: string): void;
  onLeave(): void;
  /** Ctrl+Enter. */
  onSend(): void;
}

export interface CodeEditor {
  show(text: string): void;
  disable(isDisabled: boolean): void;
  describe(id: string | undefined, isWrong: boolean): void;
  close(): void;
}

const LANGUAGES: Readonly<Record<string, () => LanguageSupport>> = {
  html,
  javascript: () => javascript({ typescript: true }),
  json,
  markdown,
  python,
  sql: () => sql({ dialect: PostgreSQL }),
};

/** The colours of the host's own editor, where it has one; both themes. */
const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: "var(--ab-code-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--ab-code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--ab-code-number)" },
  {
    tag: [tags.comment, tags.meta],
    color: "var(--ab-code-comment)",
    fontStyle: "italic",
  },
  {
    tag: [tags.function(tags.variableName), tags.definition(tags.variableName)],
    color: "var(--ab-code-name)",
  },
  { tag: [tags.className, tags.typeName, tags.tagName], color: "var(--ab-code-type)" },
  { tag: [tags.propertyName, tags.attributeName], color: "var(--ab-code-property)" },
  { tag: tags.heading, color: "var(--ab-code-keyword)", fontWeight: "600" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.strong, fontWeight: "600" },
]);

export function open(place: HTMLElement, wanted: Wanted): CodeEditor {
  const editable = new Compartment();
  const described = new Compartment();
  const language = LANGUAGES[wanted.language]?.() ?? [];
  let isShowing = false;
  let isLeaving = false;
  const attributes = (id: string | undefined, isWrong: boolean) =>
    EditorView.contentAttributes.of({
      "aria-label": wanted.label,
      ...(id ? { "aria-describedby": id } : {}),
      ...(isWrong ? { "aria-invalid": "true" } : {}),
    });
  const told = EditorView.updateListener.of((update) => {
    if (update.docChanged && !isShowing) wanted.onChange(update.state.doc.toString());
  });
  const keys = EditorView.domEventHandlers({
    blur: () => wanted.onLeave(),
    keydown: (event) => {
      if (event.key === "Escape") {
        // The next Tab leaves; what is around hears of the next Escape.
        if (!isLeaving) event.stopPropagation();
        isLeaving = true;
      } else if (event.key === "Tab" && isLeaving) {
        isLeaving = false;
        return true; // ours to take; it is left to the browser, which moves on
      } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        wanted.onSend();
        return true;
      } else if (!["Shift", "Tab"].includes(event.key)) isLeaving = false;
      return false;
    },
  });
  const view = new EditorView({
    parent: place,
    root: place.getRootNode() as Document | ShadowRoot,
    state: EditorState.create({
      doc: wanted.text,
      extensions: [
        keys,
        history(),
        bracketMatching(),
        indentOnInput(),
        indentUnit.of("    "),
        EditorView.lineWrapping,
        syntaxHighlighting(COLOURS),
        keymap.of([indentWithTab, ...defaultKeymap, ...historyKeymap]),
        language,
        placeholder(wanted.placeholder),
        editable.of(EditorView.editable.of(!wanted.isDisabled)),
        described.of(attributes(wanted.describedBy, false)),
        told,
      ],
    }),
  });
  return {
    show(text) {
      if (text === view.state.doc.toString()) return;
      isShowing = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      isShowing = false;
    },
    disable(isDisabled) {
      view.dispatch({
        effects: editable.reconfigure(EditorView.editable.of(!isDisabled)),
      });
    },
    describe(id, isWrong) {
      view.dispatch({ effects: described.reconfigure(attributes(id, isWrong)) });
    },
    close: () => view.destroy(),
  };
}

/** Shows a text in its colours, as the words of classes `tok-…`: no editor, only a picture. */
export function paint(place: HTMLElement, text: string, language: string): void {
  const support = LANGUAGES[language]?.();
  const put = (it: string, classes: string) => {
    const part = classes ? document.createElement("span") : document.createTextNode(it);
    if (part instanceof HTMLElement) {
      part.className = classes;
      part.textContent = it;
    }
    place.append(part);
  };
  place.replaceChildren();
  if (!support) {
    place.textContent = text;
    return;
  }
  const tree = support.language.parser.parse(text);
  highlightCode(text, tree, classHighlighter, put, () => put("\n", ""));
}
