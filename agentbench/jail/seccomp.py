"""Seccomp: a filter before the kernel, which refuses what a jailed process may not ask.

There is no library of it that comes as a wheel; the filter is one page of the classic
packet filter, read from above.
"""

import ctypes
import errno
import os
import platform
import sys
from collections.abc import Iterator, Sequence

from agentbench.jail import calls

_LOAD, _EQUAL, _ABOVE, _BITS, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_SET_SECCOMP, _FILTER = 22, 2
_CLONE_THREAD, _CLONE_FILES = 0x00010000, 0x00000400
_INET, _INET6, _UNIX, _STREAM = 2, 10, 1, 1
_TYPE_INTO_A_TERMINAL = (0x5412, 0x541C)
_TO_LET_GO = (1, 4, 35, 0x59616D61)
"""Of `prctl`: outliving who started it, hiding what it holds open, moving its own pieces,
being traced."""

Step = tuple[int, int, int, int]


class _Step(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("then", ctypes.c_uint8),
        ("otherwise", ctypes.c_uint8),
        ("number", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step)))


def shut(*, network: bool, can_truncate: bool) -> bool:
    """Puts the filter before this process, for good; says whether it could.

    `can_truncate` is whether Landlock holds what a process shortens by its path.
    """
    architecture = calls.ARCHITECTURES.get(platform.machine())
    if sys.platform != "linux" or architecture is None or sys.maxsize < 2**32:
        return False
    steps = [
        _Step(*step)
        for step in _filter(architecture, network=network, can_truncate=can_truncate)
    ]
    program = _Program(len(steps), (_Step * len(steps))(*steps))
    prctl = ctypes.CDLL(None).prctl
    return not prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)


def _filter(architecture: int, *, network: bool, can_truncate: bool) -> Iterator[Step]:
    numbers = calls.numbers(architecture)
    yield _LOAD, 0, 0, _ARCHITECTURE
    yield _EQUAL, 1, 0, architecture
    yield _RETURN, 0, 0, _KILL
    yield _LOAD, 0, 0, _NUMBER
    # Also those of another calling convention, whose numbers begin far above.
    yield _ABOVE, 0, 1, calls.LAST
    yield _RETURN, 0, 0, _ERRNO | errno.ENOSYS
    refused = dict(calls.FOREVER)
    if not network:
        refused |= dict.fromkeys(("socket", *calls.SPEAKING), errno.EPERM)
    if not can_truncate:
        refused["truncate"] = errno.EPERM
    for name, error in refused.items():
        if name in numbers:
            yield from _if(numbers[name], [(_RETURN, 0, 0, _ERRNO | error)])
    for name, steps in _looked_into(network=network).items():
        yield from _if(numbers[name], steps)
    yield _RETURN, 0, 0, _ALLOW


def _looked_into(*, network: bool) -> dict[str, list[Step]]:
    """Calls that are refused by what they are given."""
    own = os.getpid()
    found = {
        "kill": _only(0, own),
        "tgkill": _only(0, own),
        "rt_sigqueueinfo": _only(0, own),
        "rt_tgsigqueueinfo": _only(0, own),
        "prlimit64": _only(0, 0, own),
        "prctl": _none_of(0, *_TO_LET_GO),
        "ioctl": _none_of(1, *_TYPE_INTO_A_TERMINAL),
        # A thread, not a process, and none that holds files open for itself.
        "clone": [
            _argument(0), (_BITS, 0, 2, _CLONE_THREAD), (_BITS, 0, 1, _CLONE_FILES),
            *_either(),
        ],
        # A pair speaks with itself; one of streams can be made to speak with nobody else.
        "socketpair": [
            _argument(0), (_EQUAL, 0, 4, _UNIX), _argument(1), (0x54, 0, 0, 0xF),
            (_EQUAL, 0, 1, _STREAM), *_either(),
        ],
    }  # fmt: skip
    if network:
        found["socket"] = _only(0, _INET, _INET6)
    else:
        # With an address it would be for somebody.
        found["sendto"] = [
            _argument(4), (_EQUAL, 0, 3, 0), _argument(4, upper=True), (_EQUAL, 0, 1, 0),
            *_either(),
        ]  # fmt: skip
    return found


def _if(number: int, steps: Sequence[Step]) -> Iterator[Step]:
    """Steps for one call; each of them ends in an answer."""
    yield _EQUAL, 0, len(steps), number
    yield from steps


def _only(argument: int, *values: int) -> list[Step]:
    last = len(values) - 1
    tried = [
        (_EQUAL, last - at, 0 if at < last else 1, value)
        for at, value in enumerate(values)
    ]
    return [_argument(argument), *tried, *_either()]


def _none_of(argument: int, *values: int) -> list[Step]:
    last = len(values) - 1
    tried = [(_EQUAL, last - at + 1, 0, value) for at, value in enumerate(values)]
    return [_argument(argument), *tried, *_either()]


def _either() -> tuple[Step, Step]:
    """The first says yes, the second no."""
    return (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _ERRNO | errno.EPERM)


def _argument(at: int, *, upper: bool = False) -> Step:
    return _LOAD, 0, 0, _ARGUMENTS + 8 * at + 4 * upper
