/** A dialog over the widget that it is in: its title, what that means, and a way out. */

import { type KeyboardEvent, type ReactNode, type RefObject, useId } from "react";
import { Icon } from "./icon";
import "./dialog.css";

interface Props {
  title: string;
  /** A sentence on what it asks for. */
  help?: string;
  /** A form is narrow and stands at the top; what is large takes what room there is. */
  size: "form" | "large";
  /** Its card: whoever opens it says what in it has the focus. */
  card: RefObject<HTMLDivElement | null>;
  close(): void;
  /** Asked first of each key; whether it has dealt with it. */
  onKey?(event: KeyboardEvent<HTMLElement>): boolean;
  foot?: ReactNode;
  children: ReactNode;
}

const STOPS = "input, textarea, select, button, .cm-content";

export function Dialog(props: Props) {
  const { title, help, size, card, close, onKey, foot, children } = props;
  const id = useId();
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (onKey?.(event)) event.stopPropagation();
    else if (event.key === "Escape") close();
    else if (event.key === "Tab" && !event.defaultPrevented && card.current)
      keepInside(event, card.current);
    else return;
    event.stopPropagation();
  };
  return (
    <div className="ab-dialog-place" data-size={size}>
      <button
        type="button"
        className="ab-dialog-veil"
        aria-label="Close"
        tabIndex={-1}
        onClick={close}
      />
      <div
        className="ab-dialog"
        role="dialog"
        aria-modal
        aria-labelledby={id}
        aria-describedby={help ? `${id}-help` : undefined}
        tabIndex={-1}
        ref={card}
        onKeyDown={onKeyDown}
      >
        <header className="ab-dialog-head">
          <h2 className="ab-dialog-title" id={id}>
            {title}
          </h2>
          <button
            type="button"
            className="ab-mini"
            title="Close (Escape)"
            aria-label="Close"
            onClick={close}
          >
            <Icon name="close" size={15} />
          </button>
          {help && (
            <p className="ab-dialog-help" id={`${id}-help`}>
              {help}
            </p>
          )}
        </header>
        <div className="ab-dialog-body">{children}</div>
        {foot && <footer className="ab-dialog-foot">{foot}</footer>}
      </div>
    </div>
  );
}

/** Tab goes round inside. */
function keepInside(event: KeyboardEvent, card: HTMLElement): void {
  const all = [...card.querySelectorAll<HTMLElement>(STOPS)].filter(
    (it) => !it.hasAttribute("disabled") && it.tabIndex >= 0,
  );
  const [first, last] = [all[0], all.at(-1)];
  const at = event.target;
  if (event.shiftKey ? at === first || at === card : at === last) {
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  }
}
