/** A small menu at a place inside the widget: arrow keys move, Escape closes. */

import {
  type CSSProperties,
  type KeyboardEvent,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { Icon, type IconName } from "./icon";

export interface MenuItem {
  label: string;
  icon: IconName;
  keys?: string;
  isDangerous?: boolean;
  isDisabled?: boolean;
  /** Set apart from what stands above it. */
  isApart?: boolean;
  onChoose(): void;
}

/** Colours to choose from, in a row; the first of them is none. */
export interface Swatches {
  label: string;
  names: readonly string[];
  chosen: string;
  onChoose(name: string): void;
}

interface Props {
  label: string;
  swatches?: Swatches;
  items: readonly MenuItem[];
  /** Where, in pixels from the left top corner of the widget. */
  at: { x: number; y: number };
  onClose(): void;
}

export function Menu({ label, items, at, swatches, onClose }: Props) {
  const menu = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState(at);

  useLayoutEffect(() => {
    const box = menu.current;
    const room = box?.offsetParent;
    if (!box || !room) return;
    setPlace({
      x: Math.max(4, Math.min(at.x, room.clientWidth - box.offsetWidth - 8)),
      y: Math.max(4, Math.min(at.y, room.clientHeight - box.offsetHeight - 8)),
    });
    box.querySelector<HTMLButtonElement>("button:not(:disabled)")?.focus();
  }, [at]);

  return (
    <>
      <div className="ab-menu-veil" onPointerDown={onClose} aria-hidden />
      <div
        ref={menu}
        role="menu"
        aria-label={label}
        className="ab-menu"
        style={{ left: place.x, top: place.y }}
        onKeyDown={(event) => onMenuKey(event, onClose)}
      >
        {items.map((item) => (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            className={classesOf(item)}
            disabled={item.isDisabled}
            onClick={() => {
              onClose();
              item.onChoose();
            }}
          >
            <Icon name={item.icon} />
            <span>{item.label}</span>
            {item.keys && <kbd className="ab-keys">{item.keys}</kbd>}
          </button>
        ))}
        {swatches && <Colours swatches={swatches} onClose={onClose} />}
      </div>
    </>
  );
}

function Colours({ swatches, onClose }: { swatches: Swatches; onClose(): void }) {
  const { label, names, chosen, onChoose } = swatches;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of a menu, not of fields
    <div className="ab-swatches" role="group" aria-label={label}>
      {["", ...names].map((name) => (
        <button
          key={name}
          type="button"
          role="menuitemradio"
          aria-checked={name === chosen}
          aria-label={name || "Its own colour"}
          title={name || "Its own colour"}
          className="ab-swatch"
          style={{ "--ab-swatch": swatchOf(name) } as CSSProperties}
          onClick={() => {
            onClose();
            onChoose(name);
          }}
        >
          {name === chosen && <Icon name={name ? "check" : "close"} size={11} />}
        </button>
      ))}
    </div>
  );
}

const swatchOf = (name: string) => (name ? `var(--ab-family-${name})` : "transparent");

function classesOf({ isDangerous, isApart }: MenuItem): string {
  const classes = ["ab-menu-item"];
  if (isDangerous) classes.push("ab-danger");
  if (isApart) classes.push("ab-apart");
  return classes.join(" ");
}

function onMenuKey(event: KeyboardEvent<HTMLElement>, close: () => void) {
  const step = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    close();
  } else if (step) {
    event.preventDefault();
    const buttons = [
      ...event.currentTarget.querySelectorAll<HTMLButtonElement>("button:enabled"),
    ];
    const now = buttons.indexOf(event.target as HTMLButtonElement);
    buttons[(now + step + buttons.length) % buttons.length]?.focus();
  }
}
