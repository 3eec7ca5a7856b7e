"""Unpacks what comes, part by part, and stops at a limit."""

import zlib
from typing import Any

ACCEPTED = "gzip, deflate"
"""What is asked for: what can be unpacked here."""


class AnswerRefused(ConnectionError):
    """The answer is larger than allowed, or packed in a way nobody asked for."""


SLACK = 100_000
"""Bytes that packing may add to what it cannot make smaller."""
_BITS = {"gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}


class Unpacking:
    """Unpacks part after part, up to a limit.

    The limit is on what comes out, so that a small answer cannot unpack to a huge one,
    and on what goes in, since there are packed parts without end that hold nothing.
    """

    def __init__(self, encoding: str, max_bytes: int) -> None:
        """Takes what was asked for.

        Raises:
            AnswerRefused: it is packed in another way.
        """
        self._encoding = encoding.strip().lower()
        if self._encoding not in ("", "identity", *_BITS):
            raise AnswerRefused(
                f"The answer is packed as {self._encoding!r}; {ACCEPTED} was asked for."
            )
        self._max = max_bytes
        self._room, self._packed_room = max_bytes, max_bytes + SLACK
        self._unzip: Any = None

    def part(self, part: bytes) -> bytes:
        """What is in the next part.

        Raises:
            AnswerRefused: it is too much, or not packed as was said.
        """
        self._packed_room -= len(part)
        given = part if self._encoding not in _BITS else self._unpacked(part)
        self._room -= len(given)
        if min(self._room, self._packed_room) < 0:
            raise AnswerRefused(
                f"The answer is larger than {self._max} bytes and was cut off;"
                " ask for less of it."
            )
        return given

    def end(self) -> None:
        """Says that nothing more comes.

        Raises:
            AnswerRefused: what came ends in the middle.
        """
        if self._unzip is not None and not self._unzip.eof:
            raise AnswerRefused(
                f"The answer is no proper {self._encoding}: it ends too early."
            )

    def _unpacked(self, part: bytes) -> bytes:
        given: list[bytes] = []
        room = self._room + 1
        while part and room > 0:
            if self._unzip is None or self._unzip.eof:
                if self._unzip is not None and not part.strip(b"\0"):
                    break  # files are padded with zeros
                self._unzip = zlib.decompressobj(_BITS[self._encoding])
            try:
                given.append(self._unzip.decompress(part, room))
            except zlib.error as error:
                raise AnswerRefused(
                    f"The answer is no proper {self._encoding}: {error}."
                ) from error
            room -= len(given[-1])
            part = self._unzip.unused_data
        return b"".join(given)
