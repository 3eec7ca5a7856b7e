"""Text as UTF-8."""

from collections.abc import Iterable
from typing import Any

from agentbench.domain.errors import CodecError

PART = 1 << 20
"""Characters of a long text that are encoded at a time."""


class TextCodec:
    """Keeps a string."""

    name = "text"

    def can_encode(self, value: Any) -> bool:
        return type(value) is str

    def encode(self, value: Any) -> bytes:
        try:
            return str(value).encode()
        except UnicodeEncodeError as error:
            raise CodecError(f"The text holds half a character: {error}") from error

    def parts(self, value: Any) -> Iterable[bytes] | None:
        if len(value) <= PART:
            return None
        starts = range(0, len(value), PART)
        return (self.encode(value[start : start + PART]) for start in starts)

    def decode(self, data: bytes) -> str:
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            raise CodecError(f"The stored text is no UTF-8: {error}") from error
