"""Notes: the memories of agents, a small file for each key.

A file is written beside its place and renamed, so that whoever reads it, in whatever
kernel, sees the old value or the new one and nothing between. What is in the name of
an agent or a key never becomes part of a path.
"""

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

MOST_BYTES = 5_000_000
"""A value may be so long, written as JSON."""
LONGEST_KEY = 500
EVERYWHERE = "everywhere"


class FileMemories:
    """The memories of all agents, in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, agent: str) -> "FileMemory":
        """What the agent of that name sees."""
        return FileMemory(
            self._folder / f"agent-{_hash(agent)}", self._folder / EVERYWHERE
        )


class FileMemory:
    """What one agent sees: its own folder, and the one that all share."""

    def __init__(self, own: Path, shared: Path) -> None:
        self._own, self._shared = own, shared

    def get(self, key: str, *, everywhere: bool = False, default: Any = None) -> Any:
        """What is kept under a key, or the default."""
        found = _read(self._place(key, everywhere))
        return default if found is None else found["value"]

    def put(self, key: str, value: Any, *, everywhere: bool = False) -> None:
        """Keeps a value; what was there is replaced."""
        place = self._place(key, everywhere)
        try:
            data = json.dumps({"key": key, "value": value}, allow_nan=False).encode()
        except (TypeError, ValueError, RecursionError) as error:
            raise ValueError(
                f"{key!r} cannot be kept: {error}. Plain values can: text, numbers,"
                " lists, dictionaries."
            ) from error
        if len(data) > MOST_BYTES:
            raise ValueError(
                f"{key!r} cannot be kept: it has {len(data)} bytes, and {MOST_BYTES} is"
                " the most. Write it to a file (`files.write`) and keep its name."
            )
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = place.with_name(f".{secrets.token_hex(8)}")
        try:
            beside.write_bytes(data)
            os.replace(beside, place)  # noqa: PTH105 - says what it is
        finally:
            beside.unlink(missing_ok=True)

    def forget(self, key: str, *, everywhere: bool = False) -> bool:
        """Drops a key; says whether it was there."""
        try:
            self._place(key, everywhere).unlink()
        except FileNotFoundError:
            return False
        return True

    def keys(self, *, everywhere: bool = False) -> Sequence[str]:
        """The keys that there are, in order."""
        return sorted(self._found(self._shared if everywhere else self._own))

    def _found(self, folder: Path) -> Iterator[str]:
        with contextlib.suppress(FileNotFoundError):
            for file in folder.glob("*.json"):
                kept = _read(file)
                if kept is not None:
                    yield kept["key"]

    def _place(self, key: str, everywhere: bool) -> Path:  # noqa: FBT001
        if not key or len(key) > LONGEST_KEY:
            raise ValueError(f"A key has 1 to {LONGEST_KEY} letters, not {len(key)}.")
        folder = self._shared if everywhere else self._own
        return folder / f"{_hash(key)}.json"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:40]


def _read(place: Path) -> dict[str, Any] | None:
    """What a file holds; None where there is none, or none of ours."""
    try:
        found = json.loads(place.read_bytes())
    except (FileNotFoundError, ValueError, RecursionError):
        return None
    is_ours = isinstance(found, dict) and {"key", "value"} <= found.keys()
    return found if is_ours and isinstance(found["key"], str) else None
