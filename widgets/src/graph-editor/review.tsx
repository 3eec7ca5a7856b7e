/**
 * Two states of the agent held against each other: of those that are kept (`versions-panel`),
 * or what is on the canvas and what was saved elsewhere meanwhile.
 */

import { type Difference, differences, inWords, rebased } from "../graph/diff";
import type { PlainGraph } from "../protocol/messages";
import { Button } from "../ui/button";
import { DiffDrawing } from "./diff-drawing";
import { DifferenceList } from "./difference-list";
import { ReviewFrame, useMine } from "./review-frame";
import { VersionsPanel } from "./versions-panel";
import { useLocal, useView } from "./view";
import "./review.css";

export function Review() {
  const review = useLocal((state) => state.review);
  if (review === null) return null;
  if (review.of === "versions") return <VersionsPanel />;
  return <ConflictPanel theirs={review.theirs} />;
}

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
    <ReviewFrame title="Saved elsewhere meanwhile" said={inWords(found)}>
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
    </ReviewFrame>
  );
}
