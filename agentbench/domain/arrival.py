"""Arrival: what is to be done as soon as this process has a workbench.

Whoever waits here loads nothing: a notebook that says `%load_ext agentbench` pays for
the workbench when it first uses it.
"""

from collections.abc import Callable
from typing import Any

Listener = Callable[[Any], None]

_waiting: list[Listener] = []
_here: list[Any] = []


def on_arrival(listener: Listener) -> Callable[[], None]:
    """Calls `listener` with the workbench, now or when there is one, and with each later one.

    Gives what ends that.
    """
    _waiting.append(listener)
    for bench in _here:
        listener(bench)

    def forget() -> None:
        if listener in _waiting:
            _waiting.remove(listener)

    return forget


def arrived(bench: Any) -> None:
    """Says that `bench` is the workbench of this process from now on."""
    _here[:] = [bench]
    for listener in _waiting:
        listener(bench)
