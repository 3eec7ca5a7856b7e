"""The values of a run: live ones by the number of their event, and how they are kept."""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

import msgspec

from agentbench.domain.annotation import type_name
from agentbench.domain.codec import CodecBook
from agentbench.domain.errors import CodecError
from agentbench.domain.redaction import Redaction
from agentbench.domain.store import Blobs
from agentbench.domain.value import (
    INLINE_BYTES,
    InlineValue,
    LiveValue,
    StoredValue,
    ValueRef,
)

_SCALARS = (str, int, float, bool, type(None))
_MOST_ITEMS = 500
_TEXTS = ("chart.altair", "chart.plotly", "json", "text")
"""Codecs whose bytes are text: a mask may stand in them."""


class InThread(Protocol):
    """Calls a blocking function in a worker thread."""

    async def __call__(self, function: Any, *args: Any) -> Any: ...


class ValueKeeper:
    """Turns values into what an event can hold, and back."""

    def __init__(
        self,
        codecs: CodecBook,
        blobs: Blobs,
        in_thread: InThread,
        redaction: Redaction | None = None,
    ) -> None:
        self._redaction = redaction or Redaction()
        self._codecs, self._blobs, self._in_thread = codecs, blobs, in_thread

    async def keep(self, value: Any) -> ValueRef:
        """The value as an event holds it: inline, in the blob store, or live only."""
        value = self._redaction.value(value)
        inline = inlined(value)
        if inline is not None:
            return inline
        return await self._in_thread(self._store, value)  # type: ignore[no-any-return]

    async def fetch(self, ref: ValueRef) -> Any:
        """The value of a reference, read in a worker thread.

        Raises:
            CodecError: it was live only, and is gone.
            StoreError: its bytes are missing or damaged.
        """
        return await self._in_thread(self.read, ref)

    def keep_now(self, value: Any) -> ValueRef:
        """The same in the caller's thread; not on an event loop."""
        value = self._redaction.value(value)
        return inlined(value) or self._store(value)

    def read(self, ref: ValueRef) -> Any:
        """The value of a reference.

        Raises:
            CodecError: it was live only, and is gone.
            StoreError: its bytes are missing or damaged.
        """
        match ref:
            case InlineValue():
                return ref.data
            case StoredValue():
                return self._codecs.decode(ref.codec, self._blobs.get_blob(ref.blob))
            case LiveValue():
                message = (
                    f"This {ref.type} was live only: the kernel that held it is gone."
                )
                raise CodecError(message)

    def _store(self, value: Any) -> ValueRef:
        said = type_name(type(value))
        try:
            encoded = self._codecs.parts(value)
            if encoded is None:
                return LiveValue(type=said)
            codec, parts = encoded
            if codec in _TEXTS:
                parts = self._masked(parts)
            blob, size = self._put(parts)
        except (CodecError, RecursionError):
            return LiveValue(type=said)
        return StoredValue(codec=codec, blob=blob, size=size, type=said)

    def _masked(self, parts: Iterable[bytes]) -> Iterable[bytes]:
        """The same without the secrets that are known."""
        if isinstance(parts, list):
            return [self._redaction.data(part) for part in parts]
        masking = self._redaction.parts()
        return itertools.chain(map(masking.masked, parts), iter(masking.rest, b""))

    def _put(self, parts: Iterable[bytes]) -> tuple[str, int]:
        """Keeps bytes that come in parts; gives their name and how many they are."""
        if isinstance(parts, list):
            (data,) = parts
            return self._blobs.put_blob(data), len(data)
        sizes: list[int] = []

        def counted() -> Iterator[bytes]:
            for part in parts:
                sizes.append(len(part))
                yield part

        return self._blobs.write_blob(counted()), sum(sizes)


def inlined(value: Any) -> InlineValue | None:
    """A small plain value as it stands in an event; None for one that has to be stored."""
    if type(value) is int:  # first, for numbers are what there is most of
        return InlineValue(value) if -(2**53) <= value <= 2**53 else None
    if type(value) in _SCALARS:
        is_small = type(value) is not str or len(value) <= INLINE_BYTES // 4
        return InlineValue(value) if is_small and _is_plain(value, [1]) else None
    if type(value) not in (list, dict) or not _is_plain(value, [_MOST_ITEMS]):
        return None
    encoded = msgspec.json.encode(value)
    # The copy keeps the record true when somebody changes the live object later.
    return (
        InlineValue(msgspec.json.decode(encoded))
        if len(encoded) <= INLINE_BYTES
        else None
    )


def _is_plain(value: Any, room: list[int], depth: int = 8) -> bool:
    """Whether a value is exactly what JSON gives back, and small enough to look at.

    `room` holds how many items may still be looked at, over the whole value.
    """
    kind = type(value)
    if kind is str:
        return _is_unicode(value)
    if kind is float:
        return math.isfinite(value)
    if kind is int:
        return bool(-(2**53) <= value <= 2**53)
    if kind is bool or value is None:
        return True
    if depth == 0 or kind not in (list, dict) or len(value) > room[0]:
        return False
    room[0] -= len(value)
    items = value
    if isinstance(value, Mapping):
        items = value.values()
        if not all(type(key) is str and _is_unicode(key) for key in value):
            return False
    return all(_is_plain(item, room, depth - 1) for item in items)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
