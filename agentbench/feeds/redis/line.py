"""A line: one connection to the server, which the thread that uses it opens and drops."""

import contextlib
from typing import Any

FIRST_PAUSE = 0.05
LONGEST_PAUSE = 2.0
"""Seconds between attempts to reach a server that is away; each pause is twice the last."""

PATIENCE = 3.0
"""Seconds within which the server has to answer, on top of what it was asked to wait."""


class LineDown(Exception):
    """The server cannot be reached, or refused; what was sent may have been done, or not."""


class Line:
    """A connection for one thread. It repeats nothing by itself."""

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        self._url, self._patience = url, patience
        self._client: Any = None

    def call(self, *commands: tuple[Any, ...]) -> list[Any]:
        """Sends all at once; returns the answers, of which one may be an exception.

        Raises:
            LineDown: not every answer came in time.
        """
        from redis.exceptions import RedisError

        try:
            pipeline = self._opened().pipeline(transaction=False)
            for command in commands:
                pipeline.execute_command(*command)
            answers: list[Any] = pipeline.execute(raise_on_error=False)
        except (RedisError, OSError, ValueError) as error:
            self.drop()
            raise LineDown(type(error).__name__) from error
        return answers

    def drop(self) -> None:
        """Closes the connection; the next use opens another."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(Exception):
                client.close()

    def _opened(self) -> Any:
        if self._client is None:
            from redis import Redis
            from redis.backoff import NoBackoff
            from redis.retry import Retry

            self._client = Redis.from_url(
                self._url,
                decode_responses=True,
                protocol=2,
                retry=Retry(NoBackoff(), 0),  # our own threads wait and try again
                socket_connect_timeout=self._patience,
                socket_timeout=self._patience,
            )
        return self._client
