"""Page: a run as one HTML file that needs no kernel and no network, to hand to others.

Its policy (in the file, before all else) lets it load nothing and run only its own
programs, by their hashes. What the run said lies in it as JSON and is shown as text and
images; formulas, diagrams and charts are drawn in frames of no origin, by a library that
is in the page only where such a value is. A reader without scripts sees the drawing and
the firings as plain text.
"""

import base64
import html
import importlib.metadata
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from agentbench.domain.errors import BackendError, CodecError, StoreError
from agentbench.domain.event import Event, ValueEmitted
from agentbench.domain.graph import Graph
from agentbench.domain.redaction import Redaction
from agentbench.domain.renderer import MimeBundle
from agentbench.domain.run import RunStatus
from agentbench.domain.value import ValueRef
from agentbench.engine.state import RunState
from agentbench.engine.values import ValueKeeper
from agentbench.renderers.graph import draw_graph
from agentbench.workbench.bundle import bundled
from agentbench.workbench.files import replacing
from agentbench.workbench.film.index import excerpt
from agentbench.workbench.film.look import FiringLook, ValueLook, look, value_look
from agentbench.workbench.film.looking import LookedAt, look_at
from agentbench.workbench.film.outline import Outline
from agentbench.workbench.film.parcel import about, bars
from agentbench.workbench.film.stages import Program, digest_of, program_of
from agentbench.workbench.film.timeline import Timeline
from agentbench.workbench.gone import Gone

ENDING = ".run.html"
MOST_SPANS = 20_000
"""Up to so many spans each has a bar of its own; more are counted together."""
FINE = 12_000
"""Pixels of the window in which they are."""
MOST_FIRINGS = 1_500
MOST_BYTES = 12_000_000
"""So many firings are in the page in full, of so many bytes; the failed ones first."""
MOST_OUTPUTS = 20
MOST_NODES = 600
LINES = 400


class Bench(Protocol):
    """What a page asks of the workbench."""

    redaction: Redaction

    @property
    def keeper(self) -> ValueKeeper:
        """Reads values back."""

    def render(self, thing: Any) -> MimeBundle:
        """A value as a MIME bundle."""

    def run(self, id: str) -> LookedAt:
        """The run of that id."""


class Shown(Protocol):
    """What a page asks of a run."""

    id: str
    agent: str
    graph: Graph

    @property
    def status(self) -> RunStatus:
        """Where it stands."""

    def new_state(self) -> RunState:
        """A state before its first event."""

    def picked(self, numbers: Sequence[int]) -> Iterator[Event]:
        """The events of those numbers."""

    def timeline_with(self, also: Callable[[list[Event]], None]) -> Timeline:
        """When each firing ran, and all the events handed on."""


def write_page(bench: Bench, run: Shown, path: Path) -> Path:
    """Writes the page of a run; into a folder, as a file named after the run. Says where.

    Raises:
        StoreError: it has not begun, or the file cannot be written.
        PluginError: the front end is not built.
    """
    if path.is_dir():
        path /= f"{run.id.partition('.')[0]}{ENDING}"
    text = page_of(bench, run)
    try:
        with replacing(path) as file:
            file.write(text.encode("utf-8", "replace"))
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}.") from error
    return path


def page_of(bench: Bench, run: Shown) -> str:
    """The page of a run, as HTML."""
    outline = Outline(run.graph)
    timeline = run.timeline_with(outline.take_in)
    if not timeline.spans.last_seq:
        raise StoreError(f"The run {run.id} has not begun: there is nothing of it yet.")
    shared = _Sharing(bench, run, outline, timeline).shared()
    data = json.dumps(shared, ensure_ascii=True, allow_nan=False, default=str)
    # Within a script element only `<` could end it; the others guard sloppy readers.
    for sign in "<>&":
        data = data.replace(sign, f"\\u{ord(sign):04x}")
    plain = _plain(run, shared, timeline)
    return _html(bench.redaction.text(data), plain, _stages(shared))


class _Sharing:
    """One run on its way into a page."""

    def __init__(
        self, bench: Bench, run: Shown, outline: Outline, timeline: Timeline
    ) -> None:
        self._bench, self._run = bench, run
        self._outline, self._timeline = outline, timeline

    def shared(self) -> dict[str, Any]:
        run, outline, timeline = self._run, self._outline, self._timeline
        width = FINE if len(timeline) > MOST_SPANS else 10**9
        window = timeline.window(width=width, most=MOST_SPANS + 1)
        firings = self._firings()
        # What has ended says so in its log; for the rest it is asked who carries it out.
        status = outline.status
        status = run.status if status.is_carried_out else status
        return {
            "about": about(timeline, run=run.id, agent=run.agent, status=str(status)),
            "bars": bars(window),
            "firings": firings,
            "held": len(firings),
            "total": timeline.total,
            "inputs": [
                self._look(ref, name, "input") for name, ref in outline.inputs.items()
            ],
            "outputs": list(self._outputs()),
            "failures": [str(failure) for failure in outline.failures[:50]],
            "reason": outline.reason,
            "drawing": self._drawing(),
            "when": time.strftime("%Y-%m-%d %H:%M", time.localtime(outline.started)),
            "written_by": f"agentbench {importlib.metadata.version('agentbench')}",
        }

    def _outputs(self) -> Iterator[dict[str, Any]]:
        firsts = {
            name: seqs[:MOST_OUTPUTS]
            for name, seqs in self._outline.plan.outputs.items()
        }
        numbers = [seq for seqs in firsts.values() for seq in seqs]
        given = {it.seq: it for it in self._run.picked(numbers)}
        for name, seqs in firsts.items():
            for seq in seqs:
                event = given[seq]
                if isinstance(event, ValueEmitted):
                    yield self._look(event.value, name, "output")

    def _firings(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        left = MOST_BYTES
        timeline = self._timeline
        queued, index = timeline.queues(), timeline.by_firing
        keys = timeline.worst_first()[:MOST_FIRINGS]
        own = {key for key in keys if timeline.origin(*key)[0] == self._run.id}
        part = excerpt(self._run, index, own)
        values = part.state.values
        for key in keys:
            one = (
                self._called(*key)
                if key not in own
                else look(
                    part.state,
                    self._run.graph,
                    *key,
                    # As it is kept, never the live one: what is kept has no secret in it.
                    read=lambda seq: self._kept(values[seq][0]),
                    render=self._bench.render,
                    queued=queued.get(key, 0.0),
                    started=timeline.started,
                    of=index.firings(key[0]),
                    gave=part.gave[key],
                )
            )
            given = asdict(one)
            left -= len(json.dumps(given, default=str))
            if left < 0:
                break
            found[f"{one.node}#{one.number}"] = given
        return found

    def _called(self, node: str, number: int) -> FiringLook:
        """A firing of an agent that the run called."""
        return look_at(
            self._timeline,
            node,
            number,
            run=self._bench.run,
            render=self._bench.render,
            kept=self._kept,
        )

    def _kept(self, ref: ValueRef) -> Any:
        try:
            return self._bench.keeper.read(ref)
        except (CodecError, BackendError) as error:
            return Gone(ref, str(error))

    def _look(self, ref: ValueRef, name: str, side: Any) -> dict[str, Any]:
        given: ValueLook = value_look(self._kept(ref), name, side, self._bench.render)
        return asdict(given)

    def _drawing(self) -> str:
        graph = self._run.graph
        if not graph.nodes or len(graph.nodes) > MOST_NODES:
            return ""
        statuses = self._outline.statuses
        svg = self._bench.redaction.text(draw_graph(graph, statuses))
        return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _html(data: str, plain: str, stages: Sequence[Program]) -> str:
    program, sheet = _built("run-page.js"), _built("run-page.css")
    packed = "".join(
        f'<script type="application/gzip" id="stage-{it.name}">{it.packed}</script>\n'
        for it in stages
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy"'
        f' content="{_policy(program, sheet, stages)}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>A run of an agent</title>\n"
        f"<style>{sheet}</style>\n</head>\n<body>\n"
        f'<main id="film">{plain}</main>\n'
        f'<script type="application/json" id="run">{data}</script>\n{packed}'
        f"<script>{program}</script>\n</body>\n</html>\n"
    )


def _policy(program: str, sheet: str, stages: Sequence[Program]) -> str:
    """What the page may: its frames may no more than it.

    With stages their programs run too, by their hashes, and bring styles and fonts along;
    nothing can be loaded even then.
    """
    digests = [digest_of(program), *(it.digest for it in stages)]
    scripts = " ".join(f"'{digest}'" for digest in digests)
    if any(it.compiles for it in stages):
        scripts += " 'wasm-unsafe-eval'"
    styles = "'unsafe-inline'; font-src data:" if stages else f"'{digest_of(sheet)}'"
    return (
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:;"
        f" script-src {scripts}; style-src {styles}"
    )


def _stages(shared: Mapping[str, Any]) -> list[Program]:
    """The programs that what the page shows is drawn by."""
    firings = shared["firings"].values()
    values = [
        *shared["inputs"],
        *shared["outputs"],
        *(value for firing in firings for value in firing["values"]),
    ]
    drawn: dict[str, list[str]] = {}
    for value in values:
        drawn.setdefault(value["stage"], []).append(value["staged"])
    return [program_of(name, drawn[name]) for name in sorted(drawn) if name]


def _plain(run: Shown, shared: dict[str, Any], timeline: Timeline) -> str:
    """The run for a reader without scripts: the drawing, and text."""
    lines = [
        f"{run.agent}: {shared['about']['status']}",
        f"{run.id}  {shared['when']}",
        *(f"failed: {failure}" for failure in shared["failures"]),
        *(f"{it['port']} = {it['text'][:LINES]}" for it in shared["outputs"]),
        "",
        timeline.gantt(110),
    ]
    drawing = ""
    if shared["drawing"]:
        drawing = f'<img class="ab-page-drawing" alt="" src="{shared["drawing"]}">'
    text = html.escape("\n".join(lines))
    return f'<div class="ab-plain">{drawing}<pre>{text}</pre></div>'


def _built(name: str) -> str:
    return bundled(name).read_text("utf-8").strip()
