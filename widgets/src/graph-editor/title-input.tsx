/** A title being written in its place: Enter keeps it, Escape leaves it. */

import { type KeyboardEvent, useEffect, useRef } from "react";

interface Props {
  label: string;
  value: string;
  onDone(value: string): void;
}

export function TitleInput({ label, value, onDone }: Props) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Escape") event.currentTarget.value = value;
    if (event.key === "Enter" || event.key === "Escape") {
      event.stopPropagation();
      event.currentTarget.blur();
    }
  };
  return (
    <input
      ref={input}
      className="ab-title-input nodrag nokey"
      aria-label={label}
      defaultValue={value}
      onKeyDown={onKeyDown}
      onBlur={(event) => onDone(event.currentTarget.value.trim())}
    />
  );
}
