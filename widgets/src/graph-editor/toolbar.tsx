/** The bar above the canvas: the agent, its run, and the buttons. */

import { useState } from "react";
import { duration } from "../graph/names";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { StatusBadge } from "../ui/status";
import { useElapsed } from "./elapsed";
import { canStop, isActive } from "./kernel-state";
import { openRunMenu } from "./menus";
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
      <span className="ab-stretch" />
      <RunNow />
      <Problems />
      <Button
        icon="stop"
        label="Stop"
        look={isStoppable ? "plain" : "quiet"}
        disabled={!isStoppable}
        onClick={actions.stop}
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
          disabled={!isReady || isRunning}
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

function Problems() {
  const { local } = useView();
  const isOpen = useLocal((state) => state.areProblemsOpen);
  const problems = useKernel((state) => state.about.problems);
  const failures = useKernel((state) => state.run?.failures.length ?? 0);
  const errors = problems.filter(({ level }) => level === "error").length + failures;
  const count = problems.length + failures;
  if (count === 0) return null;
  return (
    <Button
      icon={errors > 0 ? "alert" : "warning"}
      label={`${count} ${count === 1 ? "problem" : "problems"}`}
      look="quiet"
      className={errors > 0 ? "ab-tone-failed" : "ab-tone-waiting"}
      aria-expanded={isOpen}
      onClick={() => local.setState({ areProblemsOpen: !isOpen })}
    />
  );
}
