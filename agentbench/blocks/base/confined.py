"""Confined: files inside one folder, reached so that no path leads out of it.

Each part of a path is opened from the folder before it, without following links. What
somebody swaps between a look and an open is therefore refused, not followed.
"""

import contextlib
import errno
import os
import stat
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal

MOST_BYTES = 100_000_000
"""The largest file that is read or written here."""
_CAN_CONFINE = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
_FOLDER = getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
_FILE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_HOW: dict[str, int] = {
    "read": os.O_RDONLY,
    "replace": os.O_WRONLY | os.O_CREAT,
    "append": os.O_WRONLY | os.O_CREAT | os.O_APPEND,
    "new": os.O_WRONLY | os.O_CREAT | os.O_EXCL,
}
How = Literal["read", "replace", "append", "new"]


class OutsideWorkspace(PermissionError):
    """A path leads out of the workspace, or through what might."""


class Workspace:
    """The files inside one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._called = Path(os.path.abspath(root))  # noqa: PTH100 - links and all

    def parts(self, path: str) -> tuple[str, ...]:
        """The parts of a path below the root, once none of them leads out.

        Raises:
            OutsideWorkspace: it is no path inside.
        """
        text = path.replace("\\", "/") if sys.platform == "win32" else path
        if "\0" in text or not text.strip():
            raise OutsideWorkspace(f"{path!r} is no path of a file.")
        pure = PurePosixPath(text)
        if Path(text).is_absolute():
            whole = Path(text)
            names = [
                one
                for one in (self.root, self._called)
                if one in whole.parents or one == whole
            ]
            if not names:
                raise self._outside(path, "it is elsewhere")
            pure = PurePosixPath(whole.relative_to(names[0]).as_posix())
        parts = [part for part in pure.parts if part != "."]
        if ".." in parts:
            raise self._outside(path, "`..` leads out of folders")
        if _is_private(self.root, parts):
            raise self._outside(path, "programs keep there what is nobody else's")
        if sys.platform == "win32" and any(":" in part for part in parts):
            raise self._outside(path, "it names a drive or a stream")
        return tuple(parts)

    @contextlib.contextmanager
    def open(self, path: str, how: How = "read") -> Iterator[BinaryIO]:
        """A regular file; folders on the way are made when it is written.

        Raises:
            OutsideWorkspace: it leads out, through a link, or is no plain file.
            FileNotFoundError: there is none.
            FileExistsError: it is to be new, and is there.
        """
        parts = self.parts(path)
        if not parts:
            raise IsADirectoryError(f"{path!r} is the workspace itself.")
        if how != "read":
            self.refuse_hidden(path)
        with self._folder(parts[:-1], path, make=how != "read") as above:
            handle = self._opened(parts[-1], above, path, _HOW[how] | _FILE)
        with os.fdopen(handle, "rb" if how == "read" else "wb") as file:
            self._check_plain(path, os.fstat(file.fileno()))
            if how == "replace":
                os.ftruncate(file.fileno(), 0)
            yield file

    def read(self, path: str) -> bytes:
        """What is in a file."""
        with self.open(path) as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise ValueError(
                f"{path!r} is larger than {MOST_BYTES} bytes, the most here."
            )
        return data

    def write(self, path: str, data: bytes, how: How = "replace") -> str:
        """Writes a file, and gives its path below the root."""
        if len(data) > MOST_BYTES:
            raise ValueError(f"That is more than {MOST_BYTES} bytes, the most here.")
        with self.open(path, how) as file:
            file.write(data)
        return "/".join(self.parts(path))

    def stat(self, path: str) -> os.stat_result | None:
        """What is known of a file or folder; None where there is none."""
        parts = self.parts(path)
        if not parts:
            return self.root.stat()
        try:
            with self._folder(parts[:-1], path) as above:
                return os.stat(
                    self._name(parts[-1], above),
                    dir_fd=_at(above),
                    follow_symlinks=False,
                )
        except (FileNotFoundError, NotADirectoryError):
            return None

    def plain(self, path: str) -> os.stat_result:
        """What is known of a plain file, for those that open it by its path themselves.

        Raises:
            OutsideWorkspace: it is no plain file, or has another name.
            FileNotFoundError: there is none.
        """
        found = self.stat(path)
        if found is None:
            raise FileNotFoundError(f"There is no {path!r} in the workspace.")
        self._check_plain(path, found)
        return found

    def names(self, path: str = "") -> list[tuple[str, os.stat_result]]:
        """The files and folders in a folder, by name, links left out."""
        parts = self.parts(path) if path else ()
        with self._folder(parts, path) as folder:
            place = folder if isinstance(folder, int) else str(folder)
            with os.scandir(place) as found:
                return sorted(
                    (
                        (one.name, one.stat(follow_symlinks=False))
                        for one in found
                        if not one.is_symlink()
                    ),
                    key=lambda pair: pair[0],
                )

    def delete(self, path: str) -> bool:
        """Deletes a file, or a folder with nothing in it; says whether it was there."""
        parts = self.parts(path)
        if not parts:
            raise OutsideWorkspace("The workspace itself is not deleted.")
        self.refuse_hidden(path)
        found = self.stat(path)
        if found is None:
            return False
        with self._folder(parts[:-1], path) as above:
            remove = os.rmdir if stat.S_ISDIR(found.st_mode) else os.unlink
            remove(self._name(parts[-1], above), dir_fd=_at(above))
        return True

    def refuse_hidden(self, path: str) -> None:
        """Refuses to change what is hidden: git finds in `.git` what it is to start.

        Raises:
            OutsideWorkspace: a name on the way begins with a dot.
        """
        if is_hidden("/".join(self.parts(path))):
            raise self._outside(path, "what is hidden is for programs to write")

    def _check_plain(self, path: str, found: os.stat_result) -> None:
        if stat.S_ISLNK(found.st_mode):
            raise self._outside(path, "a link is on the way")
        if not stat.S_ISREG(found.st_mode):
            raise OutsideWorkspace(f"{path!r} is no plain file.")
        if found.st_nlink > 1:
            raise self._outside(path, "the file has another name, maybe outside")

    # ---- inside ------------------------------------------------------------

    @contextlib.contextmanager
    def _folder(
        self, parts: tuple[str, ...], path: str, *, make: bool = False
    ) -> Iterator[int | Path]:
        """The folder of those parts: its number, or where there are none, its path."""
        if not _CAN_CONFINE:  # Windows: looked at before, which is the best there is
            yield self._looked_at(parts, path, make=make)
            return
        handle = os.open(self.root, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            for part in parts:
                if make:
                    with contextlib.suppress(FileExistsError):
                        os.mkdir(part, dir_fd=handle)
                deeper = self._opened(part, handle, path, os.O_RDONLY | _FOLDER)
                os.close(handle)
                handle = deeper
            yield handle
        finally:
            os.close(handle)

    def _looked_at(self, parts: tuple[str, ...], path: str, *, make: bool) -> Path:
        folder = self.root.joinpath(*parts)
        if not folder.resolve().is_relative_to(self.root):
            raise self._outside(path, "a link on the way leads out")
        if make:
            folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _opened(self, name: str, above: int | Path, path: str, flags: int) -> int:
        try:
            return os.open(
                self._name(name, above),
                flags | getattr(os, "O_CLOEXEC", 0),
                0o600,
                dir_fd=_at(above),
            )
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.EMLINK):
                raise self._outside(path, "a link is on the way") from None
            if error.errno == errno.ENOTDIR:
                raise self._outside(path, "a link or a file is on the way") from None
            if error.errno == errno.ENXIO:
                raise OutsideWorkspace(f"{path!r} is no plain file.") from None
            raise type(error)(
                error.errno, f"{os.strerror(error.errno or 0)} in {self.root}", path
            ) from None

    def _name(self, name: str, above: int | Path) -> str | Path:
        return name if isinstance(above, int) else above / name

    def _outside(self, path: str, why: str) -> OutsideWorkspace:
        return OutsideWorkspace(
            f"{path!r:.200} is not in the workspace {self.root}: {why}. Files are kept"
            " there only; AGENTBENCH_WORKSPACE names another folder, AGENTBENCH_FOLDERS"
            " more folders to read from."
        )


def _is_private(root: Path, parts: list[str]) -> bool:
    """Whether a wide workspace holds it, but programs or the system keep it for themselves.

    A hidden place of the user's, such as `~/.ssh`, our own, or one of the system's that
    are no files. Whoever names such a folder as the workspace has meant it.
    """
    import platformdirs

    home = Path.home().resolve()
    # Ours holds what this user has agreed to: who writes there agrees to anything.
    kept = platformdirs.user_data_dir("agentbench", appauthor=False)
    own = Path(os.environ.get("AGENTBENCH_HOME") or kept).expanduser()
    place = root.joinpath(*parts)
    closed = [own.resolve(), home / ".local", *map(Path, ("/proc", "/sys", "/dev"))]
    if place.is_relative_to(home) and place != home:
        first = place.relative_to(home).parts[0]
        closed += [home / first] if first.startswith(".") else []
    return any(_is_in(place, one) and not _is_in(root, one) for one in closed)


def is_hidden(path: str) -> bool:
    """Whether a name on the way, after `/` or at the start, begins with a dot."""
    return any(part.startswith(".") for part in path.split("/"))


def _is_in(place: Path, folder: Path) -> bool:
    """Whether a place is in a folder, in whatever letters: many systems see no difference."""
    names, wanted = (
        [unicodedata.normalize("NFC", part).casefold() for part in one.parts]
        for one in (place, folder)
    )
    return names[: len(wanted)] == wanted


def _at(above: int | Path) -> int | None:
    return above if isinstance(above, int) else None
