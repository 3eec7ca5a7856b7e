/**
 * The system clipboard: what is copied is text that any editor, notebook or file takes.
 *
 * The browser's own copy and paste events work everywhere, also where a page may not read
 * the clipboard by itself.
 */

import { isTyping } from "../ui/keep-keys";
import { isReadOnly } from "./keys";
import { pointedSpot } from "./pointer";
import type { View } from "./view";

export function followClipboard(view: View, signal: AbortSignal): void {
  const { root, rearranging, actions } = view;
  const isOurs = (event: ClipboardEvent) => {
    const words = (root.getRootNode() as Document).getSelection?.()?.toString();
    return !isTyping(event) && (event.type === "paste" || !words);
  };
  const take = (event: ClipboardEvent) => {
    event.stopPropagation();
    if (!isOurs(event) || (event.type === "cut" && isReadOnly(view))) return;
    const text = rearranging.copied();
    if (!text) return;
    event.preventDefault();
    event.clipboardData?.setData("text/plain", text);
    if (event.type === "cut") actions.removeSelected();
  };
  root.addEventListener("copy", take, { signal });
  root.addEventListener("cut", take, { signal });
  root.addEventListener(
    "paste",
    (event) => {
      event.stopPropagation();
      if (!isOurs(event) || isReadOnly(view)) return;
      event.preventDefault();
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (text.trim()) rearranging.paste(text, pointedSpot(view).spot);
    },
    { signal },
  );
}

/** Copies or cuts from a menu, where no key was pressed. */
export async function copyNow(view: View, how: "copy" | "cut"): Promise<void> {
  const { rearranging, actions, root } = view;
  const text = rearranging.copied();
  if (!text) return;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    writeByHand(text, root);
  }
  if (how === "cut") actions.removeSelected();
}

/** Where a page may not write the clipboard by itself: as if somebody copied it. */
function writeByHand(text: string, root: HTMLElement): void {
  const area = document.createElement("textarea");
  area.value = text;
  root.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

/** Pastes from a menu, where the page may read the clipboard. */
export async function pasteNow(view: View): Promise<void> {
  const { rearranging, actions } = view;
  const { spot } = pointedSpot(view);
  try {
    await rearranging.paste(await navigator.clipboard.readText(), spot);
  } catch {
    actions.toast("info", "The browser does not let a menu paste: press Ctrl+V.");
  }
}
