"""RedisFeed: the public face of the feed over a Redis-protocol server."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from agentbench.domain.feed import Listener
from agentbench.domain.store import RunLog
from agentbench.feeds.base import Listeners
from agentbench.feeds.redis.incoming import Incoming
from agentbench.feeds.redis.line import Line
from agentbench.feeds.redis.notices import Names
from agentbench.feeds.redis.outgoing import Outgoing

LEAVING = 2.0
"""Seconds that each thread has to end."""


class RedisFeed:
    """Tells listeners of this process at once, those of others through the server.

    All who share a server, a namespace and a store hear each other. Nothing connects
    before something is published or somebody listens.
    """

    is_shared = True

    def __init__(self, url: str, *, log: RunLog, namespace: str = "agentbench") -> None:
        self._listeners = Listeners(log)
        names = Names(namespace, secrets.token_hex(8))
        self._outgoing = Outgoing(Line(url), names, self._listeners.agent_of)
        self._incoming = Incoming(Line(url), names, self._listeners)

    def publish(self, run: str, events: Sequence[Any]) -> None:
        self._outgoing.note(run, events)
        self._listeners.deliver(run, events)

    def listen(
        self,
        listener: Listener,
        *,
        run: str | None = None,
        agent: str | None = None,
        after: int | None = None,
    ) -> Callable[[], None]:
        stop = self._listeners.add(listener, run=run, agent=agent, after=after)
        if run is not None or agent is not None:
            self._incoming.want()
            self._outgoing.nudge()
        return stop

    def close(self) -> None:
        self._incoming.close()
        self._outgoing.nudge()  # it may be waiting for notices
        self._outgoing.close()
        self._outgoing.join(LEAVING)
        self._incoming.join(LEAVING)
