/** The bar above the canvas: the agent, its run, and the buttons. */

import { useState } from "react";
import { duration } from "../graph/names";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { StatusBadge } from "../ui/status";
import { useElapsed } from "./elapsed";
import { FilmButton } from "./film-strip";
import { canStop, isActive } from "./kernel-state";
import { toneOf } from "./lookup";
import { openRunMenu } from "./run-menu";
import { TitleInput } from "./title-input";
import { useKernel, useLocal, useReadOnly, useView } from "./view";

export function Toolbar() {
  const view = useView();
  const { actions, local } = view;
  const isPaletteOpen = useLocal((state) => state.isPaletteOpen);
  const isMaximised = useLocal((state) => state.isMaximised);
  const isRunFormOpen = useLocal((state) => state.isRunFormOpen);
  const isRunning = useKernel((state) => isActive(state.run));
  const isStoppable = useKernel((state) => canStop(state.run));
  const isReady = useKernel((state) => state.phase === "ready");
  const isReadOnly = useReadOnly();
  return (
    <div className="ab-toolbar" role="toolbar" aria-label="Agent">
      <Button
        icon="sidebar"
        label={isPaletteOpen ? "Hide blocks" : "Show blocks"}
        isIconOnly
        aria-pressed={isPaletteOpen}
        onClick={() => local.setState({ isPaletteOpen: !isPaletteOpen })}
      />
      <Name />
      <Saved />
      <History />
      <span className="ab-stretch" />
      <RunNow />
      <RunsButton />
      <FilmButton />
      <Problems />
      <Button
        icon="stop"
        label="Stop"
        look={isStoppable ? "plain" : "quiet"}
        disabled={!isStoppable}
        onClick={() => actions.stop()}
      />
      <span className="ab-run-pair">
        <Button
          icon="play"
          label="Run"
          look="primary"
          className="ab-run-button"
          disabled={!isReady || isRunning}
          hint="Run (Ctrl+Enter)"
          aria-expanded={isRunFormOpen}
          onClick={() => actions.askToRun()}
        />
        <Button
          icon="down"
          label="Ways to run"
          isIconOnly
          look="primary"
          className="ab-run-more"
          disabled={!isReady}
          aria-haspopup="menu"
          onClick={(event) => openRunMenu(view, event)}
        />
      </span>
      <span className="ab-rule" />
      <Button
        icon="save"
        label="Save"
        isIconOnly
        disabled={!isReady || isReadOnly}
        onClick={() => actions.save()}
      />
      <Button
        icon="versions"
        label="Versions"
        isIconOnly
        disabled={!isReady}
        onClick={() => local.setState({ review: { of: "versions" } })}
      />
      <Button
        icon={isMaximised ? "minimise" : "maximise"}
        label={isMaximised ? "Back into the notebook" : "Fill the panel"}
        isIconOnly
        aria-pressed={isMaximised}
        onClick={() => local.setState({ isMaximised: !isMaximised })}
      />
    </div>
  );
}

function Name() {
  const { actions } = useView();
  const name = useKernel((state) => state.about.name);
  const help = useKernel((state) => state.about.description);
  const isReadOnly = useReadOnly();
  const [isWriting, setWriting] = useState(false);
  if (isWriting) {
    const onDone = (next: string) => {
      setWriting(false);
      if (next && next !== name) actions.edit([{ edit: "rename", name: next }]);
    };
    return <TitleInput label="Name of the agent" value={name} onDone={onDone} />;
  }
  return (
    <button
      type="button"
      className="ab-name"
      title={help || "Rename the agent"}
      disabled={isReadOnly}
      onClick={() => setWriting(true)}
    >
      {name || "Agent"}
    </button>
  );
}

function Saved() {
  const isSaved = useKernel((state) => state.about.is_saved);
  const savedAs = useKernel((state) => state.about.saved_as);
  const isReadOnly = useKernel((state) => state.about.read_only !== "");
  if (isReadOnly) {
    return (
      <span className="ab-saved">
        <Icon name="lock" size={12} /> Read-only
      </span>
    );
  }
  return (
    <span className="ab-saved" data-saved={isSaved} title={savedAs || undefined}>
      {!isSaved && <span className="ab-dot" aria-hidden />}
      {isSaved ? savedAs || "No changes" : "Unsaved"}
    </span>
  );
}

function History() {
  const { rearranging } = useView();
  const undo = useKernel((state) => state.about.undo);
  const redo = useKernel((state) => state.about.redo);
  const isReadOnly = useReadOnly();
  return (
    <>
      <Button
        icon="undo"
        label={undo ? `Undo: ${undo}` : "Undo"}
        hint={undo ? `Undo: ${undo} (Ctrl+Z)` : "There is nothing to undo"}
        isIconOnly
        disabled={isReadOnly || !undo}
        onClick={rearranging.undo}
      />
      <Button
        icon="redo"
        label={redo ? `Redo: ${redo}` : "Redo"}
        hint={redo ? `Redo: ${redo} (Ctrl+Shift+Z)` : "There is nothing to do again"}
        isIconOnly
        disabled={isReadOnly || !redo}
        onClick={rearranging.redo}
      />
    </>
  );
}

function RunNow() {
  const run = useKernel((state) => state.run);
  const isRunning = isActive(run);
  const seconds = useElapsed(run?.seconds ?? 0, isRunning);
  if (!run) return null;
  const isElsewhere = isRunning && !run.is_ours;
  const note = duration(seconds) + (isElsewhere ? " · another kernel" : "");
  return (
    <>
      <StatusBadge status={run.status} note={note} reason={run.reason} />
      {run.reason !== "" && (
        <span className="ab-run-reason ab-clip" title={run.reason}>
          {run.reason}
        </span>
      )}
    </>
  );
}

/** Opens the list of runs, those of earlier kernels too. */
function RunsButton() {
  const { local } = useView();
  const count = useKernel((state) => state.runs.length);
  const waiting = useKernel((state) => state.waiting.length);
  const isOpen = useLocal((state) => state.areRunsOpen);
  const counted = count === 1 ? "1 run" : `${count} runs`;
  const label = waiting ? `${counted}, ${waiting} in line` : count ? counted : "Runs";
  return (
    <Button
      icon="list"
      label={label}
      look="quiet"
      aria-expanded={isOpen}
      onClick={() => local.setState({ areRunsOpen: !isOpen })}
    />
  );
}

function Problems() {
  const { local } = useView();
  const isOpen = useLocal((state) => state.areProblemsOpen);
  const problems = useKernel((state) => state.about.problems);
  const failures = useKernel((state) => state.run?.failures.length ?? 0);
  const tried = useLocal((state) => state.tried);
  const tones = problems.map((it) => toneOf(it, tried));
  const errors = tones.filter((tone) => tone === "error").length + failures;
  const todo = tones.filter((tone) => tone === "todo").length;
  const count = problems.length + failures;
  if (count === 0) return null;
  const isCalm = todo === count;
  const what = isCalm ? "to fill in" : count === 1 ? "problem" : "problems";
  const tone = errors > 0 ? "ab-tone-failed" : isCalm ? "" : "ab-tone-waiting";
  return (
    <Button
      icon={errors > 0 ? "alert" : isCalm ? "todo" : "warning"}
      label={`${count} ${what}`}
      look="quiet"
      className={tone}
      aria-expanded={isOpen}
      onClick={() => local.setState({ areProblemsOpen: !isOpen })}
    />
  );
}
