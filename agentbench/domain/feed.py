"""Feed: live delivery of the events of runs to whoever watches."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

Listener = Callable[[str, Sequence[Any]], None]
"""Gets the run's id and the events, in order: those of the log, and ephemeral ones."""


class Feed(Protocol):
    """Hands events to listeners, in the order of the log.

    A listener is called from the engine's thread and must return quickly. What it
    raises is reported and never stops the run. A late listener reads the log first,
    then listens, and drops by `seq` what it has already.
    """

    def publish(self, run: str, events: Sequence[Any]) -> None:
        """Hands committed (or ephemeral) events on."""

    def listen(
        self, listener: Listener, *, run: str | None = None
    ) -> Callable[[], None]:
        """Calls `listener` for one run, or for all, until the returned function is called."""
        ...
