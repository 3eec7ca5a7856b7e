/** A search box over blocks: arrows choose, Enter adds, Escape clears. */

import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { searchBlocks } from "../graph/search";
import type { WireBlock } from "../protocol/messages";
import { Icon } from "../ui/icon";

/** The state of a search: what is found, and which of it is the active one. */
export function useBlockSearch(blocks: readonly WireBlock[]) {
  const listId = useId();
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(-1);
  const found = useMemo(() => searchBlocks(blocks, query), [blocks, query]);
  const write = (text: string) => {
    setQuery(text);
    setActive(text.trim() ? 0 : -1);
  };
  return { listId, query, write, active, setActive, found };
}

type Search = ReturnType<typeof useBlockSearch>;

interface Props {
  search: Search;
  /** The blocks in the order in which they are shown. */
  shown: readonly WireBlock[];
  label: string;
  isAutoFocused?: boolean;
  onAdd(block: string): void;
  onEscape?(): void;
}

export const optionId = (listId: string, block: string) => `${listId}-${block}`;

export function BlockSearch(props: Props) {
  const { search, shown, label, isAutoFocused, onAdd, onEscape } = props;
  const { listId, query, write, active, setActive } = search;
  const chosen = shown[active];
  const box = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (!chosen) return;
    const list = box.current?.getRootNode() as Document | ShadowRoot | undefined;
    const option = list?.getElementById(optionId(listId, chosen.id));
    option?.scrollIntoView({ block: "nearest" });
  }, [chosen, listId]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) {
      event.preventDefault();
      setActive((active + step + shown.length) % shown.length);
    } else if (event.key === "Enter" && chosen) {
      event.preventDefault();
      onAdd(chosen.id);
    } else if (event.key === "Escape" && (query || onEscape)) {
      event.preventDefault();
      event.stopPropagation();
      if (query && !onEscape) write("");
      else onEscape?.();
    }
  };

  return (
    <div className="ab-search">
      <Icon name="search" />
      <input
        ref={box}
        type="text"
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={chosen && optionId(listId, chosen.id)}
        aria-label={label}
        placeholder={label}
        spellCheck={false}
        autoComplete="off"
        // biome-ignore lint/a11y/noAutofocus: the box was opened to be typed in
        autoFocus={isAutoFocused}
        value={query}
        onChange={(event) => write(event.target.value)}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}
