/**
 * Two versions held against each other: one of the library and another, or what is on the
 * canvas and what was saved elsewhere meanwhile.
 */

import { useEffect, useState } from "react";
import { type Difference, differences, inWords, plainOf, rebased } from "../graph/diff";
import type { PlainGraph, WireVersion } from "../protocol/messages";
import { Button } from "../ui/button";
import { ago } from "./banner";
import { DiffDrawing } from "./diff-drawing";
import { DifferenceList } from "./difference-list";
import { takeFocus, useKernel, useLocal, useReadOnly, useView } from "./view";
import "./review.css";

export function Review() {
  const review = useLocal((state) => state.review);
  if (review === null) return null;
  if (review.of === "versions") return <VersionsPanel />;
  return <ConflictPanel theirs={review.theirs} />;
}

/** What is on the canvas now, as plain data. */
function useMine(): PlainGraph {
  const name = useKernel((state) => state.about.name);
  const nodes = useKernel((state) => state.nodes);
  const links = useKernel((state) => state.links);
  return plainOf(name, nodes, links);
}

interface FrameProps {
  title: string;
  said: string;
  children: React.ReactNode;
}

function Frame({ title, said, children }: FrameProps) {
  const view = useView();
  const close = () => {
    view.local.setState({ review: null });
    takeFocus(view);
  };
  return (
    <section
      className="ab-review"
      aria-label={title}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        close();
      }}
    >
      <header className="ab-review-head">
        <h2>{title}</h2>
        <span>{said}</span>
        <span className="ab-stretch" />
        <Button icon="close" label="Close" isIconOnly autoFocus onClick={close} />
      </header>
      {children}
    </section>
  );
}

// ---- versions -------------------------------------------------------------------

/** The canvas among the versions. */
const NOW = 0;

function VersionsPanel() {
  const { actions, session } = useView();
  const mine = useMine();
  const isReadOnly = useReadOnly();
  const [versions, setVersions] = useState<WireVersion[]>();
  const [file, setFile] = useState("");
  const [pair, setPair] = useState<[number, number]>([NOW, NOW]);
  const before = usePlain(pair[0], mine);
  const after = usePlain(pair[1], mine);
  useEffect(() => {
    actions.versions().then(
      (found) => {
        setVersions(found.versions);
        setFile(found.file);
        setPair([found.versions[0]?.number ?? NOW, NOW]);
      },
      (error) => actions.toast("error", String(error.message)),
    );
  }, [actions]);
  const found = before && after ? differences(before, after) : [];
  const putBack = async () => {
    if (!before) return;
    const title = `Put back version ${pair[0]}`;
    const edits = differences(mine, before).flatMap((it) => it.edits);
    const isDone = await actions.edit(edits, undefined, { title });
    if (isDone) actions.toast("info", `The canvas is as version ${pair[0]} was.`);
  };
  if (versions?.length === 0) {
    const why = file
      ? `This agent is kept in ${file}: git knows its versions.`
      : "This agent was not saved yet.";
    return (
      <Frame title="Versions" said="">
        <p className="ab-review-empty">{why}</p>
      </Frame>
    );
  }
  const said = found.length ? inWords(found) : "no difference";
  return (
    <Frame title="Versions" said={before && after ? said : "…"}>
      <div className="ab-review-body">
        <ol className="ab-version-list">
          {[
            { number: NOW, saved: 0, hash: "", is_open: false },
            ...(versions ?? []),
          ].map((version) => (
            <VersionRow
              key={version.number}
              version={version}
              pair={pair}
              choose={setPair}
            />
          ))}
        </ol>
        <div className="ab-review-main">
          {before && after && (
            <DiffDrawing before={before} after={after} found={found} />
          )}
          <DifferenceList found={found} />
        </div>
      </div>
      <footer className="ab-review-foot">
        <span className="ab-review-key" data-kind="added">
          added
        </span>
        <span className="ab-review-key" data-kind="changed">
          changed
        </span>
        <span className="ab-review-key" data-kind="removed">
          removed
        </span>
        <span className="ab-stretch" />
        {pair[0] !== NOW && (
          <Button
            label={`Put back version ${pair[0]}`}
            look="plain"
            disabled={isReadOnly || session.isTyping()}
            onClick={putBack}
          />
        )}
      </footer>
    </Frame>
  );
}

interface RowProps {
  version: WireVersion;
  pair: [number, number];
  choose(pair: [number, number]): void;
}

function VersionRow({ version: { number, saved, is_open }, pair, choose }: RowProps) {
  const name = number === NOW ? "The canvas" : `Version ${number}`;
  const when = number === NOW ? "now" : ago(saved * 1000);
  return (
    <li data-chosen={pair.includes(number) || undefined}>
      <span className="ab-version-name">
        {name}
        {is_open && <em> · open</em>}
      </span>
      <span className="ab-version-when">{when}</span>
      <span className="ab-version-ends">
        {(["from", "to"] as const).map((end, index) => (
          <button
            key={end}
            type="button"
            aria-label={`Compare ${end} ${name}`}
            aria-pressed={pair[index] === number}
            onClick={() => choose(index === 0 ? [number, pair[1]] : [pair[0], number])}
          >
            {end}
          </button>
        ))}
      </span>
    </li>
  );
}

/** A version as plain data; undefined until it has come. */
function usePlain(number: number, mine: PlainGraph): PlainGraph | undefined {
  const { actions } = useView();
  const [known, setKnown] = useState<Record<number, PlainGraph>>({});
  const isMissing = number !== NOW && !known[number];
  useEffect(() => {
    if (!isMissing) return;
    actions.version(number).then(
      (plain) => setKnown((old) => ({ ...old, [number]: plain })),
      (error) => actions.toast("error", String(error.message)),
    );
  }, [actions, number, isMissing]);
  return number === NOW ? mine : known[number];
}

// ---- a conflict -----------------------------------------------------------------

function ConflictPanel({ theirs }: { theirs: PlainGraph }) {
  const { actions, session, local } = useView();
  const mine = useMine();
  const base = session.drafting?.lastSaved() ?? mine;
  const { fits, clashes } = rebased(base, theirs, mine);
  const found = differences(mine, theirs);
  const close = () => local.setState({ review: null });
  const bring = async (list: readonly Difference[], title: string) => {
    const edits = list.flatMap((it) => it.edits);
    if (edits.length && !(await actions.edit(edits, undefined, { title }))) return;
    if (await actions.save(theirs.hash)) close();
  };
  const clash = clashes.length
    ? `${clashes.length} of them you changed too: yours stay when they are merged.`
    : "None of them is about what you changed.";
  return (
    <Frame title="Saved elsewhere meanwhile" said={inWords(found)}>
      <p className="ab-review-note">
        Somebody, another notebook or another program saved this agent after you opened
        it. {clash} Nothing is lost: each choice can be undone.
      </p>
      <div className="ab-review-body">
        <div className="ab-review-main">
          <DiffDrawing before={mine} after={theirs} found={found} />
          <DifferenceList found={found} clashes={clashes} />
        </div>
      </div>
      <footer className="ab-review-foot">
        <span className="ab-review-key" data-kind="added">
          theirs only
        </span>
        <span className="ab-review-key" data-kind="changed">
          different
        </span>
        <span className="ab-review-key" data-kind="removed">
          yours only
        </span>
        <span className="ab-stretch" />
        <Button label="Take theirs" onClick={() => bring(found, "Take theirs")} />
        <Button label="Save yours on top" look="plain" onClick={() => bring([], "")} />
        <Button
          label="Merge and save"
          look="primary"
          onClick={() => bring(fits, "Merge what was saved elsewhere")}
        />
      </footer>
    </Frame>
  );
}
