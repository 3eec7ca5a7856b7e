"""Unpacks what comes, part by part, and stops at a limit."""

import zlib
from collections.abc import Callable

ACCEPTED = "gzip, deflate"
"""What is asked for: what can be unpacked here."""


class AnswerRefused(ConnectionError):
    """The answer is larger than allowed, or packed in a way nobody asked for."""


def unpacking(encoding: str, max_bytes: int) -> Callable[[bytes], bytes]:
    """A function that unpacks part after part.

    The limit is on what comes out, so that a small answer cannot unpack to a huge one.
    """
    encoding = encoding.strip().lower()
    if encoding not in ("", "identity", "gzip", "deflate"):
        raise AnswerRefused(
            f"The answer is packed as {encoding!r}; {ACCEPTED} was asked for."
        )
    bits = {"gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}.get(encoding)
    unzip = None if bits is None else zlib.decompressobj(bits)
    left = max_bytes

    def unpack(part: bytes) -> bytes:
        nonlocal left
        try:
            given = unzip.decompress(part, left + 1) if unzip else part
        except zlib.error as error:
            raise AnswerRefused(
                f"The answer is no proper {encoding}: {error}."
            ) from error
        left -= len(given)
        if left < 0:
            raise AnswerRefused(
                f"The answer is larger than {max_bytes} bytes and was cut off;"
                " ask for less of it."
            )
        return given

    return unpack
