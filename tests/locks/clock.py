"""Clock: a wall clock that a test may move, for the processes that it starts with it."""

import shutil
import struct
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).with_name("clock.c")


class Clock:
    """Compiles the shim; `environment` is for the processes whose clock `move` moves."""

    @staticmethod
    def missing() -> str:
        """Why there can be none here, or empty."""
        if sys.platform != "linux":
            return "moves the clock through LD_PRELOAD, which is Linux's"
        return "" if shutil.which("cc") else "needs a C compiler to move a clock"

    def __init__(self, folder: Path) -> None:
        self._offset, library = folder / "offset", folder / "clock.so"
        self._offset.write_bytes(struct.pack("q", 0))
        command = ["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE)]
        subprocess.run(command, check=True, capture_output=True)
        self.environment = {
            "LD_PRELOAD": str(library),
            "CLOCK_OFFSET": str(self._offset),
        }

    def move(self, seconds: int) -> None:
        """From now on it shows so many seconds more than the true time."""
        with self._offset.open("r+b") as file:
            file.write(struct.pack("q", seconds))
