/** The list of keys that `?` opens at the right of the canvas: one tries them while one reads. */

import { Fragment } from "react";
import { Button } from "../ui/button";
import { SHORTCUTS } from "./shortcuts";
import { takeFocus, useLocal, useView } from "./view";

const IS_MAC = /mac|iphone|ipad/i.test(globalThis.navigator?.platform ?? "");
const WORDS: Readonly<Record<string, string>> = {
  Mod: IS_MAC ? "⌘" : "Ctrl",
  Alt: IS_MAC ? "⌥" : "Alt",
  Shift: IS_MAC ? "⇧" : "Shift",
  Delete: "Del",
};

/** Keys as people read them: `Mod+Shift+Z` is Ctrl, Shift and Z, each on a key. */
export const keyWords = (keys: string): string[] =>
  keys === "+" ? ["+"] : keys.split("+").map((key) => WORDS[key] ?? key);

export function Help() {
  const view = useView();
  const isOpen = useLocal((state) => state.isHelpOpen);
  if (!isOpen) return null;
  const close = () => {
    view.local.setState({ isHelpOpen: false });
    takeFocus(view);
  };
  const groups = [...new Set(SHORTCUTS.map(({ group }) => group))];
  return (
    <section className="ab-help" role="dialog" aria-label="Keys">
      <header className="ab-panel-head">
        <strong>Keys</strong>
        <Button
          icon="close"
          label="Close the list of keys"
          isIconOnly
          autoFocus
          onClick={close}
        />
      </header>
      <div className="ab-help-groups">
        {groups.map((group) => (
          <Fragment key={group}>
            <section className="ab-help-group" aria-label={group}>
              <div className="ab-help-title">{group}</div>
              {SHORTCUTS.filter((it) => it.group === group && it.label).map((it) => (
                <div key={it.label} className="ab-help-line">
                  <span>{it.label}</span>
                  <Keys keys={it.shown ?? it.keys[0] ?? ""} />
                </div>
              ))}
            </section>
          </Fragment>
        ))}
      </div>
    </section>
  );
}

function Keys({ keys }: { keys: string }) {
  return (
    <span className="ab-help-keys">
      {keyWords(keys).map((key) => (
        <kbd key={key} className="ab-key">
          {key}
        </kbd>
      ))}
    </span>
  );
}
