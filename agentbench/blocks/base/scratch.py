"""Scratch: a folder for a program of others, measured while it runs, and gone afterwards."""

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

MOST_FILES, DEEPEST = 10_000, 100
"""Files and folders that there may be, and folders within folders."""
MOST_MAPPED = 8
"""Files that are deleted and only mapped: nobody can tell from outside how large they are."""
_SHARED = b"/dev/zero"
"""How memory is called there that is no file; the limit of memory counts it."""


@contextlib.contextmanager
def scratch(prefix: str) -> Iterator[Path]:
    """An empty folder; on leaving it is gone, however deep what is in it by then."""
    place = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        yield place
    finally:
        _clear(place)


def fits(folder: Path, most: int, process: int | None = None) -> bool:
    """Whether no more bytes are in a folder than may be, nor more than can be looked at.

    What a process deleted there and still holds counts as well.
    """
    size, names, unseen = 0, 0, False
    top = len(folder.parts)

    def note(error: OSError) -> None:
        nonlocal unseen
        unseen = unseen or not isinstance(error, FileNotFoundError)

    for above, folders, files in os.walk(folder, onerror=note):
        names += len(folders) + len(files)
        for name in files:
            with contextlib.suppress(OSError):
                size += Path(above, name).lstat().st_size
        is_deep = len(Path(above).parts) - top > DEEPEST
        if is_deep or unseen or size > most or names > MOST_FILES:
            return False
    return not unseen and size + _held(process, most) <= most


def _held(process: int | None, most: int) -> int:
    """The bytes of the files that have no name any more, but a process that uses them."""
    if process is None:
        return 0
    sizes: dict[tuple[int, int], int] = {}
    with contextlib.suppress(OSError):  # it has ended; or there is no such list here
        for entry in os.scandir(f"/proc/{process}/fd"):
            with contextlib.suppress(OSError):
                found = os.stat(entry.path)  # noqa: PTH116 - no path of ours
                if stat.S_ISREG(found.st_mode) and not found.st_nlink:
                    sizes[found.st_dev, found.st_ino] = found.st_size
    inodes = {inode for _, inode in sizes}
    return sum(sizes.values()) + most // MOST_MAPPED * len(_mapped(process) - inodes)


def _mapped(process: int) -> set[int]:
    """The files without a name of which a piece is in the memory of a process."""
    found: set[int] = set()
    with contextlib.suppress(OSError), open(f"/proc/{process}/maps", "rb") as lines:  # noqa: PTH123
        for line in lines:
            if line.endswith(b" (deleted)\n") and _SHARED not in line:
                found.add(int(line.split(maxsplit=5)[4]))
    return found


def _clear(place: Path) -> None:
    """Empties a folder and removes it.

    What is inside inner folders is moved up first, a floor at a time: the library goes
    down by a call for each floor, and gives up where there are a thousand.
    """
    numbers = count()
    with contextlib.suppress(FileNotFoundError):
        while inside := list(os.scandir(place)):
            for entry in inside:
                if not entry.is_dir(follow_symlinks=False):
                    os.unlink(entry.path)  # noqa: PTH108
                    continue
                _open_up(entry.path)
                for deeper in list(os.scandir(entry.path)):
                    if deeper.is_dir(follow_symlinks=False):
                        _open_up(deeper.path)
                        os.rename(deeper.path, place / f".{next(numbers)}")  # noqa: PTH104
                    else:
                        os.unlink(deeper.path)  # noqa: PTH108
                os.rmdir(entry.path)  # noqa: PTH106
        place.rmdir()


def _open_up(folder: str) -> None:
    with contextlib.suppress(OSError):
        os.chmod(folder, 0o700)  # noqa: PTH101
