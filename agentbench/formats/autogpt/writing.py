"""Writing: a graph as a file of the AutoGPT Platform.

What came from such a file comes out as it went in; nodes and links that were added here
are written as AutoGPT has them. Secrets are in neither.
"""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from agentbench.domain.errors import FormatRefused
from agentbench.domain.graph import Graph
from agentbench.domain.inside import AGENTS
from agentbench.domain.node import Link, Node
from agentbench.domain.tool import TOOLS
from agentbench.formats.autogpt.catalogue import by_our_id, entry_of
from agentbench.formats.autogpt.placing import NOTE, UNKNOWN
from agentbench.formats.base.stand_in import PINS

KEPT = "autogpt"
"""Where a graph and its nodes keep what a document has no word for."""
_NOTE_ID = "cc10ff7b-7753-4ff2-9af6-9399b1a7eddc"
_OURS = uuid.UUID("7a2c8a44-6a5e-4d19-9d5b-3d3f2b1f5a10")
"""What ids of nodes are made from that AutoGPT has none for yet."""


def write(graph: Graph) -> dict[str, Any]:
    """The agent as AutoGPT's JSON object.

    Raises:
        FormatRefused: a node has a block that AutoGPT does not have.
    """
    foreign = [
        id
        for id, node in sorted(graph.nodes.items())
        if node.block not in (NOTE, UNKNOWN) and node.block not in by_our_id()
    ]
    if foreign:
        there = ", ".join(foreign[:8])
        reason = f"AutoGPT has no such blocks as those of: {there}."
        raise FormatRefused(f"The agent {graph.name!r}", reason)
    kept = _kept(graph.extra)
    top: Mapping[str, Any] = kept.get("top") or {}
    whole: dict[str, Any] = {**_blank(graph), **top} if not kept else dict(top)
    if graph.name != kept.get("name_here"):
        whole["name"] = graph.name
    if graph.description != _text(top.get("description")):
        whole["description"] = graph.description
    ids = {id: _id_of(graph, node) for id, node in graph.nodes.items()}
    whole["nodes"] = _nodes(graph, ids)
    whole["links"] = _links(graph, ids, kept)
    held = graph.extra.get(AGENTS)
    if isinstance(held, Mapping):
        inner = [_inner(graph, name, it) for name, it in held.items()]
        for key in kept.get("sub_graphs") or ["sub_graphs"]:
            whole[key] = inner
    else:
        for key in kept.get("sub_graphs") or ():
            whole[key] = []
    return whole


def _inner(graph: Graph, name: str, document: Any) -> dict[str, Any]:
    text = json.dumps(document)
    inner = Graph.from_json(text, where=f"The agent {name!r}", blocks=graph.blocks)
    return write(inner)


def _blank(graph: Graph) -> dict[str, Any]:
    id = _new_id(graph.name)
    return {"id": id, "version": 1, "is_active": True, "sub_graphs": []}


def _kept(extra: Mapping[str, Any]) -> Mapping[str, Any]:
    found = extra.get(KEPT)
    return found if isinstance(found, Mapping) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _new_id(of: str) -> str:
    """An id that is the same each time; half of a pair is no letter that a hash takes."""
    return str(uuid.uuid5(_OURS, ascii(of)))


def _id_of(graph: Graph, node: Node) -> str:
    found = _kept(node.extra).get("id")
    return str(found or _new_id(f"{graph.name}/{node.id}"))


def _nodes(graph: Graph, ids: Mapping[str, str]) -> list[dict[str, Any]]:
    placed = sorted(
        graph.nodes.values(),
        key=lambda node: (_kept(node.extra).get("place", 1 << 30), node.id),
    )
    return [_node(node, ids[node.id]) for node in placed]


def _node(node: Node, id: str) -> dict[str, Any]:
    kept = dict(_kept(node.extra))
    entry = by_our_id().get(node.block)
    out = {
        key: it
        for key, it in kept.items()
        if key not in ("place", "metadata", "credentials", "is_bare", "input_default")
    }
    out.setdefault("id", id)
    if node.block == NOTE:
        out.setdefault("block_id", _NOTE_ID)
    elif entry is not None and not _is_same(out.get("block_id"), entry.id):
        out["block_id"] = entry.id
    constants = {key: it for key, it in node.constants.items() if key != PINS}
    if entry is not None and entry.role == "input" and "default" in constants:
        constants["value"] = constants.pop("default")
    if entry is not None and entry.name == "AgentExecutorBlock":
        constants.pop("agent", None)
    stood = kept.get("credentials")
    constants |= dict(stood) if isinstance(stood, Mapping) else {}
    if "input_default" in kept and not constants:
        out["input_default"] = kept["input_default"]
    elif constants or not kept.get("is_bare"):
        out["input_default"] = constants
    metadata = _metadata(node, kept.get("metadata"))
    if metadata is not None or "metadata" in kept:
        out["metadata"] = metadata
    return out


def _is_same(said: Any, id: str) -> bool:
    found = entry_of(str(said)) if said is not None else None
    return found is not None and found.id == id


def _metadata(node: Node, before: Any) -> Any:
    """What was there, with the title and place that the node has now."""
    if before is not None and not isinstance(before, Mapping):
        return before
    now = dict(before or {})
    if node.title != (now.get("customized_name") or ""):
        now["customized_name"] = node.title
    place = now.get("position")
    if node.position is not None and not _is_there(place, node.position):
        now["position"] = {"x": node.position[0], "y": node.position[1]}
    return now if now or before is not None else None


def _is_there(place: Any, position: tuple[float, float]) -> bool:
    """Whether it is the same place; a document keeps whole numbers."""
    if not isinstance(place, Mapping):
        return False
    x, y = place.get("x"), place.get("y")
    if not isinstance(x, (int, float)) or not isinstance(y, (int, float)):
        return False
    return abs(x - position[0]) <= 0.5 and abs(y - position[1]) <= 0.5


def _links(
    graph: Graph, ids: Mapping[str, str], kept: Mapping[str, Any]
) -> list[dict[str, Any]]:
    known = kept.get("links") if isinstance(kept.get("links"), Mapping) else {}
    placed: list[tuple[int, dict[str, Any]]] = []
    for link in graph.links:
        before = known.get(str(link)) if isinstance(known, Mapping) else None
        before = before if isinstance(before, Mapping) else {}
        placed.append((before.get("place", 1 << 30), _link(graph, link, ids, before)))
    for place, raw in kept.get("strays") or ():
        placed.append((place, raw))
    return [raw for _, raw in sorted(placed, key=lambda it: it[0])]


def _link(
    graph: Graph, link: Link, ids: Mapping[str, str], before: Mapping[str, Any]
) -> dict[str, Any]:
    output = link.output
    if output == TOOLS:
        output = f"{TOOLS}_^_{ids[link.target]}_~_{link.input}"
    new = {
        "id": _new_id(f"{graph.name}/{link}"),
        "is_static": graph.is_sticky(link),
    }
    rest = {key: it for key, it in before.items() if key != "place"} if before else new
    return {
        "source_id": ids[link.source],
        "sink_id": ids[link.target],
        "source_name": output,
        "sink_name": link.input,
        **rest,
    }
