"""What git keeps of a file: its commits, and its text in one of them. Reads, and no more."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

MOST = 50
"""How many commits are listed."""

PATIENCE = 5.0
"""Seconds after which git is not waited for."""

_COMMIT = re.compile(r"\0([0-9a-f]{40,64})\0(\d+)\0([^\0]*)\0\0\n([^\0]+)\0")

# A repository may come from anywhere: nothing that it configures is started, nothing fetched.
_SAFE = ("--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
_QUIET = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}


@dataclass(frozen=True, kw_only=True)
class Commit:
    """A commit that changed the file; `at` is when, in seconds since 1970."""

    hash: str
    at: float
    subject: str
    path: str
    """What the file was called then, from the root of the repository."""


def commits(file: Path) -> list[Commit]:
    """The commits that changed a file, the newest first; none where git knows nothing of it."""
    said = _git(
        file,
        "log", "--follow", f"--max-count={MOST}", "--format=%x00%H%x00%at%x00%s%x00",
        "--name-only", "-z", "--", file.name,
    )  # fmt: skip
    return [
        Commit(hash=hash, at=float(when), subject=subject, path=path)
        for hash, when, subject, path in _COMMIT.findall(said)
    ]


def text_at(file: Path, commit: Commit) -> str:
    """The file's text as that commit has it; empty where it cannot be read."""
    return _git(file, "show", "--no-textconv", f"{commit.hash}:{commit.path}")


def _git(file: Path, *arguments: str) -> str:
    program = shutil.which("git")
    if program is None:
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - git, with arguments of ours
            [program, *_SAFE, *arguments],
            cwd=file.parent,
            env={**os.environ, **_QUIET},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8-sig", "replace") if done.returncode == 0 else ""
