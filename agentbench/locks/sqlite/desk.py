"""The desk: one thread and one connection that do what is asked, in the order it came."""

import contextlib
import os
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from agentbench.domain.errors import LockBackendDown
from agentbench.locks.base import Bell, clock, ring_all
from agentbench.locks.sqlite.tables import SCHEMA

Result = TypeVar("Result")
Work = Callable[[sqlite3.Connection], Any]

BUSY = 0.2
"""Seconds that the file may be busy before what waits for it is looked through again."""

TRY_AGAIN = 0.02
LONGEST_PAUSE = 5.0
"""Seconds until the next try while the file is busy, and at most while it cannot be used."""

MOST_AT_ONCE = 64
"""Works in one transaction: many who ask cost few commits."""


class Asked:
    """A work, and who waits for its result, if anybody."""

    __slots__ = ("bell", "result", "until", "work")

    def __init__(self, work: Work, bell: Bell | None, until: float) -> None:
        self.work, self.bell, self.until = work, bell, until
        self.result: Any = None


class Desk:
    """Carries out works, each within a writing transaction, and looks at the file.

    `look` is called in the thread with the connection, and whether anything was
    written since; it returns for how many seconds it need not be called again, None
    for as long as nobody calls `wake`. `check` is called as often, but also when the
    file cannot be used.
    """

    def __init__(
        self,
        path: Path,
        *,
        where: str,
        keep: float,
        look: Callable[[sqlite3.Connection, bool], float | None],
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._path, self._where, self._keep = path, where, keep
        self._look, self._check = look, check
        self._asked: deque[Asked] = deque()
        self._changed = threading.Condition()
        self._is_closing = self._is_woken = False
        self._connection: sqlite3.Connection | None = None
        self._inode = 0
        self.trouble = ""
        """Why the file cannot be used just now; empty while it can."""
        self._thread = threading.Thread(target=self._run, name="lock desk", daemon=True)

    async def ask(
        self, work: Callable[[sqlite3.Connection], Result], *, wait: float
    ) -> Result:
        """Has a work done and returns its result.

        Raises:
            LockBackendDown: it was not done in `wait` seconds, or cannot be.
        """
        bell = Bell()
        asked = self._put(Asked(work, bell, clock() + wait))
        if not await bell.heard(wait):
            asked.until = 0.0
            reason = self.trouble or f"the file was busy for {wait:g} s"
            raise LockBackendDown(self._where, reason)
        if isinstance(asked.result, Exception):
            raise LockBackendDown(self._where, str(asked.result)) from asked.result
        return asked.result  # type: ignore[no-any-return]

    def post(self, work: Work) -> None:
        """Has a work done, some time; it is tried for the length of a lease."""
        self._put(Asked(work, None, clock() + self._keep))

    def wake(self) -> None:
        """Has the thread look at once."""
        with self._changed:
            self._is_woken = True
            self._changed.notify()

    def write(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Does a work now; for the thread itself, in `look`.

        Raises:
            sqlite3.Error: it was not done.
        """
        connection = self._opened()
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = work(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return result

    def close(self) -> None:
        """Does what was asked, then ends."""
        with self._changed:
            self._is_closing = True
            self._changed.notify()

    def join(self, timeout: float) -> None:
        """Waits until it has ended."""
        if self._thread.ident:
            self._thread.join(timeout)

    def _put(self, asked: Asked) -> Asked:
        with self._changed:
            if not self._thread.ident:
                self._thread.start()
            self._asked.append(asked)
            self._changed.notify()
        return asked

    def _run(self) -> None:
        pause: float | None = None
        version = 0
        while self._wait(pause):
            self._check()
            try:
                has_written = self._carry_out()
                connection = self._opened()
                (now,) = connection.execute("PRAGMA data_version").fetchone()
                pause = self._look(connection, has_written or now != version)
                version, self.trouble = now, ""
            except (OSError, sqlite3.Error) as error:
                pause = self._put_off(error, pause or 0.0)
        with contextlib.suppress(OSError, sqlite3.Error):
            while self._asked:
                self._carry_out()
        self._drop()
        self._end(LockBackendDown(self._where, "it was closed"))

    def _wait(self, pause: float | None) -> bool:
        """Waits until there is something to do; false at the end."""
        with self._changed:
            if not (self._asked or self._is_woken or self._is_closing):
                self._changed.wait(pause)
            self._is_woken = False
            return not self._is_closing

    def _carry_out(self) -> bool:
        asked = self._next()
        if not asked:
            return False
        try:
            results = self.write(lambda c: [one.work(c) for one in asked])
        except BaseException:
            with self._changed:  # again, in the same order
                self._asked.extendleft(reversed(asked))
            raise
        for one, result in zip(asked, results, strict=True):
            one.result = result
        ring_all(one.bell for one in asked if one.bell)
        return True

    def _next(self) -> list[Asked]:
        with self._changed:
            taken: list[Asked] = []
            while self._asked and len(taken) < MOST_AT_ONCE:
                one = self._asked.popleft()
                if one.until > clock():  # else nobody waits any more
                    taken.append(one)
            return taken

    def _put_off(self, error: Exception, pause: float) -> float:
        """After a failure: ends what cannot be done; returns when to try again."""
        self.trouble = str(error)
        if isinstance(error, sqlite3.OperationalError) and "locked" in self.trouble:
            return TRY_AGAIN
        self._drop()
        self._end(error)
        return min(max(2 * pause, 0.1), LONGEST_PAUSE)

    def _end(self, error: Exception) -> None:
        """Tells all who wait."""
        with self._changed:
            lost, self._asked = list(self._asked), deque()
        for one in lost:
            one.result = error
        ring_all(one.bell for one in lost if one.bell)

    def _opened(self) -> sqlite3.Connection:
        """The connection; a new one if another file stands where ours was."""
        if self._connection is not None and self._inode != _inode(self._path):
            self._drop()
        if self._connection is None:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            self._inode = _inode(self._path)
            self._connection = sqlite3.connect(
                self._path, timeout=BUSY, isolation_level=None, check_same_thread=False
            )
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self.write(_make_tables)
        return self._connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _make_tables(connection: sqlite3.Connection) -> None:
    for statement in SCHEMA.split(";\n"):
        connection.execute(statement)


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0
