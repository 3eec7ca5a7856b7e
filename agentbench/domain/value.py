"""Value: what moves on a link, in the form in which it is kept."""

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

INLINE_BYTES = 4096
"""JSON up to this many bytes stays in the event; more goes to the blob store."""
