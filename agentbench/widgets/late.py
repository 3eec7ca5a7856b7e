"""Late: code of the front end that a view asks for when it first needs it.

No widget carries it: each is a file in `static/late/`, sent once to a page and kept there
by its hash. What is to be read into a frame of its own is among it, as one program.
"""

import functools
import hashlib
from pathlib import Path
from typing import Annotated, Literal

import pydantic

from agentbench.domain.errors import ValueRefused
from agentbench.widgets.message import Message
from agentbench.workbench.bundle import LATE, bundled, late_files, late_text


class FetchCode(Message):
    """Asks for late code by its name; `has` is the hash of what the page holds of it."""

    client: str
    rid: int
    op: Literal["late"] = "late"
    name: Annotated[str, pydantic.StringConstraints(pattern=r"^[a-z-]{1,40}$")]
    has: str = ""


class Code(Message):
    """Late code and its style; both empty where the page has that of the hash."""

    hash: str
    js: str = ""
    css: str = ""


def code(asked: FetchCode) -> Code:
    """The code that is asked for.

    Raises:
        ValueRefused: there is none of that name.
        PluginError: the front end is not built.
    """
    bundled("late")
    if not (LATE / f"{asked.name}.js").is_file():
        raise ValueRefused(f"The front end has no code called {asked.name!r}.")
    known = hash_of(asked.name)
    if asked.has == known:
        return Code(hash=known)
    js, css = late_text(asked.name)
    return Code(hash=known, js=js, css=css)


def hash_of(name: str) -> str:
    """By what a page knows whether it has this code."""
    found = [path for paths in late_files(name) for path in paths if path.is_file()]
    return _hashed(tuple((path, path.stat().st_mtime_ns) for path in found))


@functools.lru_cache(maxsize=64)
def _hashed(files: tuple[tuple[Path, int], ...]) -> str:
    digest = hashlib.sha256()
    for path, _ in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]

