"""Feed: live delivery of the events of runs to whoever watches.

The promises, which `tests/conformance/test_feed.py` holds every backend to:

1. A listener gets the events of a run in the order of the log, none twice, none left
   out: where one is missing, it is read from the log before the next is told.
2. What was committed before the call of `listen` is told only to who gives `after`:
   then everything above that number comes, and goes over into what is live.
3. `publish` never waits for a listener of another process, nor for a server, and never
   fails because of one.
4. What waits for a slow listener is bounded; what is dropped for it is read from the
   log again. Ephemeral events (`Progressed`, `RunHeld`) may be lost.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

Listener = Callable[[str, Sequence[Any]], None]
"""Gets the run's id and the events, in order: those of the log, and ephemeral ones.

No events at all mean that something else of the run changed, such as its status.
"""


class Feed(Protocol):
    """Hands events to listeners, in the order of the log.

    A listener is called from the engine's thread or the feed's own, and must return
    quickly. What it raises is reported and never stops the run.
    """

    is_shared: bool
    """Whether runs of other processes are heard too."""

    def publish(self, run: str, events: Sequence[Any]) -> None:
        """Hands committed (or ephemeral) events on."""

    def listen(
        self,
        listener: Listener,
        *,
        run: str | None = None,
        agent: str | None = None,
        after: int | None = None,
    ) -> Callable[[], None]:
        """Calls `listener` until the returned function is called.

        It hears one run; or every run of an agent, by the agent's name; or, with
        neither, every run of this process. `after` is the number of the last event
        that it has: the newer ones are told first. Of an agent, `after=0` tells every
        run that goes on from its start.
        """
        ...

    def close(self) -> None:
        """Hands on what is left, and ends. Closing twice is no error."""
