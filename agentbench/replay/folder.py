"""Folder: a recording on disk, one file a call."""

import contextlib
import hashlib
import itertools
import json
import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agentbench.domain.errors import RecordingDamaged, RecordingError, SecretInRecording
from agentbench.domain.replay import Asked
from agentbench.replay.secrets import Secrets
from agentbench.replay.written import read, written

FORMAT = "agentbench-call/1"
LABEL_CHARACTERS, CALLER_CHARACTERS = 48, 80
"""So much of both is in a file's name; the hash is of all that is asked, and by whom."""

_numbers = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call as the recording has it: who asked what, for which time, and what came.

    `outcome` has one of `answer`, `parts` and `error`; parts may end in an error, or
    have been `cut`: whoever read them wanted no more.
    """

    kind: str
    label: str
    caller: str
    turn: int
    asked: Any
    outcome: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    """The file it was read from."""

    @property
    def key(self) -> str:
        """The same for calls that ask the same, whoever asks."""
        return _hash([self.kind, self.asked])

    @property
    def name(self) -> str:
        """The name of its file: the same whenever the same is asked again."""
        turn = "" if self.turn == 1 else f".{self.turn}"
        asked = _hash([self.kind, self.asked, self.caller])[:10]
        said = _plain(self.label)[:LABEL_CHARACTERS].rstrip("-.")
        caller = _plain(self.caller)[-CALLER_CHARACTERS:].lstrip("-.")
        return f"{caller}-{self.kind}-{said}-{asked}{turn}.json"


class RecordingFolder:
    """Reads and writes the calls of one recording.

    A file is written whole or not at all, and not touched when it would be the same.
    """

    def __init__(
        self, path: Path, secrets: Secrets, used: set[str] | None = None
    ) -> None:
        """`used` collects the names of the files that are read or written."""
        self.path, self._secrets = path, secrets
        self._used: set[str] = set() if used is None else used

    @property
    def shown(self) -> str:
        """The folder as people write it."""
        return _shown(self.path)

    def asked(self, asked: Asked, caller: str, turn: int) -> Call:
        """A call as it stands in the recording, or would: without secrets.

        Raises:
            TypeError: what is asked is no plain value.
        """
        return Call(
            kind=asked.kind,
            label=str(self._secrets.scrubbed(asked.label)),
            caller=caller,
            turn=turn,
            asked=written(self._secrets.scrubbed(dict(asked.facts))),
        )

    def calls(self) -> Iterator[Call]:
        """Every recorded call, by the name of its file.

        Raises:
            RecordingDamaged: a file is none of a recording.
        """
        if self.path.is_dir():
            for file in sorted(self.path.glob("*.json")):
                call = self._read(file)
                if call is not None:
                    yield call

    def open(self, call: Call) -> Any:
        """What came of a recorded call, as plain values.

        Raises:
            RecordingDamaged: what it needs is not there, or not as it was.
        """
        self._used.add(call.file)
        try:
            return read(dict(call.outcome), self._fetch)
        except (
            ValueError,
            TypeError,
            KeyError,
            AttributeError,
            RecursionError,
        ) as error:
            raise RecordingDamaged(_shown(self.path / call.file), str(error)) from error

    def before(self, call: Call) -> Mapping[str, Any] | None:
        """What was recorded of the same call before; None when nothing readable was."""
        with contextlib.suppress(RecordingDamaged):
            there = self._read(self.path / call.name)
            opened: Mapping[str, Any] = {} if there is None else self.open(there)
            return opened or None
        return None

    def save(self, call: Call, outcome: Mapping[str, Any]) -> None:
        """Writes a call and what came of it.

        Raises:
            SecretInRecording: a secret would be in it; nothing is written.
            RecordingError: it cannot be written.
        """
        files: dict[str, bytes] = {}
        clean = self._secrets.scrubbed(outcome)
        document = {
            "format": FORMAT,
            "kind": call.kind,
            "label": call.label,
            "caller": call.caller,
            "turn": call.turn,
            "asked": call.asked,
            **written(clean, files.__setitem__),
        }
        text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
        attached = set(files)
        files[call.name] = text.encode("utf-8", "backslashreplace") + b"\n"
        # The name is made of what was asked, which is in the file as well.
        if secret := self._secrets.found(*files.values()):
            raise SecretInRecording(secret, call.label)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            for name, data in files.items():
                write_whole(self.path / name, data)
        except OSError as error:
            message = f"{self.shown} cannot be written: {error.strerror or error}."
            raise RecordingError(message) from error
        self._used.update((call.name, *attached))

    def _read(self, file: Path) -> Call | None:
        """The call of a file; None for a file that is none of ours."""
        try:
            found = json.loads(file.read_text(encoding="utf-8-sig"))
            if not _is_call(found):
                return None
            outcome = {
                key: found[key]
                for key in ("answer", "parts", "error", "cut")
                if key in found
            }
            return Call(
                kind=str(found["kind"]),
                label=str(found["label"]),
                caller=str(found["caller"]),
                turn=int(found["turn"]),
                asked=found["asked"],
                outcome=outcome,
                file=file.name,
            )
        except KeyError as error:
            raise RecordingDamaged(_shown(file), f"it has no {error}") from error
        except (OSError, ValueError, TypeError, RecursionError) as error:
            raise RecordingDamaged(_shown(file), str(error)) from error

    def _fetch(self, name: str) -> bytes:
        """The bytes of a file beside the calls; never of one elsewhere."""
        if not re.fullmatch(r"[0-9a-f]{16}\.\w+", name):
            raise ValueError(f"{name!r} is no file beside it")
        try:
            data = (self.path / name).read_bytes()
        except OSError as error:
            raise ValueError(f"{name} cannot be read: {error.strerror}") from error
        if hashlib.sha256(data).hexdigest()[:16] != name.partition(".")[0]:
            raise ValueError(f"{name} is not what it was when it was recorded")
        self._used.add(name)
        return data


def _is_call(found: Any) -> bool:
    """Whether JSON is a call.

    Raises:
        ValueError: it is one of another version.
    """
    named = found.get("format") if isinstance(found, dict) else None
    if isinstance(named, str) and named.startswith("agentbench-call/"):
        if named != FORMAT:
            raise ValueError(f"its format is {named!r}, and {FORMAT!r} is read here")
        return True
    return False


def pruned(folder: Path, used: Collection[str]) -> list[Path]:
    """Deletes the calls that are not in use, and what lies beside them; gives them."""
    found = sorted(folder.glob("*")) if folder.is_dir() else []
    unused = [
        file
        for file in found
        if file.is_file() and file.name not in used and is_ours(file)
    ]
    for file in unused:
        file.unlink()
    return unused


def is_ours(file: Path) -> bool:
    """Whether a file is a call, or of those that lie beside calls."""
    if re.fullmatch(r"[0-9a-f]{16}\.\w+", file.name):
        return True
    if file.suffix != ".json":
        return False
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return f'"format": "{FORMAT}"' in file.read_text(encoding="utf-8-sig")[:100]
    return False


def write_whole(file: Path, data: bytes) -> None:
    """Writes a file whole or not at all; one that is so already is not touched."""
    with contextlib.suppress(OSError):
        if file.read_bytes() == data:
            return
    temporary = file.with_name(f".{os.getpid()}-{next(_numbers)}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)


def _hash(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(text: str) -> str:
    """A text as part of a file's name, on any system."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.") or "call"


def _shown(path: Path) -> str:
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
