/** Whether the page is dark: JupyterLab, VS Code, Colab and marimo each say it their way. */

import { useSyncExternalStore } from "react";

const MARKS = [
  "data-jp-theme-light",
  "class",
  "theme",
  "data-theme",
  "data-vscode-theme-kind",
];

function isDark(): boolean {
  const { body, documentElement: html } = document;
  const jupyter = body.dataset.jpThemeLight;
  if (jupyter !== undefined) return jupyter === "false";
  const hasClass = (name: string) =>
    body.classList.contains(name) || html.classList.contains(name);
  if (hasClass("vscode-light") || hasClass("light")) return false;
  if (hasClass("vscode-dark") || hasClass("vscode-high-contrast") || hasClass("dark")) {
    return true;
  }
  return html.getAttribute("theme") === "dark" || html.dataset.theme === "dark";
}

function subscribe(tell: () => void): () => void {
  const watcher = new MutationObserver(tell);
  for (const part of [document.documentElement, document.body]) {
    watcher.observe(part, { attributes: true, attributeFilter: MARKS });
  }
  return () => watcher.disconnect();
}

export const useDark = (): boolean => useSyncExternalStore(subscribe, isDark);

/** Calls `tell` with whether the page is dark, now and whenever that changes. */
export function followTheme(tell: (isDark: boolean) => void): () => void {
  tell(isDark());
  return subscribe(() => tell(isDark()));
}
