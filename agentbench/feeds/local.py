"""LocalFeed: delivers events within this process."""

from collections.abc import Callable, Sequence
from typing import Any

from agentbench.domain.feed import Listener
from agentbench.domain.store import RunLog
from agentbench.feeds.base import Listeners


class LocalFeed:
    """Calls the listeners one after the other, in the thread that publishes."""

    is_shared = False

    def __init__(self, url: str = "local:", *, log: RunLog) -> None:
        self.url = url
        self._listeners = Listeners(log)

    def publish(self, run: str, events: Sequence[Any]) -> None:
        self._listeners.deliver(run, events)

    def listen(
        self,
        listener: Listener,
        *,
        run: str | None = None,
        agent: str | None = None,
        after: int | None = None,
    ) -> Callable[[], None]:
        return self._listeners.add(listener, run=run, agent=agent, after=after)

    def close(self) -> None:
        pass
