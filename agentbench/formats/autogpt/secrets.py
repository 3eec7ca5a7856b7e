"""Secrets: credentials become names here, and what looks like a secret is left where it was.

A file of AutoGPT's names a credential by id, title and provider, and holds no secret; what
an old file holds all the same is not taken into a document of ours.
"""

import re
from collections.abc import Mapping
from typing import Any

from agentbench.domain.credential import why_no_name
from agentbench.formats.autogpt.catalogue import Entry, entry_of

WITHHELD = "<withheld>"
"""Stands in the comparison for what was left out on purpose."""
_WORDS = re.compile(r"(^|_)(api_?key|password|passwd|secret|token)(_|$)")


class Names:
    """The credentials of a file by the names that they get here."""

    def __init__(self) -> None:
        self._by_id: dict[str, str] = {}
        self._needed: dict[str, str] = {}
        self._withheld: list[str] = []

    def take(
        self, node: str, entry: Entry | None, constants: dict[str, Any]
    ) -> dict[str, Any]:
        """Puts names in the place of a node's credentials; gives what stood there."""
        stood: dict[str, Any] = {}
        for port, value in list(constants.items()):
            if is_credential(port):
                stood[port] = value
                name = self._name(value)
                if name:
                    constants[port] = name
                else:
                    del constants[port]
            elif is_secret(entry, port, value, constants):
                del constants[port]
                self._withheld.append(f"{node}.{port}")
        return stood

    def _name(self, value: Any) -> str:
        if not isinstance(value, Mapping) or not value.get("provider"):
            return ""
        provider = re.sub(r"[^a-z0-9._/-]", "-", str(value["provider"]).lower())[:30]
        id = str(value.get("id", provider))
        if id not in self._by_id:
            taken, name, number = set(self._by_id.values()), provider, 2
            while name in taken:
                name, number = f"{provider}-{number}", number + 1
            if why_no_name(name):
                return ""
            self._by_id[id] = name
            self._needed[name] = str(value.get("type", "api_key"))
        return self._by_id[id]

    def notes(self) -> list[str]:
        """What somebody has to do about them."""
        said = [
            f"It uses the credential {name!r} ({kind}): `%agent credentials add {name}`."
            for name, kind in sorted(self._needed.items())
        ]
        said += [
            f"{port} held a secret, which was not taken: keep it as a credential."
            for port in self._withheld
        ]
        return said


def is_credential(port: str) -> bool:
    """Whether a port names a credential."""
    return port == "credentials" or port.endswith("_credentials")


def is_secret(
    entry: Entry | None, port: str, value: Any, constants: Mapping[str, Any]
) -> bool:
    """Whether a constant is a secret itself: by the word it is called, or its input says so."""
    if not isinstance(value, str) or not value:
        return False
    if entry is not None and entry.role == "input":
        return port == "value" and constants.get("secret") is True
    return _WORDS.search(port.lower()) is not None


def without_secrets(raw: Mapping[str, Any]) -> Any:
    """The file's object without the secrets in it."""
    whole = dict(raw)
    nodes = raw.get("nodes")
    if isinstance(nodes, list):
        whole["nodes"] = [_bare(node) for node in nodes]
    for key in ("sub_graphs", "subgraphs"):
        inner = raw.get(key)
        if isinstance(inner, list):
            whole[key] = [
                without_secrets(it) if isinstance(it, Mapping) else it for it in inner
            ]
    return whole


def _bare(node: Any) -> Any:
    given = node.get("input_default") if isinstance(node, Mapping) else None
    if not isinstance(given, Mapping):
        return node
    entry = entry_of(str(node.get("block_id")))
    kept = {
        port: it for port, it in given.items() if not is_secret(entry, port, it, given)
    }
    return {**node, "input_default": kept}
