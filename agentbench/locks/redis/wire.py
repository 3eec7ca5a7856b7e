"""One connection to the server, opened when used, and dropped at the first doubt."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from agentbench.locks.redis.scripts import Script

Command = Sequence[Any]
"""Words for the server; the first may be a `Script`, the second counts its keys."""


def load_library() -> None:
    """Imports the client library, for which no answer of the server should have to wait."""
    import redis  # noqa: F401 - loaded, for the other imports to find


class WireDown(Exception):
    """The server did not answer; what was sent may have been done, or not."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        self.reason, self.is_final = reason, is_final
        super().__init__(reason)


class Wire:
    """A connection for one thread. It never repeats a command by itself."""

    def __init__(self, url: str, *, timeout: float) -> None:
        self._url = url
        self._timeout = timeout
        self._connection: Any = None

    def call(self, commands: Sequence[Command]) -> list[Any]:
        """Sends all at once and returns the answers; one may be an exception.

        Raises:
            WireDown: not every answer came in time.
        """
        answers = self._exchange([_by_name(command) for command in commands])
        unknown = [n for n, a in enumerate(answers) if _is_unknown_script(a)]
        if unknown:  # a new server, or one that lost its scripts: now by their text,
            again = self._exchange([_by_text(commands[n]) for n in unknown])
            for n, answer in zip(unknown, again, strict=True):
                answers[n] = answer  # for it might lose them again in between
        return answers

    def say(self, *words: Any) -> None:
        """Sends without an answer, as subscriptions do."""
        with _Doubt(self):
            self._connected().send_command(*words)

    def hear(self, timeout: float) -> Any:
        """What the server says next, or None when it is silent for so long."""
        with _Doubt(self):
            connection = self._connected()
            if connection.can_read(timeout):
                return connection.read_response()
            return None

    def drop(self) -> None:
        """Closes the connection; the next use opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.disconnect()

    def _exchange(self, commands: list[list[Any]]) -> list[Any]:
        with _Doubt(self):
            connection = self._connected()
            connection.send_packed_command(connection.pack_commands(commands))
            return [_answer(connection) for _ in commands]

    def _connected(self) -> Any:
        if self._connection is None:
            self._connection = self._open()
            self._connection.connect()
        return self._connection

    def _open(self) -> Any:
        from redis import ConnectionPool
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        ours: dict[str, Any] = {
            "decode_responses": True,
            "protocol": 2,
            "retry": Retry(NoBackoff(), 0),  # it would meet its own lock: "taken"
            "socket_connect_timeout": self._timeout,
            "socket_timeout": self._timeout,
        }
        try:
            pool = ConnectionPool.from_url(self._url, **ours)
        except ValueError:  # its text may hold a part of the password
            raise WireDown("the URL is not understood", is_final=True) from None
        pool.connection_kwargs.update(ours)  # whatever the URL says
        return pool.make_connection()


class _Doubt:
    """Drops a wire whatever goes wrong on it, and says so in our words."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: object, error: BaseException | None, trace: object
    ) -> None:
        if error is None:
            return
        self._wire.drop()
        from redis import exceptions

        if isinstance(error, (exceptions.RedisError, OSError)):
            refused = exceptions.AuthenticationError, exceptions.AuthorizationError
            is_final = isinstance(error, refused)
            raise WireDown(str(error).rstrip("."), is_final=is_final) from error
        if isinstance(error, UnicodeDecodeError):  # somebody else's, on our channel
            raise WireDown("what it said is no text") from error


def without_password(url: str) -> str:
    """The URL as it may be shown."""
    parts = urlsplit(url)
    name, at, place = parts.netloc.rpartition("@")
    user = name.partition(":")[0]
    words = [(k, v) for k, v in parse_qsl(parts.query) if "password" not in k.lower()]
    netloc = f"{user}{at if user else ''}{place}"
    path = quote(parts.path, safe="/%")
    shown = urlunsplit((parts.scheme, netloc, path, urlencode(words), ""))
    if not netloc and not shown.startswith(f"{parts.scheme}://"):
        return shown.replace(f"{parts.scheme}:", f"{parts.scheme}://", 1)
    return shown


def _answer(connection: Any) -> Any:
    from redis.exceptions import ReadOnlyError, ResponseError

    try:
        return connection.read_response()
    except ReadOnlyError:
        raise  # a replica since the last failover: another connection finds the primary
    except ResponseError as error:
        return error


def _is_unknown_script(answer: Any) -> bool:
    from redis.exceptions import NoScriptError

    return isinstance(answer, NoScriptError)


def _by_name(command: Command) -> list[Any]:
    first, *rest = command
    return (
        ["EVALSHA", first.sha, *rest] if isinstance(first, Script) else [first, *rest]
    )


def _by_text(command: Command) -> list[Any]:
    script, *rest = command
    return ["EVAL", script.text, *rest]
