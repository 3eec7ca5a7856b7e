"""Codec: how one kind of value becomes bytes and comes back. Never pickle."""

from collections.abc import Iterable
from typing import Any, Protocol, runtime_checkable


class Codec(Protocol):
    """Writes and reads one kind of value.

    Decoding makes only plain values of a kind fixed by the codec: nothing that is
    read is ever turned into code or into a class named by the data.
    """

    name: str

    def can_encode(self, value: Any) -> bool:
        """Whether it takes the value; it must not import a library to find out."""
        ...

    def encode(self, value: Any) -> bytes:
        """The value as bytes, the same bytes for the same value.

        Raises:
            CodecError: the value only looked as if it could be encoded.
        """
        ...

    def decode(self, data: bytes) -> Any:
        """The value.

        Raises:
            CodecError: the bytes are none of ours.
        """
        ...


@runtime_checkable
class PartwiseCodec(Codec, Protocol):
    """A codec that need not have all the bytes of a large value in memory at once."""

    def parts(self, value: Any) -> Iterable[bytes] | None:
        """What `encode` gives, in parts; None where the value is small.

        Raises:
            CodecError: as `encode` does, when it gets to that part.
        """
        ...


class CodecBook(Protocol):
    """All codecs as one."""

    def parts(self, value: Any) -> tuple[str, Iterable[bytes]] | None:
        """As `encode`, for a value that may be large; the bytes come in parts."""
        ...

    def encode(self, value: Any) -> tuple[str, bytes] | None:
        """The name of the codec that took the value, and its bytes; None if none takes it.

        Raises:
            CodecError: a codec took it and then could not encode it.
        """
        ...

    def decode(self, name: str, data: bytes) -> Any:
        """The value that the codec of that name wrote.

        Raises:
            CodecError: there is no such codec, or the bytes are none of its own.
        """
        ...
