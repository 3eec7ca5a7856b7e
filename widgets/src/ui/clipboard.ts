/** The clipboard, also where a page may not use it. */

/** Notebooks served without encryption have no clipboard; the old way still works there. */
export async function copied(text: string, near: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedBySelection(text, near);
  }
}

function copiedBySelection(text: string, near: HTMLElement | null): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "ab-offscreen";
  near?.parentElement?.append(area);
  area.select();
  const isDone = document.execCommand?.("copy") ?? false;
  area.remove();
  near?.focus();
  return isDone;
}
