"""Calls: what one kernel says to the kernel that carries a run out."""

import msgspec

from agentbench.domain.value import ValueRef

STOP = "stop"
ANSWER = "answer"
"""Followed by the blob that holds an `Answer`: what is said goes through the store only."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody answered to a parked firing."""

    node: str
    firing: int
    answer: ValueRef
    by: str


def write_answer(answer: Answer) -> bytes:
    """An answer as bytes."""
    return msgspec.json.encode(answer)


def read_answer(data: bytes) -> Answer:
    """The answer of those bytes.

    Raises:
        msgspec.ValidationError: they are none.
    """
    return msgspec.json.decode(data, type=Answer)
