"""What runs of a graph were given, as it may be shown: what is small and JSON, and no secret."""

from collections.abc import Mapping
from typing import Any

from agentbench.domain.brought import is_brought
from agentbench.domain.event import RunStarted
from agentbench.domain.graph import Graph
from agentbench.domain.node import Node
from agentbench.domain.port import Port
from agentbench.domain.value import InlineValue
from agentbench.workbench.workbench import Workbench


class Given:
    """The inputs of a graph's runs."""

    def __init__(self, graph: Graph, bench: Workbench) -> None:
        self._graph, self._bench = graph, bench

    def to(self, run: str) -> dict[str, Any] | None:
        """What a run was given; for a table or an image, what a form said in its place.

        None before its log begins.
        """
        ports = self._shown()
        for first in self._bench.store.events(run, limit=1):
            if not isinstance(first, RunStarted):
                break
            given = {
                name: ref.data
                for name, ref in first.inputs.items()
                if isinstance(ref, InlineValue) and name in ports
            }
            named = {
                name: value
                for name, value in first.named.items()
                if name in ports and is_brought(ports[name], value)
            }
            return given | named
        return None

    def without_secrets(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What a run is to be given, as far as others may read it."""
        ports = self._shown()
        return {name: value for name, value in values.items() if name in ports}

    def _shown(self) -> dict[str, Port]:
        return {
            name: port
            for name, (node, port) in self._bench.inputs_of(self._graph).items()
            if not is_secret(node, port)
        }


def is_secret(node: Node, port: Port) -> bool:
    """Whether what an input takes is for nobody's eyes: it is never offered again."""
    return node.constants.get("secret") is True or _hides(port.schema())


def _hides(schema: Any) -> bool:
    if isinstance(schema, list):
        return any(map(_hides, schema))
    if not isinstance(schema, dict):
        return False
    is_one = schema.get("format") == "password" or schema.get("writeOnly") is True
    return is_one or any(map(_hides, schema.values()))
