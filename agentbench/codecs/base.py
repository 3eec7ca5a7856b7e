"""Codecs: picks the codec for a value, and finds it again by name."""

import contextlib
import logging
import threading
from collections.abc import Iterable, Iterator
from typing import Any, Protocol, runtime_checkable

from agentbench.domain.codec import Codec, PartwiseCodec
from agentbench.domain.errors import CodecError, DuplicateName, MissingLibrary

_log = logging.getLogger(__name__)


@runtime_checkable
class NestingCodec(Codec, Protocol):
    """A codec for values that may hold values of other kinds."""

    def nesting(self, inner: "Codecs") -> Codec:
        """The same codec, which leaves to `inner` what it does not know itself."""
        ...


class Codecs:
    """Turns values into bytes and back, by the first codec that takes them.

    What is registered later is asked earlier: a codec of yours comes before ours.
    """

    def __init__(self, codecs: Iterable[Codec] = ()) -> None:
        self._lock = threading.Lock()
        self._codecs: dict[str, Codec] = {}
        for codec in reversed(list(codecs)):
            self.register(codec)

    def register(self, codec: Codec, *, replace: bool = False) -> None:
        """Adds a codec.

        Raises:
            DuplicateName: the name is taken and `replace` is false.
        """
        if isinstance(codec, NestingCodec):
            codec = codec.nesting(self)
        with self._lock:
            if codec.name in self._codecs and not replace:
                raise DuplicateName("codec", codec.name)
            # A new dict, so that whoever goes through the old one is not disturbed.
            self._codecs = {codec.name: codec} | {
                name: other
                for name, other in self._codecs.items()
                if name != codec.name
            }

    def names(self) -> list[str]:
        """Every codec's name, in the order in which they are asked."""
        return list(self._codecs)

    def encode(self, value: Any) -> tuple[str, bytes] | None:
        """The codec's name and the bytes, or None when no codec takes the value.

        Raises:
            CodecError: a codec took it, but part of it cannot be kept; the error says
                which part.
        """
        for codec in self._codecs.values():
            if _takes(codec, value):
                with refusing(f"The codec {codec.name!r}"):
                    return codec.name, codec.encode(value)
        return None

    def parts(self, value: Any) -> tuple[str, Iterable[bytes]] | None:
        """The same, but the bytes of a large value come in parts.

        Raises:
            CodecError: as `encode` does; also while the parts come.
        """
        for codec in self._codecs.values():
            if _takes(codec, value):
                what = f"The codec {codec.name!r}"
                with refusing(what):
                    parts = None
                    if isinstance(codec, PartwiseCodec):
                        parts = codec.parts(value)
                    if parts is None:
                        return codec.name, [codec.encode(value)]
                return codec.name, _refusing_parts(what, parts)
        return None

    def decode(self, name: str, data: bytes) -> Any:
        """The value that `encode` wrote under that name.

        Raises:
            CodecError: there is no such codec here, or the bytes are none of its own.
        """
        codec = self._codecs.get(name)
        if codec is None:
            there = ", ".join(sorted(self._codecs))
            raise CodecError(f"There is no codec {name!r} here; there are {there}.")
        with refusing(f"The codec {name!r}"):
            return codec.decode(data)


def _refusing_parts(what: str, parts: Iterable[bytes]) -> Iterator[bytes]:
    with refusing(what):
        yield from parts


def _takes(codec: Codec, value: Any) -> bool:
    try:
        return codec.can_encode(value)
    except Exception:  # noqa: BLE001 - a codec that breaks must not stop the others
        _log.exception("The codec %r broke while it looked at a value.", codec.name)
        return False


def is_from(value: Any, library: str, *names: str) -> bool:
    """Whether the value's class, or one it derives from, is `library`'s and so named.

    Goes by names only: a library that nobody loaded has no values to encode.
    """
    return any(
        kind.__qualname__ in names and kind.__module__.partition(".")[0] == library
        for kind in type(value).__mro__
    )


def is_exactly(value: Any, library: str, *names: str) -> bool:
    """As `is_from`, but a class derived from it does not count: it would not come back."""
    kind = type(value)
    return kind.__qualname__ in names and kind.__module__.partition(".")[0] == library


@contextlib.contextmanager
def refusing(what: str) -> Iterator[None]:
    """Raises whatever goes wrong inside as a `CodecError` that begins with `what`."""
    try:
        yield
    except CodecError:
        raise
    except ImportError as error:
        missing = MissingLibrary(what, error.name or "a library", "data")
        raise CodecError(str(missing)) from error
    except Exception as error:
        reason = str(error) or type(error).__name__
        raise CodecError(f"{what} cannot do it: {reason}") from error
