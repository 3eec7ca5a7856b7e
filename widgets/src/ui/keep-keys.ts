/** Keeps what is typed into a widget from the notebook, which would act on its cells. */

const MODIFIERS = ["Shift", "Control", "Meta", "Alt"];

type Pressed = Pick<Event, "composedPath">;

export function isTyping(event: Pressed): boolean {
  const [target] = event.composedPath() as Partial<Element>[];
  return !!target?.closest?.("input, textarea, select, [contenteditable='true']");
}

/** Keeps keys and right clicks inside `el`, but for bare modifiers and Ctrl+S. */
export function keepKeysInside(el: HTMLElement, signal: AbortSignal): void {
  const isLetOut = (event: globalThis.KeyboardEvent) => {
    const isSave = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";
    return isSave || MODIFIERS.includes(event.key);
  };
  const onKey = (event: globalThis.KeyboardEvent) => {
    if (!isLetOut(event)) event.stopPropagation();
  };
  // Notebook 7 hears keys on their way down, before they come to us. It passes over what
  // has the focus and this mark; the window hears of them before it does.
  const onWayDown = (event: globalThis.KeyboardEvent) => {
    const [target] = event.composedPath();
    if (target instanceof Element && el.contains(target))
      target.toggleAttribute("data-lm-suppress-shortcuts", !isLetOut(event));
  };
  window.addEventListener("keydown", onWayDown, { signal, capture: true });
  const onMenu = (event: globalThis.MouseEvent) => {
    event.stopPropagation();
    if (!isTyping(event)) event.preventDefault();
  };
  const stop = (event: Event) => event.stopPropagation();
  el.addEventListener("keydown", onKey, { signal });
  el.addEventListener("contextmenu", onMenu, { signal });
  for (const drag of ["dragenter", "dragover", "drop"]) {
    el.addEventListener(drag, stop, { signal });
  }
}
