"""The run card, kernel half: one run in a cell, its status line and its drawing, live."""

import uuid
from typing import Any

import anywidget
import traitlets

from agentbench.domain.run import RunStatus
from agentbench.widgets.bundle import bundled
from agentbench.widgets.pump import PUMP
from agentbench.workbench.run import Run
from agentbench.workbench.workbench import Workbench

BEAT = 0.25
"""Seconds between two looks at a run that goes on."""

LOOK = 2.0
"""The same at a run of another kernel of which nothing is heard: it may have died."""

LIVELY = {RunStatus.QUEUED, RunStatus.RUNNING}


class RunCard(anywidget.AnyWidget):
    """Shows one run; there is one for each run in a kernel, with any number of views."""

    _esm = bundled("run-card.js")
    _css = bundled("run-card.css")

    own_id = traitlets.Unicode("").tag(sync=True)
    """By which the front end finds the model itself, to have little of it saved."""
    line = traitlets.Unicode("").tag(sync=True)
    status = traitlets.Unicode("").tag(sync=True)
    drawing = traitlets.Unicode("").tag(sync=True)

    def __init__(self, run: Run, bench: Workbench) -> None:
        # Widgets live as long as the kernel: a card of a run that has ended holds on to
        # its picture and not to the run, whose values may be large.
        self._static = bench.bundle(run)
        self._agent = run.agent
        own_id = uuid.uuid4().hex
        super().__init__(model_id=own_id, own_id=own_id, **_told(run, bench))
        is_over = RunStatus(self.status).is_final if run.done is None else run.done.done()
        if not is_over:
            self._follow(run, bench)

    def _follow(self, run: Run, bench: Workbench) -> None:
        def tell() -> None:
            self._static = bench.bundle(run)
            for name, told in _told(run, bench).items():
                setattr(self, name, told)
            if run.done is not None:
                return
            if RunStatus(self.status).is_final:
                unlisten()
            elif self.status in LIVELY:
                PUMP.call_once((id(self), "look"), LOOK, tell)

        def soon(*_: Any) -> None:
            PUMP.call_once((id(self), "card"), BEAT, tell)

        def end() -> None:
            unlisten()
            tell()

        unlisten = bench.feed.listen(soon, run=run.id)
        soon()  # what came before we listened is told too
        if run.done is not None:
            run.done.add_done_callback(lambda _: PUMP.call(end))

    def __repr__(self) -> str:
        return f"<card of a run of {self._agent!r}>"

    def _repr_mimebundle_(self, **given: Any) -> Any:
        """The live widget, and for where there is none the drawing and the text."""
        live = super()._repr_mimebundle_(**given)
        data, metadata = live if isinstance(live, tuple) else (live, {})
        return {**(data or {}), **self._static}, metadata


def card_of(run: Run, bench: Workbench) -> RunCard:
    """The card of a run, made when it is first shown."""
    found: RunCard | None = getattr(run, "_card", None)
    if found is None or found.comm is None:
        found = run._card = RunCard(run, bench)  # type: ignore[attr-defined]  # noqa: SLF001
    return found


def _told(run: Run, bench: Workbench) -> dict[str, str]:
    status = run.status.value
    fired, nodes = len(run.node_statuses), run.node_count
    line = f"{run.agent}: {status}, {fired} of {nodes} nodes in {run.seconds:.1f} s"
    return {
        "line": f"{line}; paused. {run.held}" if run.held else line,
        "status": status,
        "drawing": str(bench.render(run, {"is_live": True}).data.get("text/html", "")),
    }
