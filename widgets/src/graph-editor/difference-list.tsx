/** What differs, node by node, with what it was and what it is. */

import type { Difference } from "../graph/diff";

interface Props {
  found: readonly Difference[];
  /** Those that were changed on both sides. */
  clashes?: readonly Difference[];
}

const WORDS: Record<Difference["kind"], string> = {
  added: "is new",
  removed: "is gone",
  changed: "",
  moved: "stands elsewhere",
  linked: "linked",
  unlinked: "no longer linked",
};

export function DifferenceList({ found, clashes = [] }: Props) {
  const clashing = new Set(clashes.map((it) => `${it.node}\n${it.what}`));
  return (
    <ul className="ab-difference-list">
      {found.map((it) => {
        const key = `${it.node}\n${it.what}`;
        const isLink = it.kind === "linked" || it.kind === "unlinked";
        return (
          <li key={`${key}\n${it.kind}`} data-kind={it.kind}>
            <strong>{isLink ? it.what : it.node}</strong>{" "}
            {it.kind === "changed" ? (
              <>
                {it.what.replaceAll("_", " ")}:{" "}
                {it.before !== undefined && <del>{said(it.before)}</del>}{" "}
                {it.after !== undefined && <ins>{said(it.after)}</ins>}
              </>
            ) : (
              WORDS[it.kind]
            )}
            {clashing.has(key) && <em> · changed by both</em>}
          </li>
        );
      })}
    </ul>
  );
}

/** A value in so many letters. */
function said(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return text.length > 120 ? `${text.slice(0, 119)}…` : text || "nothing";
}
