"""Text as UTF-8."""

from typing import Any

from agentbench.domain.errors import CodecError


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

    def decode(self, data: bytes) -> str:
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            raise CodecError(f"The stored text is no UTF-8: {error}") from error
