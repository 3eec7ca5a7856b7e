"""Bytes as they are."""

from typing import Any


class BytesCodec:
    """Keeps bytes."""

    name = "bytes"

    def can_encode(self, value: Any) -> bool:
        return type(value) is bytes

    def encode(self, value: Any) -> bytes:
        return bytes(value)

    def decode(self, data: bytes) -> bytes:
        return data
