"""The guard: a small process that runs one Valkey server while kernels are connected.

`valkey.py` starts this file as a script, outside the package and without `site`, so
that it is up at once; it imports the standard library only. A kernel counts as a user
while its connection is open, and the system closes that even for a killed kernel.
"""

import contextlib
import fcntl
import os
import select
import signal
import socket
import sys
import time
from pathlib import Path

GRACE = 1.0
"""Seconds that the server outlives its last user, so that a restarted kernel finds it."""

START = 10.0
"""Seconds that a server may take to answer."""

STOP = 2.0
"""Seconds that a server may take to end before it is killed."""

RETRIES = 3
"""Servers that may die young, one after the other, before the guard gives up."""


class Server:
    """A running server process."""

    def __init__(self, binary: str, home: Path) -> None:
        self.path = home / "valkey.sock"
        self.log = home / "valkey.log"
        self.path.unlink(missing_ok=True)
        self.log.unlink(missing_ok=True)
        self.started = time.monotonic()
        # Nobody writes to this pipe: its end is reached when the server is gone.
        self.alive, held_by_server = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            self._become(binary, held_by_server)
        os.close(held_by_server)

    def is_ready(self) -> bool:
        """Waits for the first answer; false when the server ends before it."""
        end = time.monotonic() + START
        while time.monotonic() < end:
            if answers(self.path):
                return True
            if select.select([self.alive], [], [], 0.001)[0]:
                return False
        return False

    def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
            if not select.select([self.alive], [], [], STOP)[0]:
                os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.alive)
        self.path.unlink(missing_ok=True)

    def last_words(self) -> str:
        """What the server said last, for the error message."""
        with contextlib.suppress(OSError, IndexError):
            return self.log.read_text(errors="replace").strip().splitlines()[-1]
        return "it ended without a word"

    def _become(self, binary: str, held: int) -> None:
        try:
            os.set_inheritable(held, True)  # noqa: FBT003 - has no keyword
            die_with_parent()
            os.execv(binary, self._arguments(binary))  # noqa: S606 - no shell wanted
        finally:
            os._exit(127)

    def _arguments(self, binary: str) -> list[str]:
        options = {
            "--port": "0",
            "--unixsocket": str(self.path),
            "--unixsocketperm": "700",
            "--save": "",
            "--appendonly": "no",
            "--dir": str(self.path.parent),
            "--loglevel": "warning",
            "--logfile": str(self.log),
        }
        return [binary, *(word for pair in options.items() for word in pair)]


class Guard:
    """One server and the kernels that use it."""

    def __init__(self, home: Path, binaries: list[str], first: socket.socket) -> None:
        self.home, self.binaries = home, binaries
        self.users = {first}
        self.young_deaths = 0
        self.listener = socket.socket(socket.AF_UNIX)
        self.server: Server | None = None

    def run(self) -> None:
        """Serves until nobody is connected any more."""
        door = self.home / "guard.sock"
        try:
            self.server = self._launch()
            door.unlink(missing_ok=True)
            self.listener.bind(str(door))
            self.listener.listen(64)
            self._answer(*self.users)
            while self._serve():
                pass
        finally:
            # Who knocks from now on is refused, and starts a guard of its own.
            self.listener.close()
            door.unlink(missing_ok=True)
            if self.server is not None:
                self.server.stop()

    def _launch(self) -> Server:
        words = "no server binary was found"
        for binary in self.binaries:
            server = Server(binary, self.home)
            if server.is_ready():
                return server
            words = f"{binary}: {server.last_words()}"
            server.stop()
        for user in self.users:
            with contextlib.suppress(OSError):
                user.sendall(f"failed {words}\n".encode())
        raise SystemExit(1)

    def _serve(self) -> bool:
        places: list[socket.socket | int] = [self.listener, *self.users]
        if self.server is not None:
            places.append(self.server.alive)
        ready = select.select(places, [], [], None if self.users else GRACE)[0]
        if self.server is not None and self.server.alive in ready:
            self._relaunch(self.server)
        elif self.listener in ready:
            user = self.listener.accept()[0]
            self.users.add(user)
            self._answer(user)
        for user in self.users & set(ready):
            if not heard(user):
                user.close()
                self.users.discard(user)
        return bool(ready)

    def _relaunch(self, dead: Server) -> None:
        died_young = time.monotonic() - dead.started < START
        self.young_deaths = self.young_deaths + 1 if died_young else 1
        self.server = None
        dead.stop()
        if self.young_deaths > RETRIES:
            raise SystemExit(1)
        self.server = self._launch()

    def _answer(self, *users: socket.socket) -> None:
        for user in users:
            with contextlib.suppress(OSError):  # it is gone; select will tell
                user.sendall(b"ready\n")


def heard(user: socket.socket) -> bool:
    """Reads what a user sent; false when it has hung up."""
    try:
        return bool(user.recv(64))
    except OSError:
        return False


def answers(path: Path, words: bytes = b"PING\r\n") -> bool:
    """Whether a server on that socket takes our words."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(path))
            connection.sendall(words)
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def die_with_parent() -> None:
    """Lets the system end the server when the guard is killed, where it can (Linux)."""
    if sys.platform == "linux":
        with contextlib.suppress(Exception):
            import ctypes

            set_death_signal = 1
            ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)


def detach() -> None:
    """Leaves the kernel's session and descent: neither its signals nor its end reach us."""
    if os.fork():
        os._exit(0)
    os.setsid()
    os.umask(0o077)
    os.chdir("/")
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)


def main(home: Path, binaries: list[str]) -> None:
    """Guards one server in `home`; standard input is the connection to the first user."""
    first = socket.socket(fileno=os.dup(0))
    detach()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with (home / "guard.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # until the guard before us has tidied up
        # A guard that was killed may have left its server, where none can be told to
        # die with its parent.
        answers(home / "valkey.sock", b"SHUTDOWN NOSAVE\r\n")
        Guard(home, binaries, first).run()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
