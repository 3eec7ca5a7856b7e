/** A small menu at a place inside the widget: arrow keys move, Escape closes. */

import { type KeyboardEvent, useLayoutEffect, useRef, useState } from "react";
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

interface Props {
  label: string;
  items: readonly MenuItem[];
  /** Where, in pixels from the left top corner of the widget. */
  at: { x: number; y: number };
  onClose(): void;
}

export function Menu({ label, items, at, onClose }: Props) {
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
      </div>
    </>
  );
}

function classesOf({ isDangerous, isApart }: MenuItem): string {
  const classes = ["ab-menu-item"];
  if (isDangerous) classes.push("ab-danger");
  if (isApart) classes.push("ab-apart");
  return classes.join(" ");
}

function onMenuKey(event: KeyboardEvent<HTMLElement>, close: () => void) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
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
