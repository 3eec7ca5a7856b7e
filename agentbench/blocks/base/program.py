"""Program: runs another program in a folder of its own, bounded, and ends all of it."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agentbench.blocks.base.scratch import fits

MOST_SAID = 1_000_000
"""Bytes that are kept of what a program prints; the rest is dropped, and it goes on."""
_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "TMPDIR", "VIRTUAL_ENV")
"""What a program is told of our environment: nothing that may be a secret."""
LOOK = 0.25
"""Seconds between two looks at what a program has written."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a program ended: `code` is 0 for well, below 0 for a signal.

    It was cut off when it `is_late`, or when what it wrote `is_large`.
    """

    code: int
    out: str
    err: str
    is_late: bool
    is_large: bool = False


async def ran(
    command: Sequence[str],
    folder: Path,
    *,
    timeout: float,
    given: str = "",
    more: Mapping[str, str] | None = None,
    within: tuple[Path, int] | None = None,
) -> Ended:
    """Runs a program in a session of its own; what it started ends with it.

    `within` is a folder, and how many bytes it may put in there.

    Raises:
        FileNotFoundError: there is no such program.
    """
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env={**environment, "HOME": str(folder), **(more or {})},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=sys.platform != "win32",
    )
    reading = asyncio.gather(
        _kept(process.stdout), _kept(process.stderr), _told(process, given)
    )
    is_late = is_large = False
    watching = asyncio.create_task(_overflow(process.pid, *within)) if within else None
    ending = asyncio.gather(reading, process.wait())
    try:
        async with asyncio.timeout(timeout):
            awaited = [it for it in (ending, watching) if it is not None]
            await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
        is_large = not ending.done()
        out, err = (b"", b"") if is_large else ending.result()[0][:2]
    except TimeoutError:
        is_late, out, err = True, b"", b""
    finally:
        ending.cancel()
        reading.cancel()
        if watching is not None:
            watching.cancel()
        _end(process)
        with contextlib.suppress(Exception, asyncio.CancelledError):
            await asyncio.wait_for(process.wait(), 5)
    if within and not is_late:  # it may have been faster than any look at it
        is_large = is_large or not await asyncio.to_thread(fits, *within)
    return Ended(
        code=process.returncode or 0,
        out=out.decode("utf-8", "replace"),
        err=err.decode("utf-8", "replace"),
        is_late=is_late,
        is_large=is_large,
    )


async def _overflow(process: int, folder: Path, most: int) -> None:
    """Ends once there is more in a folder than may be."""
    while await asyncio.to_thread(fits, folder, most, process):  # noqa: ASYNC110 - no event tells
        await asyncio.sleep(LOOK)


async def _told(process: asyncio.subprocess.Process, given: str) -> None:
    if process.stdin is not None:
        with contextlib.suppress(ConnectionError):
            process.stdin.write(given.encode("utf-8", "replace"))
            await process.stdin.drain()
        process.stdin.close()


async def _kept(stream: asyncio.StreamReader | None) -> bytes:
    said = bytearray()
    while stream is not None and (part := await stream.read(65_536)):
        if len(said) < MOST_SAID:
            said += part[: MOST_SAID - len(said)]
    return bytes(said)


def _end(process: asyncio.subprocess.Process) -> None:
    """Ends the program, and everything that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
