"""Reading: a workflow of n8n as a graph.

What the file says and a graph has no word for goes along under `n8n`, in the graph and in
each node. Nothing is carried out; JavaScript stays text.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from agentbench.domain.credential import why_no_name
from agentbench.domain.drawing import slug
from agentbench.domain.graph import Graph
from agentbench.domain.node import Link, Node
from agentbench.domain.registry import BlockRegistry
from agentbench.formats.base import Imported, Unsupported
from agentbench.formats.base.naming import Ids
from agentbench.formats.base.stand_in import PINS
from agentbench.formats.n8n.block import OF, OURS, SCRIPT, N8nBlock
from agentbench.formats.n8n.expressions import is_plain, named_in
from agentbench.formats.n8n.programs import is_python
from agentbench.formats.n8n.work import TRIGGERS

KEPT = "n8n"
_NOTE = "values.note"
_PROGRAMS = ("code", "function", "function_item", "execute_command")
_SPACE = 300.0


def fits(raw: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a workflow of n8n's."""
    nodes = raw.get("nodes")
    if not isinstance(nodes, list) or not isinstance(raw.get("connections"), Mapping):
        return False
    return all(
        isinstance(it, Mapping) and isinstance(it.get("type"), str) for it in nodes
    )


def read(raw: Mapping[str, Any], blocks: BlockRegistry) -> Imported:
    """The workflow of a file's JSON object, with what there is to say about it."""
    graph = Graph(str(raw.get("name") or "untitled"), blocks=blocks)
    graph.is_own = False
    found = Imported(graph=graph, format="n8n")
    ids: dict[str, str] = {}
    new = Ids()
    for node in raw["nodes"]:
        if str(node.get("name")) in ids:
            found.lost.append(f"a second node named {node.get('name')!r}")
            continue
        ids[str(node.get("name"))] = new.new(str(node.get("name") or node["type"]))
    links = []
    for source, output, target, input_ in _connections(raw["connections"]):
        if source in ids and target in ids:
            link = Link(
                source=ids[source], output=output, target=ids[target], input=input_
            )
            links.append(link)
        else:
            found.lost.append(f"a connection from {source!r} to {target!r}")
    links = list(dict.fromkeys(links))
    names = {id: name for name, id in ids.items()}
    by_name = {str(node.get("name")): node for node in reversed(raw["nodes"])}
    nodes = [_node(id, by_name[name], links, found, ids) for id, name in names.items()]
    nodes, links = _with_ends(nodes, links, graph.blocks)
    graph.restore(nodes, [*links, *_named(nodes, ids, graph.blocks)])
    graph.revision += 1
    graph.extra[KEPT] = {
        key: it
        for key, it in raw.items()
        if key not in ("nodes", "connections", "name")
    }
    found.notes.append("What the last nodes give comes out by outputs that were added.")
    if any(node.block.startswith(OURS + "http") for node in nodes):
        found.notes.append("Only public addresses are reached.")
    return found


def _connections(raw: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Each connection, as the names of its nodes and ports."""
    for source, kinds in raw.items():
        for kind, outputs in kinds.items() if isinstance(kinds, Mapping) else ():
            for number, ends in enumerate(outputs if isinstance(outputs, list) else ()):
                for end in ends if isinstance(ends, list) else ():
                    if isinstance(end, Mapping):
                        input_ = f"{end.get('type', kind)}_{end.get('index', 0)}"
                        yield source, f"{kind}_{number}", str(end.get("node")), input_


def _node(  # noqa: C901, PLR0912, PLR0915 - one kind of node after the other
    id: str,
    raw: Mapping[str, Any],
    links: list[Link],
    found: Imported,
    known: Collection[str],
) -> Node:
    kind = _snake(raw["type"].rpartition(".")[2])
    parameters = raw.get("parameters")
    parameters = dict(parameters) if isinstance(parameters, Mapping) else {}
    title = str(raw.get("name") or "")
    constants: dict[str, Any] = {"parameters": parameters}
    block, why = OURS + kind, ""
    if kind == "sticky_note":
        block, constants, title = (
            _NOTE,
            {"text": str(parameters.get("content", ""))},
            "",
        )
    elif kind in TRIGGERS:
        name = "items" if kind == "execute_workflow_trigger" else slug(title) or kind
        constants |= {"name": name, "default": [{}]}
    elif kind == "code" and is_python(parameters):
        constants["code"] = str(parameters.pop("pythonCode", ""))
        found.notes.append(f"{id} holds Python: it waits for `%agent trust`.")
    elif kind in _PROGRAMS or not is_plain(parameters):
        is_program = kind in _PROGRAMS
        why = (
            "it holds JavaScript" if is_program else "an expression in it is JavaScript"
        )
        block = SCRIPT
    elif unknown := [it for it in named_in(parameters) if it not in known]:
        block, why = SCRIPT, f"an expression names {unknown[0]!r}, which is not there"
    elif leans := _leans_on(id, links):
        block, why = SCRIPT, f"it leans on {', '.join(leans)}"
    elif raw.get("credentials"):
        constants |= _credential(raw["credentials"], kind, found)
    if kind == "split_in_batches":  # what its outputs are depends on it
        parameters.setdefault("typeVersion", raw.get("typeVersion", 1))
    made = found.graph.blocks.get(block)
    missing = made.missing if made is not None else ""
    if missing:
        found.unsupported.append(Unsupported(id, raw["type"], why or missing))
        if why:
            found.notes.append(f"{id} does not run here: {why}.")
        constants[PINS] = {
            "in": sorted({link.input for link in links if link.target == id}),
            "out": sorted({link.output for link in links if link.source == id}),
        }
    options = {"disabled": True} if raw.get("disabled") is True else {}
    kept = {key: it for key, it in raw.items() if key != "parameters"}
    if block == _NOTE:
        kept["parameters"] = parameters
    return Node(
        id=id,
        block=block,
        title=title,
        constants=constants,
        options=options,
        position=_position(raw.get("position")),
        extra={KEPT: kept},
    )


def _leans_on(id: str, links: list[Link]) -> list[str]:
    """What of other nodes a node of a model uses that does not come along: tools, a memory."""
    kinds = {it.input.rpartition("_")[0] for it in links if it.target == id}
    return sorted(
        it for it in kinds if it.startswith("ai_") and it != "ai_languageModel"
    )


def _position(place: Any) -> tuple[float, float] | None:
    if not isinstance(place, list) or len(place) != 2:
        return None
    x, y = place
    are_numbers = isinstance(x, (int, float)) and isinstance(y, (int, float))
    return (float(x), float(y)) if are_numbers else None


def _credential(raw: Any, kind: str, found: Imported) -> dict[str, str]:
    """The credential of a node by name; its secret is not in a file."""
    first = next(iter(raw.values()), None) if isinstance(raw, Mapping) else None
    said = str(first.get("name", "")) if isinstance(first, Mapping) else ""
    name = slug(said)[:30].strip("-")
    if not name or why_no_name(name):
        return {}
    found.notes.append(
        f"It uses the credential {name!r}: `%agent credentials add {name}`."
    )
    return {"credential": name} if kind == "http_request" else {}


def _named(
    nodes: list[Node], ids: Mapping[str, str], blocks: BlockRegistry
) -> Iterator[Link]:
    """Links from the nodes that expressions of others name; what they gave last stays there."""
    for node in nodes:
        if isinstance(blocks.get(node.block), N8nBlock):
            for number, name in enumerate(named_in(node.constants["parameters"])):
                yield Link(
                    source=ids[name],
                    output="main_0",
                    target=node.id,
                    input=f"{OF}{number}",
                    sticky=True,
                )


def _with_ends(
    nodes: list[Node], links: list[Link], blocks: BlockRegistry
) -> tuple[list[Node], list[Link]]:
    """The graph with an output of the agent behind each of its last nodes."""
    sources = {link.source for link in links}
    taken = {node.id for node in nodes}
    added, joins = [], []
    for node in nodes:
        block = blocks.get(node.block)
        if node.id in sources or not isinstance(block, N8nBlock):
            continue
        id = f"output-{node.id}"
        while id in taken:
            id += "-2"
        at = node.position or (0.0, 0.0)
        added.append(
            Node(
                id=id,
                block="agent.output",
                constants={"name": node.id},
                position=(at[0] + _SPACE, at[1]),
            )
        )
        joins += [
            Link(source=node.id, output=port.name, target=id, input="value")
            for port in block.outputs(node.constants)
        ]
    return [*nodes, *added], [*links, *joins]


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
