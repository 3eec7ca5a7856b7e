"""The interrupt: an exception raised in another thread, which ends what is Python there."""

import gc
import sys
import threading
import time
from types import FrameType

WAITING = 1.0
"""Seconds for which an interrupt waits at most until it will not be lost."""

BREATH = 0.002
"""Seconds between two looks."""

_looking = threading.Lock()


class LeftBehind(BaseException):
    """Raised into a block that nobody waits for any more. Not for blocks to catch."""


def raise_in(thread: int, kind: type[BaseException]) -> None:
    """Has the thread of that number raise `kind` before its next step of Python.

    What it does in C code (a sleep, a long computation of a library) goes on until it
    comes back to Python. While it collects garbage it is waited for: what is raised in a
    callback of the collector is lost.
    """
    import ctypes

    end = time.monotonic() + WAITING
    while _is_collecting(thread) and time.monotonic() < end:
        time.sleep(BREATH)
    raise_there = ctypes.pythonapi.PyThreadState_SetAsyncExc
    raise_there(ctypes.c_ulong(thread), ctypes.py_object(kind))


def _is_collecting(thread: int) -> bool:
    """Whether a thread is in a callback of the garbage collector."""
    callbacks = {getattr(it, "__code__", None) for it in gc.callbacks}
    frame = frame_of(thread) if callbacks else None
    while frame is not None and frame.f_code not in callbacks:
        frame = frame.f_back
    return frame is not None


def frame_of(thread: int) -> FrameType | None:
    """The frame that a thread is in, or None where there is no such thread.

    The garbage collector rests meanwhile. In Python 3.11 the call may begin to collect
    while it holds the interpreter's own lock; what is let go of then may need that lock
    (a `threading.local` does), and no thread of the process ever goes on.
    """
    with _looking:  # else one thread turns it on again under the other
        is_on = gc.isenabled()
        gc.disable()
        try:
            return sys._current_frames().get(thread)  # noqa: SLF001 - it has no other name
        finally:
            if is_on:
                gc.enable()
