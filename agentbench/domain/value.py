"""Value: what moves on a link, in the form in which it is kept."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec


class InlineValue(
    msgspec.Struct, frozen=True, gc=False, tag_field="form", tag="inline"
):
    """A small value that is JSON, kept in the event itself."""

    data: Any


class StoredValue(
    msgspec.Struct, frozen=True, gc=False, tag_field="form", tag="stored"
):
    """A larger or binary value, kept in the blob store.

    `codec` names how to read it back, `blob` is the SHA-256 of its bytes, `size`
    their number, `type` the value's type in words.
    """

    codec: str
    blob: str
    size: int
    type: str


class LiveValue(msgspec.Struct, frozen=True, gc=False, tag_field="form", tag="live"):
    """A value that no codec can keep: usable in this kernel only.

    A resumed run computes it again.
    """

    type: str


ValueRef = InlineValue | StoredValue | LiveValue


def stored_values(thing: Any) -> Iterator[StoredValue]:
    """Every value of the blob store that an event, or what stands in one, refers to."""
    if isinstance(thing, StoredValue):
        yield thing
    elif isinstance(thing, Mapping):
        for held in thing.values():
            yield from stored_values(held)
    elif isinstance(thing, msgspec.Struct) and not isinstance(thing, InlineValue):
        for name in thing.__struct_fields__:
            yield from stored_values(getattr(thing, name))


INLINE_BYTES = 4096
"""JSON up to this many bytes stays in the event; more goes to the blob store."""
