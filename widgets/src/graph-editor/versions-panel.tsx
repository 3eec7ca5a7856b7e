/** How the agent was before: versions, the file and its commits, steps; two of them compared. */

import { useEffect, useState } from "react";
import { differences, inWords } from "../graph/diff";
import type { Versions as Found, PlainGraph, WireVersion } from "../protocol/messages";
import { Button } from "../ui/button";
import { ago } from "./banner";
import { DiffDrawing } from "./diff-drawing";
import { DifferenceList } from "./difference-list";
import { ReviewFrame, useMine } from "./review-frame";
import { useReadOnly, useView } from "./view";

/** The canvas, among what it can be held up to. */
const NOW: WireVersion = {
  key: "now",
  kind: "version",
  name: "The canvas",
  note: "",
  at: 0,
  is_open: false,
};

type Pair = [WireVersion, WireVersion];

export function VersionsPanel() {
  const { actions, session } = useView();
  const mine = useMine();
  const isReadOnly = useReadOnly();
  const [versions, setVersions] = useState<WireVersion[]>();
  const [pair, setPair] = useState<Pair>([NOW, NOW]);
  const before = usePlain(pair[0], mine);
  const after = usePlain(pair[1], mine);
  useEffect(() => {
    session.request({ op: "versions" }).then(
      (found) => {
        const { versions } = found as Found;
        setVersions(versions);
        setPair([versions[0] ?? NOW, NOW]);
      },
      (error) => actions.fault(error),
    );
  }, [session, actions]);
  const found = before && after ? differences(before, after) : [];
  const putBack = async () => {
    if (!before) return;
    const title = `Put back ${inSentence(pair[0])}`;
    const edits = differences(mine, before).flatMap((it) => it.edits);
    const isDone = await actions.edit(edits, undefined, { title });
    if (isDone)
      actions.toast("info", `This is ${inSentence(pair[0])}; save to keep it.`);
  };
  if (!versions?.length) {
    const why = versions ? "Nothing was saved and nothing was changed here yet." : "…";
    return (
      <ReviewFrame title="Versions" said="">
        <p className="ab-review-empty">{why}</p>
      </ReviewFrame>
    );
  }
  const said = found.length ? inWords(found) : "no difference";
  const saved = versions.filter(({ kind }) => kind !== "step");
  const steps = versions.filter(({ kind }) => kind === "step");
  return (
    <ReviewFrame title="Versions" said={before && after ? said : "…"}>
      <div className="ab-review-body">
        <div className="ab-version-list">
          <Versions title="" of={[NOW]} pair={pair} choose={setPair} />
          <Versions title="Saved" of={saved} pair={pair} choose={setPair} />
          <Versions title="Before the step" of={steps} pair={pair} choose={setPair} />
        </div>
        <div className="ab-review-main">
          {before && after && (
            <DiffDrawing before={before} after={after} found={found} />
          )}
          <DifferenceList found={found} />
        </div>
      </div>
      <footer className="ab-review-foot">
        {["added", "changed", "removed"].map((kind) => (
          <span key={kind} className="ab-review-key" data-kind={kind}>
            {kind}
          </span>
        ))}
        <span className="ab-stretch" />
        {pair[0] !== NOW && (
          <Button
            label={`Put back ${inSentence(pair[0])}`}
            look="plain"
            disabled={isReadOnly || session.isTyping()}
            onClick={putBack}
          />
        )}
      </footer>
    </ReviewFrame>
  );
}

/** A version in the middle of a sentence. */
function inSentence({ kind, name }: WireVersion): string {
  if (kind === "commit") return `commit ${name}`;
  if (kind === "step") return `what was before “${name}”`;
  return name.charAt(0).toLowerCase() + name.slice(1);
}

interface VersionsProps {
  title: string;
  of: readonly WireVersion[];
  pair: Pair;
  choose(pair: Pair): void;
}

function Versions({ title, of, pair, choose }: VersionsProps) {
  if (of.length === 0) return null;
  return (
    <>
      {title && <h3>{title}</h3>}
      <ol aria-label={title || "Now"}>
        {of.map((version) => (
          <Row key={version.key} version={version} pair={pair} choose={choose} />
        ))}
      </ol>
    </>
  );
}

interface RowProps {
  version: WireVersion;
  pair: Pair;
  choose(pair: Pair): void;
}

function Row({ version, pair, choose }: RowProps) {
  const { key, kind, name, note, at, is_open } = version;
  const [from, to] = pair;
  const when = at ? ago(at * 1000) : version === NOW ? "now" : "";
  const isChosen = from.key === key || to.key === key;
  return (
    <li data-chosen={isChosen || undefined} data-kind={kind}>
      <span className="ab-version-name" title={name}>
        {name}
        {is_open && <em> · open</em>}
      </span>
      <span className="ab-version-when" title={note}>
        {[when, note].filter(Boolean).join(" · ")}
      </span>
      <span className="ab-version-ends">
        {(["from", "to"] as const).map((end, index) => (
          <button
            key={end}
            type="button"
            aria-label={`Compare ${end} ${name}`}
            aria-pressed={pair[index]?.key === key}
            onClick={() => choose(index === 0 ? [version, to] : [from, version])}
          >
            {end}
          </button>
        ))}
      </span>
    </li>
  );
}

/** A version as plain data; undefined until it has come. */
function usePlain({ key }: WireVersion, mine: PlainGraph): PlainGraph | undefined {
  const { actions, session } = useView();
  const [known, setKnown] = useState<Record<string, PlainGraph>>({});
  const isMissing = key !== NOW.key && !known[key];
  useEffect(() => {
    if (!isMissing) return;
    session.request({ op: "look", key }).then(
      (plain) => setKnown((old) => ({ ...old, [key]: plain as PlainGraph })),
      (error) => actions.fault(error),
    );
  }, [session, actions, key, isMissing]);
  return key === NOW.key ? mine : known[key];
}
