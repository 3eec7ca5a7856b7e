"""The catalogue: every block of the AutoGPT Platform by id, with its ports.

`catalogue.jsonl` holds one block a line, and nothing but what an exchange of files needs:
id, name, family, and the names and kinds of the ports. A kind is `text`, `whole`, `number`,
`boolean`, `list`, `dictionary`, `any` or `credential`; `?` after it takes nothing as well,
and what follows `=` is the default, as JSON.
"""

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from agentbench.domain.port import MISSING

OURS = "autogpt."
"""How the ids of these blocks begin here."""
ALIASES: Mapping[str, str] = {
    "aeb08fc1-2fc1-4141-bc8e-f758f183a812": "aeb08fc1-2fc1-4141-bc8e-f758f183a822",
    "d67a9c52-5e4e-11e2-bcfd-0770200c9c61": "d67a9c52-5e4e-11e2-bcfd-0800200c9a71",
}
"""Ids that a block once had, and the one that it has."""


@dataclass(frozen=True)
class Pin:
    """An input or output as AutoGPT has it; `default` is `MISSING` where one is required."""

    name: str
    kind: str
    takes_nothing: bool = False
    default: Any = MISSING


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A block of the AutoGPT Platform. `is_off` tells that it is switched off there as well."""

    id: str
    name: str
    family: str
    inputs: tuple[Pin, ...]
    outputs: tuple[Pin, ...]
    role: str = "work"
    is_static: bool = False
    is_off: bool = False

    @property
    def ours(self) -> str:
        """The id of the block that stands for it here."""
        return OURS + snake(self.name.removesuffix("Block"))

    @property
    def title(self) -> str:
        """What people read: the name as words."""
        words = snake(self.name.removesuffix("Block")).replace("_", " ")
        return words[:1].upper() + words[1:]


def snake(name: str) -> str:
    """A name in capitals as small letters with `_` between its words."""
    parts = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", parts).lower()


@functools.cache
def entries() -> Mapping[str, Entry]:
    """Every block by its id."""
    text = resources.files(__package__).joinpath("catalogue.jsonl").read_text("utf-8")
    found = (_entry(json.loads(line)) for line in text.splitlines())
    return {entry.id: entry for entry in found}


@functools.cache
def by_our_id() -> Mapping[str, Entry]:
    """Every block by the id that it has here."""
    return {entry.ours: entry for entry in entries().values()}


def entry_of(id: str) -> Entry | None:
    """The block of an id, or of one that it had once; None for one that nobody knows."""
    wanted = id.strip().lower()
    return entries().get(ALIASES.get(wanted, wanted))


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(
        id=row["id"],
        name=row["name"],
        family=row["family"],
        inputs=tuple(_pin(name, said) for name, said in row["in"].items()),
        outputs=tuple(_pin(name, said) for name, said in row["out"].items()),
        role=row.get("role", "work"),
        is_static=row.get("static", False),
        is_off=row.get("off", False),
    )


def _pin(name: str, said: str) -> Pin:
    kind, has_default, default = said.partition("=")
    return Pin(
        name=name,
        kind=kind.removesuffix("?"),
        takes_nothing=kind.endswith("?"),
        default=json.loads(default) if has_default else MISSING,
    )
