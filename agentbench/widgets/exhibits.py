"""Exhibits: the values that views ask about, kept while their pages are turned."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from agentbench.domain.errors import ValueRefused
from agentbench.domain.renderer import Download
from agentbench.workbench.gathering import Named, gathered, joined
from agentbench.widgets import answers, requests
from agentbench.widgets.exhibit import Exhibit, assigned, free_name, part_of
from agentbench.widgets.inspection import Held, held_by
from agentbench.widgets.run_watch import RunWatch
from agentbench.workbench.gone import Gone
from agentbench.workbench.workbench import Workbench

ALL = -1
"""The place that means every value."""
MOST_KEPT = 16


class Exhibits:
    """Answers what is asked of the values of a run, or of some that are at hand."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._kept: OrderedDict[Any, Exhibit] = OrderedDict()
        self._archive: tuple[Any, Download | None] | None = None
        self._lock = threading.Lock()

    def of_run(self, watch: RunWatch | None, request: Any) -> Any:
        """What a view asks of a value of a firing, or of all the firing gave.

        Raises:
            ValueRefused: there is no such value, or it is not to be had like that.
        """
        of: requests.ValuePlace = request.of
        held = held_by(watch, of.node, of.firing)
        key = (watch.run.id if watch else "", of.node, of.firing, len(held))
        if of.at == ALL:
            return self.of_all(key, _named(held), request)
        if not 0 <= of.at < len(held) or isinstance(held[of.at].value, Gone):
            raise ValueRefused("This value is not at hand any more; run the agent again.")
        return self._exhibit((*key, of.at), held[of.at]).answered(request)

    def of_all(self, key: Any, values: Sequence[Named], request: Any) -> Any:
        """What a view asks of several values at once.

        Raises:
            ValueRefused: there are none, or they are not to be had like that.
        """
        renderers = self._bench.renderers
        match request:
            case requests.CopyValue():
                text = joined(renderers, values)
                if not text:
                    raise ValueRefused("None of these values is a text.")
                return answers.Copied(text=text)
            case requests.FetchValue():
                with self._lock:
                    if request.part == 0 or self._archive is None or self._archive[0] != key:
                        self._archive = (key, gathered(renderers, values))
                    found = part_of(self._archive[1], request.part, "This")
                    if request.part + 1 >= found.parts:
                        self._archive = None
                return found
            case requests.AssignValue():
                name = request.name or free_name("values")
                return assigned(name, {it.name: it.value for it in values})
        raise ValueRefused(f"{request.op!r} is asked of one value, not of all.")

    def _exhibit(self, key: Any, held: Held) -> Exhibit:
        with self._lock:
            found = self._kept.pop(key, None) or Exhibit(self._bench, held.port, held.value)
            self._kept[key] = found
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            return found


def _named(held: Sequence[Held]) -> list[Named]:
    """What a firing gave; where it gave nothing, what it took."""
    there = [it for it in held if not isinstance(it.value, Gone)]
    chosen = [it for it in there if it.side == "output"] or there
    names = [it.port for it in chosen]
    return [
        Named(
            it.port if names.count(it.port) == 1 else f"{it.port} {names[: at + 1].count(it.port)}",
            it.value,
        )
        for at, it in enumerate(chosen)
    ]
