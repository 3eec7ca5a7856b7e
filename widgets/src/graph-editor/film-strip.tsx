/** The film of the run: played on and back over the canvas, event by event, with its timeline. */

import { useEffect, useRef, useState } from "react";
import { openPanel, type Panel } from "../film/panel";
import { inWords } from "../film/scale";
import type { RunState } from "../protocol/messages";
import { Button } from "../ui/button";
import { useDark } from "../ui/theme";
import { ContinueHere } from "./continue-here";
import { type FilmPlace, useFilm } from "./film-place";
import { SessionSource } from "./film-source";
import { isActive } from "./kernel-state";
import { useKernel, useLocal, useView } from "./view";
import "./film-strip.css";

/** Events a second while it is played. */
const SPEED = 6;

/** Opens the film, once there is a run. */
export function FilmButton() {
  const { local, session } = useView();
  const isOpen = useLocal((state) => state.isFilmOpen);
  const hasRun = useKernel((state) => state.run !== null);
  if (!hasRun) return null;
  const onClick = () => {
    if (isOpen) void session.request({ op: "seek", at: null }).catch(() => {});
    local.setState({ isFilmOpen: !isOpen });
  };
  return (
    <Button
      icon="film"
      label="Timeline"
      hint="The run over time, to step through"
      look="quiet"
      aria-expanded={isOpen}
      onClick={onClick}
    />
  );
}

export function FilmStrip() {
  const isOpen = useLocal((state) => state.isFilmOpen);
  const run = useKernel((state) => state.run);
  if (!isOpen || !run) return null;
  return <Film key={run.id} run={run} />;
}

function Film({ run }: { run: RunState }) {
  const { session, local } = useView();
  const film = useFilm(session);
  const isTimelineOpen = useLocal((state) => state.isTimelineOpen);
  const [isContinuing, setContinuing] = useState(false);
  const { frame, seek } = film;
  // What goes on has more events each time it is looked at.
  useEffect(() => {
    if (!run.at && run.status) seek(null);
  }, [run.at, run.status, seek]);
  const last = frame?.last ?? 0;
  const at = run.at || last;
  const [isPlaying, setPlaying] = usePlaying(film, at, last);
  const step = (by: number) => {
    setPlaying(false);
    const next = at + by;
    film.seek(next >= last ? null : Math.max(1, next));
  };
  return (
    <section className="ab-film-strip" aria-label="Film of the run">
      {isTimelineOpen && (
        <Dock run={run} cursor={run.at ? frame?.seconds : undefined} />
      )}
      {isContinuing && frame && (
        <ContinueHere frame={frame} onClose={() => setContinuing(false)} />
      )}
      <div className="ab-film-bar">
        <Button
          icon="first"
          label="To the beginning"
          isIconOnly
          disabled={at <= 1}
          onClick={() => step(-at)}
        />
        <Button
          icon="back"
          label="One event back"
          isIconOnly
          disabled={at <= 1}
          onClick={() => step(-1)}
        />
        <Button
          icon={isPlaying ? "pause" : "play"}
          label={isPlaying ? "Pause" : "Play"}
          isIconOnly
          disabled={last < 2}
          onClick={() => setPlaying(!isPlaying)}
        />
        <Button
          icon="step"
          label="One event on"
          isIconOnly
          disabled={at >= last}
          onClick={() => step(1)}
        />
        <Button
          icon="last"
          label="To the end"
          isIconOnly
          disabled={at >= last}
          onClick={() => film.seek(null)}
        />
        <input
          type="range"
          className="nodrag"
          aria-label="Event"
          aria-valuetext={frame ? `${at} of ${last}: ${frame.said}` : undefined}
          min={1}
          max={Math.max(1, last)}
          value={Math.max(1, at)}
          onChange={(event) => {
            setPlaying(false);
            const next = Number(event.target.value);
            film.seek(next >= last ? null : next);
          }}
        />
        <span className="ab-film-at">
          {at.toLocaleString("en")} / {last.toLocaleString("en")}
        </span>
        <span className="ab-film-said ab-clip" title={film.trouble || frame?.said}>
          {film.trouble || (frame && `${inWords(frame.seconds)} · ${frame.said}`)}
        </span>
        <Button
          icon="split"
          label="Continue from here"
          look="quiet"
          disabled={!frame || isActive(run)}
          aria-expanded={isContinuing}
          onClick={() => setContinuing(!isContinuing)}
        />
        <Button
          icon={isTimelineOpen ? "down" : "up"}
          label={isTimelineOpen ? "Hide the timeline" : "Show the timeline"}
          isIconOnly
          onClick={() => local.setState({ isTimelineOpen: !isTimelineOpen })}
        />
        <Button
          icon="close"
          label="Close the film"
          isIconOnly
          onClick={() => {
            film.seek(null);
            local.setState({ isFilmOpen: false });
          }}
        />
      </div>
    </section>
  );
}

/** Plays the film on: the next event a moment after the last one is shown. */
function usePlaying(film: FilmPlace, at: number, last: number) {
  const [isPlaying, setPlaying] = useState(false);
  const { seek } = film;
  useEffect(() => {
    if (!isPlaying) return;
    if (at >= last) {
      setPlaying(false);
      return;
    }
    const next = at + 1;
    const timer = setTimeout(() => seek(next >= last ? null : next), 1000 / SPEED);
    return () => clearTimeout(timer);
  }, [isPlaying, at, last, seek]);
  const start = (should: boolean) => {
    // At its end it is played from the beginning.
    if (should && at >= last) seek(1);
    setPlaying(should);
  };
  return [isPlaying, start] as const;
}

/** The timeline below the canvas; the line in it is where the film stands. */
function Dock({ run, cursor }: { run: RunState; cursor: number | undefined }) {
  const { session } = useView();
  const host = useRef<HTMLDivElement>(null);
  const panel = useRef<Panel>(null);
  const isDark = useDark();
  useEffect(() => {
    const box = host.current;
    if (!box) return;
    const source = new SessionSource(session);
    const opened = openPanel(box, source, { mostHeight: 210 });
    panel.current = opened;
    const goesOn = () => isActive(session.kernel.getState().run);
    void source.renew(goesOn);
    return () => {
      opened.close();
      source.close();
      box.replaceChildren();
      panel.current = null;
    };
  }, [session]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are others
  useEffect(() => panel.current?.timeline.repaint(), [isDark]);
  useEffect(() => panel.current?.timeline.setCursor(cursor), [cursor]);
  return <div ref={host} className="ab-film ab-film-dock" data-run={run.id} />;
}
