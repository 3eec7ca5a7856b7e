"""The run card, kernel half: one run in a cell, its status line and its drawing, live."""

import uuid
from typing import Any, get_args

import anywidget
import traitlets

from agentbench.domain.run import Decision, RunStatus
from agentbench.workbench.bundle import bundled
from agentbench.widgets.pump import PUMP
from agentbench.widgets.questions import DECIDE
from agentbench.workbench.run import Run
from agentbench.workbench.waits import waits_of
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
    waits: Any = traitlets.List().tag(sync=True)
    """What the run waits to be told: `node`, `firing`, `question`, `choices`, `comment`."""
    trouble = traitlets.Unicode("").tag(sync=True)
    """Why the last answer was not taken."""

    def __init__(self, run: Run, bench: Workbench) -> None:
        # Widgets live as long as the kernel: a card of a run that has ended holds on to
        # its picture and not to the run, whose values may be large.
        self._static = bench.bundle(run)
        self._agent = run.agent
        own_id = uuid.uuid4().hex
        super().__init__(model_id=own_id, own_id=own_id, **_told(run, bench))
        if not RunStatus(self.status).is_final:
            self._follow(run, bench)

    def _answer(self, run: Run, bench: Workbench, said: Any) -> None:
        """Called by Jupyter when somebody answers; only hands over."""
        given = said if isinstance(said, dict) else {}

        def do() -> None:
            try:
                bench.answer(
                    run.id,
                    str(given.get("node")),
                    given.get("answer"),
                    firing=given.get("firing") or None,
                )
                trouble = ""
            except Exception as error:  # noqa: BLE001 - Jupyter would drop it silently
                trouble = str(error)
            PUMP.call(lambda: self._told_off(trouble))

        bench.looking.submit(do)

    def _told_off(self, trouble: str) -> None:
        """Shows why an answer was not taken; the same reason once more is shown once more."""
        self.trouble = ""
        self.trouble = trouble

    def _follow(self, run: Run, bench: Workbench) -> None:
        def tell() -> None:
            self._static = bench.bundle(run)
            with self.hold_sync():
                for name, told in _told(run, bench).items():
                    setattr(self, name, told)
            if RunStatus(self.status).is_final:
                unlisten()
                self.on_msg(hear, remove=True)
            elif self.status in LIVELY and run.done is None:
                PUMP.call_once((id(self), "look"), LOOK, tell)

        def soon(*_: Any) -> None:
            PUMP.call_once((id(self), "card"), BEAT, tell)

        def hear(_: Any, said: Any, __: Any) -> None:
            self._answer(run, bench, said)

        self.on_msg(hear)
        unlisten = bench.feed.listen(soon, run=run.id)
        soon()  # what came before we listened is told too
        if run.done is not None:
            run.done.add_done_callback(soon)

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


def _told(run: Run, bench: Workbench) -> dict[str, Any]:
    status = run.status.value
    fired, nodes = len(run.node_statuses), run.node_count
    line = f"{run.agent}: {status}, {fired} of {nodes} nodes in {run.seconds:.1f} s"
    return {
        "line": f"{line}; paused. {run.held}" if run.held else line,
        "status": status,
        "waits": [
            wait.facts
            if wait.question
            else {**wait.facts, "question": DECIDE, "choices": list(get_args(Decision))}
            for wait in waits_of(run)
        ],
        "drawing": str(bench.render(run, {"is_live": True}).data.get("text/html", "")),
    }
