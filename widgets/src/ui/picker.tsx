/** A search with its answers under it: typing narrows, arrows point, Enter chooses. */

import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { Icon, type IconName } from "./icon";

export interface Choice {
  id: string;
  label: string;
  /** Said after the label, smaller. */
  note?: string;
  icon?: IconName | (string & {});
  accent?: string;
}

interface Props {
  label: string;
  placeholder: string;
  /** What fits the typed words, best first. */
  find(query: string): readonly Choice[];
  onPoint?(id: string): void;
  onChoose(id: string, isMore: boolean): void;
  onClose(): void;
  /** What is said when nothing fits. */
  nothing: string;
  /** What Enter does and the like, in a line at the lower edge. */
  hint?: string;
}

const MOST = 60;

export function Picker(props: Props) {
  const { label, placeholder, find, onPoint, onChoose, onClose, nothing, hint } = props;
  const listId = useId();
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const all = find(query);
  const shown = all.slice(0, MOST);
  const chosen = shown[Math.min(active, shown.length - 1)];
  const box = useRef<HTMLInputElement>(null);
  const pointed = chosen?.id;

  // biome-ignore lint/correctness/useExhaustiveDependencies: told when another is pointed at
  useEffect(() => {
    if (pointed === undefined || (query === "" && active === 0)) return;
    onPoint?.(pointed);
    const root = box.current?.getRootNode() as Document | ShadowRoot | undefined;
    root?.getElementById(`${listId}-${pointed}`)?.scrollIntoView({ block: "nearest" });
  }, [pointed]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) {
      event.preventDefault();
      setActive((active + step + shown.length) % shown.length);
    } else if (event.key === "Enter" && chosen) {
      event.preventDefault();
      onChoose(chosen.id, event.shiftKey);
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      onClose();
    }
  };

  return (
    <>
      <div className="ab-menu-veil" onPointerDown={onClose} aria-hidden />
      <div className="ab-picker" role="dialog" aria-label={label}>
        <div className="ab-search">
          <Icon name="search" />
          <input
            ref={box}
            type="text"
            role="combobox"
            aria-expanded
            aria-controls={listId}
            aria-activedescendant={chosen && `${listId}-${chosen.id}`}
            aria-label={label}
            placeholder={placeholder}
            spellCheck={false}
            autoComplete="off"
            // biome-ignore lint/a11y/noAutofocus: it was opened to be typed in
            autoFocus
            value={query}
            onChange={(event) => {
              setQuery(event.target.value);
              setActive(0);
            }}
            onKeyDown={onKeyDown}
          />
          <span className="ab-picker-count" role="status">
            {all.length}
          </span>
        </div>
        <div className="ab-picker-list" role="listbox" aria-label={label} id={listId}>
          {shown.map((choice) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the search box
            <div
              key={choice.id}
              id={`${listId}-${choice.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={choice === chosen}
              className={`ab-picker-item${choice === chosen ? " ab-active" : ""}`}
              onClick={(event) => onChoose(choice.id, event.shiftKey)}
            >
              {choice.icon && (
                <span className="ab-picker-icon" style={{ color: choice.accent }}>
                  <Icon name={choice.icon} size={13} />
                </span>
              )}
              <span className="ab-picker-label">{choice.label}</span>
              {choice.note && <span className="ab-picker-note">{choice.note}</span>}
            </div>
          ))}
          {shown.length === 0 && <p className="ab-nothing">{nothing}</p>}
        </div>
        {hint && <p className="ab-picker-hint">{hint}</p>}
      </div>
    </>
  );
}
