"""A worker, seen from the kernel: one child process, started, spoken with, ended."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from typing import Any

from agentbench.domain.errors import OverLimit, RunError, WorkerLost
from agentbench.workers.wire import Cancelled, Channel, FromWorker, Job

ASK = 0.3
"""Seconds that a cancelled block has to end by itself."""

TELL = 0.4
"""Seconds that its process has to end after SIGTERM, before it is killed.

Both together stay below the engine's own patience with a cancelled firing, so that a
stopped run has no process left when it says that it has stopped.
"""

LOOK = 0.5
"""Seconds between two looks whether a silent worker is still there."""

_TAIL = 30
_PRIVATE = ("AGENTBENCH_STORE_URL", "AGENTBENCH_REDIS_URL", "AGENTBENCH_CREDENTIAL_")
"""What a worker has no use for and may be a secret: names, or how they begin."""

_MEANINGS = {
    "SIGABRT": "it crashed in compiled code, not in Python.",
    "SIGBUS": "it crashed in compiled code, not in Python.",
    "SIGFPE": "it crashed in compiled code, not in Python.",
    "SIGILL": "it crashed in compiled code, not in Python.",
    "SIGKILL": "somebody killed it; most often the system, when memory runs out.",
    "SIGSEGV": "it crashed in compiled code, not in Python.",
    "SIGTERM": "somebody told it to end.",
    "SIGXCPU": "it used more processor time than the system allows.",
}


class Worker:
    """One child process, in a session of its own. Starting it takes a moment."""

    def __init__(self, command: Sequence[str]) -> None:
        if sys.platform == "win32":
            raise RunError(
                "There are no worker processes on Windows yet: run the block with"
                ' isolation="thread".'
            )
        ours, theirs = socket.socketpair()
        self._line, far_end = socket.socketpair()
        handed = (theirs.fileno(), far_end.fileno())
        with theirs, far_end:
            self._process = subprocess.Popen(  # noqa: S603 - our own Python
                [*command, *map(str, handed)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=handed,
                start_new_session=True,
                env=_environment(),
            )
        self.pid = self._process.pid
        self._channel: Channel[FromWorker] = Channel(ours, FromWorker)
        self._silence = select.poll()
        self._silence.register(ours, select.POLLIN)
        self._tail: deque[bytes] = deque(maxlen=_TAIL)
        self._ending = threading.Lock()
        self._listening = threading.Thread(
            target=self._listen, name="agentbench-worker-words", daemon=True
        )
        self._listening.start()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def send(self, message: Any) -> None:
        """Says something; a worker that is gone is found out by `receive`.

        Raises:
            ValueError: it is too large.
        """
        with contextlib.suppress(OSError):
            self._channel.send(message)

    def receive(self, job: Job) -> FromWorker:
        """The next thing the worker says in the course of a job.

        Raises:
            WorkerLost: it is gone, or talks nonsense.
            OverLimit: it was ended because it used too much.
        """
        # A process that the block started may hold the connection open for good, so
        # its end alone does not tell.
        try:
            while not self._silence.poll(LOOK * 1000):
                if not self.is_alive:
                    raise EOFError  # noqa: TRY301 - the same end as when its line closes
            return self._channel.receive()
        except (EOFError, OSError, ValueError) as error:
            raise self._lost(job, error) from None

    def end(self) -> None:
        """Asks, then tells, then kills; returns when the whole group is gone."""
        with self._ending:
            if self.is_alive:
                self._ask_to_end()
                self._wait(ASK)
            if self.is_alive:
                self._signal(signal.SIGTERM)
                self._wait(TELL)
            self.kill()
            self._wait(None)
            self._let_go()

    def kill(self) -> None:
        """Kills the process and what it has started, without waiting."""
        self._signal(signal.SIGKILL)

    # ---- inside ------------------------------------------------------------

    def _ask_to_end(self) -> None:
        # Not a blocking send: a worker that hangs may not read.
        with contextlib.suppress(OSError):
            self._channel.connection.settimeout(ASK)
            self._channel.send(Cancelled())

    def _wait(self, seconds: float | None) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    def _signal(self, number: int) -> None:
        # The group lives as long as anyone in it: its leader may be gone before.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    def _let_go(self) -> None:
        self._channel.close()
        self._line.close()

    def _listen(self) -> None:
        """Keeps the last lines that came past Python: a crash says there where it was."""
        pipe = self._process.stdout
        if pipe is not None:
            with pipe, contextlib.suppress(OSError, ValueError):
                for line in iter(lambda: pipe.readline(2000), b""):
                    self._tail.append(line)

    def _lost(self, job: Job, error: Exception) -> RunError:
        self._wait(LOOK)
        code = self._process.poll()
        if code is None:
            what = f"it is still there, but not to be understood ({error})."
            return WorkerLost(job.block, signal="", code=0, meaning=what)
        self.kill()
        self._listening.join(LOOK)
        said = b"".join(self._tail).decode(errors="replace").strip()
        name = _signal_name(-code) if code < 0 else ""
        if name == "SIGXCPU" and job.cpu is not None:
            return OverLimit(job.block, f"{job.cpu:g} s of processor time")
        meaning = _MEANINGS.get(name, "it did not end the firing first.")
        if not name:
            meaning = "the block ended its own process, as `os._exit` does."
        return WorkerLost(
            job.block, signal=name, code=code, meaning=meaning, traceback=said
        )


def _environment() -> dict[str, str]:
    kept = {
        name: given
        for name, given in os.environ.items()
        if not name.startswith(_PRIVATE)
    }
    return kept | {"PYTHONSAFEPATH": "1"}


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
