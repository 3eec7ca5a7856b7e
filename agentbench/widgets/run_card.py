"""The run card, kernel half: one run in a cell, its status line and its drawing, live."""

from typing import Any

import anywidget
import traitlets

from agentbench.widgets.bundle import bundled
from agentbench.widgets.pump import PUMP
from agentbench.workbench.run import Run
from agentbench.workbench.workbench import Workbench

BEAT = 0.25
"""Seconds between two looks at a run that goes on."""


class RunCard(anywidget.AnyWidget):
    """Shows one run; there is one for each run in a kernel, with any number of views."""

    _esm = bundled("run-card.js")
    _css = bundled("run-card.css")

    line = traitlets.Unicode("").tag(sync=True)
    status = traitlets.Unicode("").tag(sync=True)
    drawing = traitlets.Unicode("").tag(sync=True)

    def __init__(self, run: Run, bench: Workbench) -> None:
        # Widgets live as long as the kernel: a card of a run that has ended holds on to
        # its picture and not to the run, whose values may be large.
        self._static = bench.bundle(run)
        self._agent = run.agent
        super().__init__(**_told(run, bench))
        if run.done is not None and not run.done.done():
            self._follow(run, bench)

    def _follow(self, run: Run, bench: Workbench) -> None:
        def tell() -> None:
            self._static = bench.bundle(run)
            for name, told in _told(run, bench).items():
                setattr(self, name, told)

        def end() -> None:
            unlisten()
            tell()

        key = (id(self), "card")
        unlisten = bench.feed.listen(
            lambda *_: PUMP.call_once(key, BEAT, tell), run=run.id
        )
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
    return {
        "line": f"{run.agent}: {status}, {fired} of {nodes} nodes"
        f" in {run.seconds:.1f} s",
        "status": status,
        "drawing": str(bench.render(run).data.get("text/html", "")),
    }
