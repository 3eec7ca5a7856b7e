"""What was asked of a value that is shown and cannot be done."""

from collections.abc import Iterable

from agentbench.domain.errors.base import AgentbenchError, close_to


class ShowError(AgentbenchError):
    """A value cannot be shown or handed over as it was asked."""


class UnknownWay(ShowError):
    """There is no way to show a value that is called so."""

    def __init__(self, way: str, known: Iterable[str]) -> None:
        self.way = way
        names = list(known)
        super().__init__(
            f"There is no way to show a value called {way!r}.{close_to(way, names)}"
            f" There are: {', '.join(names)}."
        )


class ValueRefused(ShowError):
    """A value is not to be had like that; the message says how else."""
