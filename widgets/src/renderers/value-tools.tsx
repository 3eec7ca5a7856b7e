/** What can be done with a value: copy, download, open in a new cell, give a name. */

import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { reasonOf } from "../bridge/asking";
import { copied } from "../ui/clipboard";
import { Icon, type IconName } from "../ui/icon";
import type { Value } from "./value-ask";

interface ToolsProps {
  value: Value;
  /** What the value is called; `all of them` for several. */
  label: string;
  tell(said: Said): void;
}

/** What came of it, in a line. */
export interface Said {
  text: string;
  level: "info" | "error";
}

const SILENCE: Said = { text: "", level: "info" };

/** A line that goes away by itself; errors stay a little longer. */
export function useSaid(): [Said, (said: Said) => void] {
  const [said, setSaid] = useState(SILENCE);
  useEffect(() => {
    if (said.text === "") return;
    const stay = said.level === "error" ? 12_000 : 4_000;
    const timer = setTimeout(() => setSaid(SILENCE), stay);
    return () => clearTimeout(timer);
  }, [said]);
  return [said, setSaid];
}

export function SaidLine({ said }: { said: Said }) {
  return (
    <p className="ab-value-said" data-level={said.level} role="status">
      {said.text}
    </p>
  );
}

export function ValueTools({ value, label, tell }: ToolsProps) {
  const [isNaming, setNaming] = useState(false);
  const [busy, setBusy] = useState("");
  const place = useRef<HTMLSpanElement>(null);

  const doing = async (what: string, work: () => Promise<string>) => {
    setBusy(what);
    try {
      tell({ text: await work(), level: "info" });
    } catch (error) {
      tell({ text: reasonOf(error), level: "error" });
    }
    setBusy("");
  };
  const copy = async () => {
    const isDone = await copied(await value.text(), place.current);
    return isDone ? "Copied." : "The browser does not let it be copied.";
  };
  const download = async () => {
    const name = await value.download((part) => {
      tell({ text: `Fetching: ${Math.round(part * 100)} %`, level: "info" });
    });
    return `Downloaded as ${name}.`;
  };
  const open = async () => {
    const { name, left } = await value.openInCell();
    if (left === "") return `Opened in a new cell; its name is ${name}.`;
    await copied(left, place.current);
    return `Its name is ${name}; what to write in a cell is copied.`;
  };
  const assign = async (name: string) => {
    setNaming(false);
    return `Its name is ${(await value.assign(name)).name}.`;
  };
  const tool = (icon: IconName, words: string, work: () => Promise<string>) => (
    <Tool
      icon={icon}
      words={words}
      isBusy={busy === words}
      onClick={() => doing(words, work)}
    />
  );
  return (
    <span className="ab-value-tools" ref={place}>
      {isNaming && (
        <NameInput
          give={(name) => doing("name", () => assign(name))}
          close={() => setNaming(false)}
        />
      )}
      {tool("copy", `Copy ${label}`, copy)}
      {tool("download", `Download ${label}`, download)}
      {tool("new-cell", `Open ${label} in a new cell`, open)}
      <Tool
        icon="name"
        words={`Give ${label} a name in the notebook`}
        isBusy={false}
        onClick={() => setNaming(!isNaming)}
      />
    </span>
  );
}

interface ToolProps {
  icon: IconName;
  words: string;
  isBusy: boolean;
  onClick(): void;
}

function Tool({ icon, words, isBusy, onClick }: ToolProps) {
  return (
    <button
      type="button"
      className="ab-mini"
      title={words}
      aria-label={words}
      disabled={isBusy}
      onClick={onClick}
    >
      <Icon name={icon} size={13} />
    </button>
  );
}

function NameInput({ give, close }: { give(name: string): void; close(): void }) {
  const [name, setName] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Enter" && name.trim() !== "") give(name.trim());
    if (event.key === "Escape") close();
  };
  return (
    <input
      ref={field}
      className="ab-value-name-input"
      placeholder="name"
      aria-label="Name in the notebook"
      spellCheck={false}
      value={name}
      onChange={(event) => setName(event.target.value)}
      onKeyDown={onKeyDown}
    />
  );
}
