"""Databases: SQLite files of a workspace, opened so that a link swapped in leads nowhere.

SQLite opens files by their path, and a path may lead elsewhere by then. So what it has
opened is looked at afterwards, before it is asked anything. The file is not opened here to
be looked at: closing it would take away the locks that SQLite has on it.
"""

import contextlib
import os
import sqlite3
import threading
from pathlib import Path

from agentbench.blocks.base.confined import OutsideWorkspace, Workspace

TRIES = 3
"""Another part of this program may close the same file meanwhile, and so hide what is new."""
_HELD = Path("/dev/fd")
_opening = threading.Lock()


def opened(
    workspace: Workspace, path: str, *, read_only: bool, timeout: float
) -> sqlite3.Connection:
    """A SQLite file of the workspace; it is made when it is to be written and is not there.

    Raises:
        ValueError: no file is named.
        FileNotFoundError: there is none to read.
        OutsideWorkspace: it leads out, or is no plain file, or another was put in its place.
    """
    if not workspace.parts(path):
        raise ValueError("'database' names no file.")
    if not read_only:
        workspace.refuse_hidden(path)
    if workspace.stat(path) is None:
        if read_only:
            raise FileNotFoundError(f"There is no database {path!r} in the workspace.")
        with contextlib.suppress(FileExistsError), workspace.open(path, "new"):
            pass
    place = workspace.root.joinpath(*workspace.parts(path))
    address = f"{place.as_uri()}?mode={'ro' if read_only else 'rw'}"
    for _ in range(TRIES):
        with _opening:
            found = workspace.plain(path)
            before = _held(found)
            try:
                base = sqlite3.connect(
                    address, uri=True, timeout=timeout, isolation_level=None
                )
            except sqlite3.Error as error:
                raise OutsideWorkspace(
                    f"{path!r} cannot be opened: {error}."
                ) from error
            if not _HELD.exists() or _held(found) - before:  # Windows has no such list
                return base
            base.close()
    raise OutsideWorkspace(
        f"{path!r} became another file while it was opened; nothing was asked of it."
    )


def closed(base: sqlite3.Connection) -> None:
    """Closes a database, while no other is being opened."""
    with _opening:
        base.close()


def _held(wanted: os.stat_result) -> set[int]:
    """The numbers under which this process has a file open."""
    held: set[int] = set()
    if _HELD.exists():
        for name in os.listdir(_HELD):  # noqa: PTH208 - names are all that is wanted
            with contextlib.suppress(OSError, ValueError):
                if os.path.samestat(os.fstat(int(name)), wanted):
                    held.add(int(name))
    return held
