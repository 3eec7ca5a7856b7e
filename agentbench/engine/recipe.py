"""Recipes: all that decides what a firing gives, as digests that can be compared."""

import json
from collections.abc import Callable, Collection, Mapping

import msgspec

from agentbench.domain.document import LostConstant, is_json
from agentbench.domain.node import Node
from agentbench.domain.value import InlineValue, LiveValue, StoredValue, ValueRef

Recipe = Mapping[str, str]
"""What counts, in words, and its digest. An empty digest is not known, so equals none."""

CODE = "code"
BLOCK = "block"
_FILE = "file"

_INPUTS = ("agent.input", "input.")
"""How blocks are called that hand an input of the run to the graph."""


def recipe_of(
    node: Node,
    version: str,
    inputs: Mapping[str, int],
    digest: Callable[[int], str],
    given: Mapping[str, ValueRef],
    *,
    files: Collection[str] = (),
) -> Recipe:
    """The recipe of a firing.

    `inputs` are the numbers of the values that came over links, which `digest` knows;
    `given` are the inputs of the run; `files` are the ports whose constants name files
    that may change.
    """
    found = {BLOCK: node.block, CODE: version}
    for port, value in node.constants.items():
        if port not in inputs and port in files:
            found[f"{_FILE} of {port!r}"] = ""
        elif port not in inputs:
            is_plain = not isinstance(value, LostConstant) and is_json(value)
            found[f"constant {port!r}"] = (
                json.dumps(value, sort_keys=True) if is_plain else ""
            )
    for port, seq in inputs.items():
        found[f"input {port!r}"] = digest(seq)
    name = node.constants.get("name")
    if node.block.startswith(_INPUTS) and name in given:
        found["run input"] = digest_of(given[str(name)])
    return found


def digest_of(ref: ValueRef, live: str = "") -> str:
    """What makes a value the same again; of one that is live only, what `live` says."""
    match ref:
        case InlineValue():
            return msgspec.json.encode(ref.data, order="sorted").decode()
        case StoredValue():
            return f"{ref.codec}:{ref.blob}"
        case LiveValue():
            return live


def difference(before: Recipe | None, now: Recipe) -> str:
    """Why a firing is not what it was before, in words; empty when it is the same."""
    if before is None:
        return "it had not fired so far before"
    for what in (BLOCK, CODE):
        if before[what] != now[what]:
            return f"its {'block is another' if what == BLOCK else 'code changed'}"
    for what, digest in now.items():
        if not digest:
            if what.startswith(_FILE):
                return f"its {what} may have changed"
            return f"its {what} is a live object, which cannot be compared"
        if before.get(what) != digest:
            return f"its {what} changed"
    gone = sorted(before.keys() - now.keys())
    return f"its {gone[0]} is gone" if gone else ""
