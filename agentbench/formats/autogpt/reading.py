"""Reading: a file of the AutoGPT Platform, old or new, as a graph.

What the file says and a graph has no word for goes along under `autogpt`, in the graph
and in each node, so that writing it back gives the file again. Sub-graphs stay inside the
graph. Nothing is carried out, fetched or looked up.
"""

import json
from collections.abc import Mapping
from typing import Any

from agentbench.domain.graph import Graph
from agentbench.domain.inside import AGENTS
from agentbench.domain.node import Link, Node
from agentbench.domain.registry import BlockRegistry
from agentbench.domain.tool import TOOLS
from agentbench.formats.autogpt.catalogue import Entry, entry_of
from agentbench.formats.autogpt.losses import losses
from agentbench.formats.autogpt.notes import differences_of
from agentbench.formats.autogpt.placing import NOTE, UNKNOWN
from agentbench.formats.autogpt.secrets import Names, without_secrets
from agentbench.formats.autogpt.writing import KEPT, write
from agentbench.formats.base import Imported, Unsupported
from agentbench.formats.base.naming import Ids
from agentbench.formats.base.stand_in import PINS

FARTHEST = 1e9
"""What lies farther away has no place on a canvas; the file keeps it."""
_SUB_GRAPHS = ("sub_graphs", "subgraphs")


def fits(raw: Mapping[str, Any]) -> bool:
    """Whether a JSON object is an agent of AutoGPT's."""
    nodes, links = raw.get("nodes"), raw.get("links")
    if not isinstance(nodes, list) or not isinstance(links, list):
        return False
    return all(isinstance(node, Mapping) and "block_id" in node for node in nodes)


def read(raw: Mapping[str, Any], blocks: BlockRegistry) -> Imported:
    """The agent of a file's JSON object, with what there is to say about it."""
    names = Names()
    parts = _parts(raw, "", blocks, names, {})
    found = Imported(graph=parts[0][1].graph, format="AutoGPT", agents=len(parts) - 1)
    for where, part in parts:
        found.unsupported += part.unsupported(where)
        found.notes += part.notes(where)
    found.notes += differences_of(part.graph for _, part in parts)
    found.notes += names.notes()
    found.lost = losses(without_secrets(raw), write(found.graph))
    return found


def _parts(
    raw: Mapping[str, Any],
    where: str,
    blocks: BlockRegistry,
    names: Names,
    known: Mapping[str, str],
) -> "list[tuple[str, _Reading]]":
    """A graph of a file and all its sub-graphs, each with the path to it."""
    inner = _sub_graphs(raw)
    own = _agent_names(inner)
    known = {**known, **own}
    top = _Reading(raw, blocks, names, known)
    found, kept = [(where, top)], {}
    for id, sub in inner.items():
        parts = _parts(sub, f"{where}{own[id]}/", blocks, names, known)
        parts[0][1].name_here(own[id])
        kept[own[id]] = json.loads(parts[0][1].graph.to_json())
        found += parts
    if kept:
        top.graph.extra[AGENTS] = kept
    return found


def _sub_graphs(raw: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The sub-graphs by their ids."""
    found: dict[str, Mapping[str, Any]] = {}
    for key in _held_in(raw):
        for sub in raw[key]:
            id = str(sub.get("id"))
            found[id if id not in found else f"{id} {len(found)}"] = sub
    return found


def _held_in(raw: Mapping[str, Any]) -> list[str]:
    """The key under which a file has sub-graphs that can be read."""
    for key in _SUB_GRAPHS:
        inner = raw.get(key)
        is_whole = isinstance(inner, list) and all(
            isinstance(sub, Mapping) and fits(sub) for sub in inner
        )
        if is_whole:
            return [key]
    return []


def _agent_names(inner: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    names: dict[str, str] = {}
    for id, sub in inner.items():
        stem = str(sub.get("name") or "sub-agent")
        name, number = stem, 2
        while name in names.values():
            name, number = f"{stem} {number}", number + 1
        names[id] = name
    return names


class _Reading:
    """One graph of a file on its way."""

    def __init__(
        self,
        raw: Mapping[str, Any],
        blocks: BlockRegistry,
        names: Names,
        agents: Mapping[str, str],
    ) -> None:
        self._names, self._agents = names, agents
        self._notes: list[str] = []
        self._ids: dict[str, str] = {}
        """The id here of each of the file's."""
        self._new = Ids()
        self._static: set[str] = set()
        """The file's ids of nodes whose outputs are static."""
        self._here: list[str] = []
        """The ids here, in the order of the file."""
        self._kept: dict[str, Any] = {}
        self._raw_nodes = [node for node in raw["nodes"] if isinstance(node, Mapping)]
        description = raw.get("description")
        self.graph = Graph(
            str(raw.get("name") or "untitled"),
            description if isinstance(description, str) else "",
            blocks=blocks,
        )
        entries = [entry_of(str(node["block_id"])) for node in self._raw_nodes]
        for node, entry in zip(self._raw_nodes, entries, strict=True):
            self._name(node, entry)
        links, strays = self._links(raw["links"])
        ends: dict[str, tuple[list[str], list[str]]] = {}
        for link in links:
            ends.setdefault(link.target, ([], []))[0].append(link.input)
            ends.setdefault(link.source, ([], []))[1].append(link.output)
        self.graph.is_own = False
        self.graph.restore(
            [
                self._node(place, node, entry, ends)
                for place, (node, entry) in enumerate(
                    zip(self._raw_nodes, entries, strict=True)
                )
            ],
            links,
        )
        self.graph.revision += 1
        rest = {
            key: it
            for key, it in raw.items()
            if key not in ("nodes", "links", *_held_in(raw))
        }
        subs = _held_in(raw)
        kept: dict[str, Any] = {"top": rest, "sub_graphs": subs, "links": self._kept}
        kept["name_here"] = self.graph.name
        if strays:
            kept["strays"] = strays
            self._notes.append(
                f"{len(strays)} links lead to nodes that are not in the file; they are"
                " kept, and lead nowhere."
            )
        self.graph.extra[KEPT] = kept

    def name_here(self, name: str) -> None:
        """Calls the graph so; in a file it keeps its own name."""
        self.graph.name = self.graph.extra[KEPT]["name_here"] = name

    def _name(self, raw: Mapping[str, Any], entry: Entry | None) -> None:
        """Gives a node its id here: its own name, or its block's."""
        said = _metadata(raw).get("customized_name")
        id = self._new.new(str(said or (entry.title if entry else "unknown")))
        self._ids.setdefault(str(raw.get("id")), id)
        self._here.append(id)
        if entry is not None and entry.is_static:
            self._static.add(str(raw.get("id")))

    def _node(
        self,
        place: int,
        raw: Mapping[str, Any],
        entry: Entry | None,
        ends: Mapping[str, tuple[list[str], list[str]]],
    ) -> Node:
        id = self._here[place]
        metadata = _metadata(raw)
        title = metadata.get("customized_name")
        title = title if isinstance(title, str) else ""
        position = _position(metadata.get("position"))
        given = raw.get("input_default")
        constants = dict(given) if isinstance(given, Mapping) else {}
        kept: dict[str, Any] = {
            key: it
            for key, it in raw.items()
            if key not in ("input_default", "metadata")
        }
        kept["place"] = place
        if "metadata" in raw:
            kept["metadata"] = raw["metadata"]
        if not isinstance(given, Mapping) and "input_default" in raw:
            kept["input_default"] = given
        if "input_default" not in raw:
            kept["is_bare"] = True
        secrets = self._names.take(id, entry, constants)
        if secrets:
            kept["credentials"] = secrets
        block = entry.ours if entry else UNKNOWN
        if entry and entry.role == "note":
            block = NOTE
        if entry and entry.role == "input" and "value" in constants:
            constants["default"] = constants.pop("value")
        if entry and entry.name == "AgentExecutorBlock":
            self._call(constants)
        node = Node(
            id=id,
            block=block,
            title=title,
            constants=constants,
            position=position,
            extra={KEPT: kept},
        )
        return self._with_pins(node, *ends.get(id, ([], [])))

    def _with_pins(self, node: Node, into: list[str], out: list[str]) -> Node:
        """The node with a constant that names what its block does not have by itself."""
        block = self.graph.blocks.get(node.block)
        if block is None or node.block == NOTE:
            return node
        has_in = {port.name for port in block.inputs(node.constants)}
        has_out = {port.name for port in block.outputs(node.constants)} | {"error"}
        more_in = [name for name in dict.fromkeys(into) if name not in has_in]
        more_out = [name for name in dict.fromkeys(out) if name not in has_out]
        if not more_in and not more_out:
            return node
        named: dict[str, Any] = {}
        if more_in:
            named["in"] = more_in
        if more_out:
            named["out"] = more_out
        return Node(**{**vars(node), "constants": {**node.constants, PINS: named}})

    def _call(self, constants: dict[str, Any]) -> None:
        """Names the sub-agent that a node runs."""
        wanted = str(constants.get("graph_id", ""))
        if wanted in self._agents:
            constants["agent"] = self._agents[wanted]
            return
        name = str(constants.get("agent_name") or wanted)
        self._notes.append(
            f"The sub-agent {name!r} is not in the file; it runs when the library has an"
            " agent of that name."
        )

    def _links(self, raw: Any) -> tuple[list[Link], list[Any]]:
        links: dict[Any, Link] = {}
        strays: list[Any] = []
        for place, it in enumerate(raw):
            ends = self._ends(it)
            if ends is None:
                strays.append([place, it])
                continue
            source, output, target, input_ = ends
            if output.startswith(f"{TOOLS}_^_"):
                output = TOOLS
            link = Link(
                source=source,
                output=output,
                target=target,
                input=input_,
                sticky=it.get("is_static") is True
                and str(it.get("source_id")) not in self._static,
            )
            if link.key in links:
                strays.append([place, it])
                continue
            links[link.key] = link
            ours = ("source_id", "sink_id", "sink_name")
            rest = {key: value for key, value in it.items() if key not in ours}
            if rest.get("source_name") == output != TOOLS:
                del rest["source_name"]
            self._kept[str(link)] = {"place": place, **rest}
        return list(links.values()), strays

    def _ends(self, raw: Any) -> tuple[str, str, str, str] | None:
        if not isinstance(raw, Mapping):
            return None
        source = self._ids.get(str(raw.get("source_id")))
        target = self._ids.get(str(raw.get("sink_id")))
        output, input_ = raw.get("source_name"), raw.get("sink_name")
        is_whole = source and target and output and input_
        if not is_whole or not isinstance(output, str) or not isinstance(input_, str):
            return None
        return str(source), output, str(target), input_

    def unsupported(self, where: str) -> list[Unsupported]:
        """The nodes that do not run here."""
        found = []
        for id, node in sorted(self.graph.nodes.items()):
            block = self.graph.block_of(id)
            if block is not None and block.missing:
                entry = entry_of(str(node.extra[KEPT]["block_id"]))
                name = entry.name if entry else str(node.extra[KEPT]["block_id"])
                found.append(Unsupported(f"{where}{id}", name, block.missing))
        return found

    def notes(self, where: str) -> list[str]:
        """What there is to say about this graph alone."""
        return [f"{where.rstrip('/')}: {it}" if where else it for it in self._notes]


def _metadata(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    found = raw.get("metadata")
    return found if isinstance(found, Mapping) else {}


def _position(raw: Any) -> tuple[float, float] | None:
    if not isinstance(raw, Mapping):
        return None
    x, y = raw.get("x"), raw.get("y")
    if not isinstance(x, (int, float)) or not isinstance(y, (int, float)):
        return None
    return (float(x), float(y)) if max(abs(x), abs(y)) < FARTHEST else None
