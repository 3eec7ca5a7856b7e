"""Correspondence: which of our blocks does what a block of another program does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Correspondence:
    """One block of another program, and ours that does the same.

    `inputs` and `outputs` lead from each of their port names to ours; an empty name
    says that ours needs no such port. A name with a dot (`config.smtp_server`) is an
    entry of a dictionary that their port takes. `constants` are set on our node besides;
    `words` translates values of an input: by *our* port, from their value to ours.
    `note` says what differs.
    """

    id: str
    name: str
    block: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, Mapping[Any, Any]] = field(default_factory=dict)
    note: str = ""
