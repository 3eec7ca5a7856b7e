"""What a server writes to its error stream: often all that says why a tool failed."""

import contextlib
import io
import os
import tempfile
from typing import IO

LOOKED_AT = 60_000
"""So many bytes of the end are looked at."""
SHOWN = 3_000
"""So many characters of them are shown."""
MOST = 5_000_000
"""Beyond so many bytes it is thrown away."""

_FRAMES = ("│", "╭", "╰", "❱")
"""What lines of a drawn traceback begin with; the words are in the others."""


class Written:
    """A file without a name, which a server fills and of which the end is shown.

    It is a real file, since what starts a process wants one, also in a kernel whose own
    error stream is none.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        with contextlib.suppress(ImportError, OSError):
            import fcntl  # so that the server goes on at the start once it is emptied

            fcntl.fcntl(self._file, fcntl.F_SETFL, os.O_APPEND)
        self.text = io.TextIOWrapper(self._file, encoding="utf-8", errors="replace")
        """The same file, as what starts the server wants it."""

    def mark(self) -> int:
        """How much was written so far."""
        try:
            return os.fstat(self._file.fileno()).st_size
        except (OSError, ValueError):
            return 0

    def tail(self, since: int = 0) -> str:
        """The end of what was written after a mark, as text."""
        size = self.mark()
        start = max(since if since <= size else 0, size - LOOKED_AT)
        try:
            said = os.pread(self._file.fileno(), LOOKED_AT, start)
            if size > MOST:
                os.ftruncate(self._file.fileno(), 0)
        except (OSError, ValueError, AttributeError):  # closed; Windows has no pread
            return ""
        lines = said.decode("utf-8", "replace").splitlines()
        kept = [
            line.rstrip() for line in lines if not line.lstrip().startswith(_FRAMES)
        ]
        return "\n".join(line for line in kept if line.strip())[-SHOWN:]

    def close(self) -> None:
        """Throws it away."""
        self.text.close()
