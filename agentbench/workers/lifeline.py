"""The lifeline: a connection on which nobody speaks, and whose end is the worker's end.

The kernel holds the other side and the system closes it, however the kernel dies.
"""

import contextlib
import os
import select
import signal
import socket
import sys
import threading
from typing import NoReturn


def hold(line: socket.socket) -> None:
    """Ends this process, and all in its group, as soon as the other side hangs up.

    On Linux the system does so by itself, also while a block holds the interpreter's
    lock in C code. Elsewhere a thread does it, as soon as it gets its turn.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            _have_it_cut(line)
    watch = threading.Thread(target=_watch, args=(line,), name="lifeline", daemon=True)
    watch.start()


def end_group() -> NoReturn:
    """Ends this process and every other in its group."""
    if sys.platform != "win32":
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _watch(line: socket.socket) -> None:
    # Not `recv`: while somebody waits in there, Linux sends no signal.
    select.select([line], [], [])
    end_group()


if sys.platform == "linux":

    def _have_it_cut(line: socket.socket) -> None:
        import fcntl

        # "Tell the group -n with SIGKILL that something happens on this socket"; the
        # only thing that ever happens on it is the hang-up.
        fcntl.fcntl(line, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(line, fcntl.F_SETOWN, -os.getpgrp())
        flags = fcntl.fcntl(line, fcntl.F_GETFL)
        fcntl.fcntl(line, fcntl.F_SETFL, flags | os.O_ASYNC)
