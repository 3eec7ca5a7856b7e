"""Tool: what an MCP server says that it can do, pinned by a hash of every word of it."""

import dataclasses
import difflib
import functools
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from agentbench.domain.block import Effects


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tool:
    """One tool of an MCP server; schemas are JSON schemas.

    What a model or a person reads of it is part of what is accepted: a server that
    changes a description may want to mislead as much as one that changes a schema.
    """

    name: str
    title: str = ""
    description: str = ""
    input_schema: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    output_schema: Mapping[str, Any] | None = None
    hints: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """What it says of its effects: `read_only`, `destructive`, `idempotent`."""

    @functools.cached_property
    def hash(self) -> str:
        """Changes with every word of it."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def slug(self) -> str:
        """The last part of its block's id."""
        word = re.sub(r"[^a-z0-9]+", "_", self.name.lower()).strip("_")
        return word if word[:1].isalpha() else f"tool_{word}".rstrip("_")

    @property
    def effects(self) -> Effects:
        """What a call does to the world; the worst, where the server does not say."""
        if self.hints.get("read_only"):
            return "reads"
        return "writes" if self.hints.get("idempotent") else "sends"

    @property
    def is_repeatable(self) -> bool:
        """Whether a call whose end nobody heard may be made again unasked."""
        return self.effects != "sends"

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Tool":
        """What `to_json` gave; of a later version, what is known here."""
        known = {field.name for field in dataclasses.fields(cls)}
        return cls(**{name: value for name, value in given.items() if name in known})

    def changes_from(self, old: "Tool") -> list[str]:
        """What is new in this one, line by line as in a diff."""
        lines = difflib.unified_diff(
            old.text.splitlines(), self.text.splitlines(), lineterm="", n=0
        )
        return [line for line in lines if not line.startswith(("---", "+++", "@@"))]

    @property
    def text(self) -> str:
        """Every word of it."""
        return json.dumps(self.to_json(), indent=1, sort_keys=True, ensure_ascii=False)
