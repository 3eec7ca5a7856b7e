"""Landlock: of all files only the named ones stay within reach, for good."""

import ctypes
import os
import sys
from collections.abc import Iterable

_EXECUTE, _WRITE, _READ, _LIST = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE, _MAKE_DIR, _MAKE, _LINK = (1 << bit for bit in (4, 5, 7, 8, 12))
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_FIRST = (1 << 13) - 1
_SINCE = {2: _REFER, 3: _TRUNCATE, 5: 1 << 15}  # the last one: ioctl of devices
_LOOKED_AT = _READ | _LIST
_OWNED = (
    _LOOKED_AT | _WRITE | _REMOVE_DIR | _REMOVE | _MAKE_DIR | _MAKE | _LINK | _REFER
    | _TRUNCATE
)  # fmt: skip
_OF_FILES = _EXECUTE | _WRITE | _READ | _TRUNCATE
_CREATE, _ADD, _RESTRICT = 444, 445, 446
"""The same numbers on every processor."""


class _Rules(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """Which Landlock this kernel has; 0 for none."""
    if sys.platform != "linux":
        return 0
    return max(0, _call(_CREATE, None, 0, 1))


def shut(read: Iterable[str], write: Iterable[str], *, network: bool) -> int:
    """Leaves this process those folders and files, and the network if it may have it.

    From version 4 on it also dials nobody over TCP, from 6 on it signals nobody and finds
    no abstract socket. Gives the version; 0 when nothing was done. The process must have
    said before that it wants no new privileges.
    """
    found = version()
    if not found:
        return 0
    files = _FIRST
    for since, right in _SINCE.items():
        files |= right if found >= since else 0
    rules = _Rules(files, 0 if network else 0b11, 0b11)
    size = 8 if found < 4 else 16 if found < 6 else 24
    ruleset = _call(_CREATE, ctypes.byref(rules), size, 0)
    if ruleset < 0:
        return 0
    try:
        for places, rights in ((read, _LOOKED_AT), (write, _OWNED)):
            for place in places:
                _allow(ruleset, place, rights & files)
        return 0 if _call(_RESTRICT, ruleset, 0) else found
    finally:
        os.close(ruleset)


def _allow(ruleset: int, place: str, rights: int) -> None:
    try:
        handle = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no leave
    try:
        is_folder = os.path.isdir(place)  # noqa: PTH112 - no pathlib in a bare process
        beneath = _Beneath(rights if is_folder else rights & _OF_FILES, handle)
        _call(_ADD, ruleset, 1, ctypes.byref(beneath), 0)
    finally:
        os.close(handle)


def _call(number: int, *args: object) -> int:
    return int(ctypes.CDLL(None).syscall(ctypes.c_long(number), *args))
