"""The script of a graph: Python code that builds it again."""

import keyword
import re
from collections.abc import Iterable

from agentbench.domain.drawing import Drawing
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.node import Link, Node

OWN_FAMILY = "mine"
"""The family of blocks made in a notebook; their code goes into the script."""


def write_script(graph: Drawing) -> str:
    """Runnable code: the user's own blocks, then a line or two for each node."""
    order = _order(graph)
    own = _own_blocks(graph)
    names = _names(order, {"ab", "graph", *(block.function.__name__ for block in own)})
    links = sorted(graph.links)
    lines = ["import agentbench as ab", ""]
    for block in own:
        lines += ["", *block.source.rstrip().splitlines(), ""]
    described = f", {graph.description!r}" if graph.description else ""
    lines.append(f"graph = ab.Graph({graph.name!r}{described})")
    arriving: dict[str, list[Link]] = {}
    for link in links:
        arriving.setdefault(link.target, []).append(link)
    placed: set[str] = set()
    done: set[Link] = set()
    for id in order:
        inline = _inline(graph.node(id), arriving.get(id, []), placed)
        lines.append(_adding(graph.node(id), names, inline))
        placed.add(id)
        done.update(inline.values())
    for link in links:
        if link not in done:
            lines.append(_linking(link, names))
    return "\n".join(lines) + "\n"


def _own_blocks(graph: Drawing) -> list[FunctionBlock]:
    used = {node.block: graph.blocks.get(node.block) for node in graph.nodes.values()}
    return [
        block
        for _, block in sorted(used.items())
        if isinstance(block, FunctionBlock)
        and block.family == OWN_FAMILY
        and block.source
    ]


def _order(graph: Drawing) -> list[str]:
    """Node ids with every source before its targets, as far as cycles allow."""
    sources: dict[str, set[str]] = {id: set() for id in sorted(graph.nodes)}
    targets: dict[str, set[str]] = {id: set() for id in sources}
    for link in graph.links:
        if link.source != link.target:
            sources[link.target].add(link.source)
            targets[link.source].add(link.target)
    free = [id for id, needed in sources.items() if not needed]
    order: list[str] = []
    while sources:
        placing, free = free or [next(iter(sources))], []
        for id in placing:
            order.append(id)
            del sources[id]
            for target in targets[id] & sources.keys():
                sources[target].discard(id)
                if not sources[target]:
                    free.append(target)
        free.sort()
    return order


def _names(ids: Iterable[str], taken: set[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for id in ids:
        name = re.sub(r"\W", "_", id)
        name = f"node_{name}" if name[0].isdigit() else name
        while keyword.iskeyword(name) or name in taken:
            name += "_"
        taken.add(name)
        names[id] = name
    return names


def _inline(node: Node, arriving: list[Link], placed: set[str]) -> dict[str, Link]:
    """The links that can be said while adding: one a port, from a node that is there.

    Not where the port has a constant as well, which would go unsaid.
    """
    inline: dict[str, Link] = {}
    for link in arriving:
        is_free = link.input not in node.constants
        if is_free and link.source in placed and not link.sticky:
            inline.setdefault(link.input, link)
    return inline


def _adding(node: Node, names: dict[str, str], inline: dict[str, Link]) -> str:
    given = [repr(node.block), repr(node.id)]
    ports = {port: repr(value) for port, value in node.constants.items()}
    ports |= {
        port: f"{names[link.source]}[{link.output!r}]" for port, link in inline.items()
    }
    given += [f"{port}={code}" for port, code in ports.items() if _is_argument(port)]
    odd = [
        f"{port!r}: {code}" for port, code in ports.items() if not _is_argument(port)
    ]
    if odd:
        given.append(f"**{{{', '.join(odd)}}}")
    line = f"{names[node.id]} = graph.add({', '.join(given)})"
    if len(line) > 88:
        body = "".join(f"    {part},\n" for part in given)
        line = f"{names[node.id]} = graph.add(\n{body})"
    return line + _setting(node)


def _setting(node: Node) -> str:
    given = [f"{option}={value!r}" for option, value in sorted(node.options.items())]
    if node.title:
        given.insert(0, f"title={node.title!r}")
    if node.colour:
        given.append(f"colour={node.colour!r}")
    if node.position is not None:
        given.append(f"at=({round(node.position[0])}, {round(node.position[1])})")
    return f".set({', '.join(given)})" if given else ""


def _is_argument(port: str) -> bool:
    return port.isidentifier() and not keyword.iskeyword(port)


def _linking(link: Link, names: dict[str, str]) -> str:
    source = f"{names[link.source]}[{link.output!r}]"
    target = f"{names[link.target]}[{link.input!r}]"
    if link.sticky:
        return f"graph.link({source}, {target}, sticky=True)"
    return f"{source} >> {target}"
