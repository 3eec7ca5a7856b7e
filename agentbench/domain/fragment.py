"""Fragment: a part of a graph that is taken elsewhere, as the text of an agent document.

So what is copied on a canvas can be pasted on another one, in another notebook, into a
file or a chat, and a whole agent file can be pasted too. Nothing secret is in it: what a
port marks as secret is left out, and credentials are only ever named.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from agentbench.domain import edit as edits
from agentbench.domain.block import Block
from agentbench.domain.document import (
    LostConstant,
    read_document,
    write_document,
)
from agentbench.domain.drawing import Drawing, slug
from agentbench.domain.errors import DocumentError, EditRefused
from agentbench.domain.layout import FRAME, Position, positions
from agentbench.domain.node import Link, Node
from agentbench.domain.registry import BlockRegistry

_NUMBERED = re.compile(r"-\d+$")


@dataclass(frozen=True)
class Pasting:
    """The edits that paste a fragment, the ids it gets, and what it lost on the way."""

    steps: tuple[edits.Edit, ...]
    ids: tuple[str, ...]
    lost: tuple[str, ...]
    """Inputs, as `node.port`, whose live values no text could hold."""


class Fragment(Drawing):
    """Nodes on their own, with the links between them."""

    def __init__(self, blocks: BlockRegistry) -> None:
        super().__init__("fragment", "")
        self._blocks = blocks

    @property
    def blocks(self) -> BlockRegistry:
        """Where the blocks are looked up: those of the graph it comes from or goes to."""
        return self._blocks


def fragment(graph: Drawing, ids: Collection[str]) -> Fragment:
    """These nodes, where they are drawn, with the links that have both ends in them.

    Raises:
        UnknownNode: there is no such node.
    """
    places = positions(graph)
    part = Fragment(graph.blocks)
    nodes = [replace(graph.node(id), position=places[id]) for id in ids]
    inside = set(ids)
    links = [x for x in graph.links if x.source in inside and x.target in inside]
    part.restore(nodes, links)
    return part


def copied(graph: Drawing, ids: Collection[str]) -> str:
    """These nodes as text. Live objects stand as their type, secrets not at all.

    Raises:
        UnknownNode: there is no such node.
    """
    part = fragment(graph, ids)
    nodes = [
        _without_secrets(node, graph.block_of(node.id)) for node in part.nodes.values()
    ]
    part.restore(nodes, part.links)
    return write_document(part, live=True)


def read(text: str, blocks: BlockRegistry) -> Fragment:
    """The fragment of a text that was copied, or of an agent file.

    Raises:
        EditRefused: the text is no agent document, or a damaged one.
    """
    part = Fragment(blocks)
    try:
        read_document(text, part, where="What you paste")
    except DocumentError as error:
        raise EditRefused(
            "What you paste holds no nodes. Copy some on a canvas, or the text of an"
            f" agent file. ({error.reason})"
        ) from error
    if part.damage:
        raise EditRefused(f"What you paste is damaged: {part.read_only}")
    if not part.nodes:
        raise EditRefused("What you paste holds no nodes.")
    return part


FOLDED = (FRAME, "folded")
"""Where a frame names the nodes that are folded into it."""


def _renamed(ids: Any, new: Mapping[str, str]) -> Any:
    return [new[id] for id in ids if id in new] if isinstance(ids, list) else ids


def pasting(
    graph: Drawing,
    part: Drawing,
    *,
    at: Position | None = None,
    by: Position = (0.0, 0.0),
    outer: Iterable[Link] = (),
) -> Pasting:
    """The edits that put a fragment into a graph, under ids that are free there.

    Args:
        graph: where it goes.
        part: the fragment. Blocks that are unknown stay so, and nothing of it is lost.
        at: where its middle goes; by default it stays where it was, moved `by`.
        by: how far it is moved, in pixels.
        outer: links from nodes outside it that it takes along.
    """
    new = _new_ids(part.nodes, set(graph.nodes))
    shift = by if at is None else _shift(part, at)
    places = positions(part)
    lost = []
    steps: list[edits.Edit] = []
    for node in part.nodes.values():
        gone = [k for k, v in node.constants.items() if isinstance(v, LostConstant)]
        lost += [f"{new[node.id]}.{port}" for port in gone]
        x, y = places[node.id]
        placed = replace(
            node,
            id=new[node.id],
            constants={
                k: _renamed(v, new) if (node.block, k) == FOLDED else v
                for k, v in node.constants.items()
                if k not in gone
            },
            position=(round(x + shift[0]), round(y + shift[1])),
        )
        steps.append(_put(placed))
    for link in part.links:
        source, target = new[link.source], new[link.target]
        steps.append(_join(replace(link, source=source, target=target)))
    steps += [_join(replace(link, target=new[link.target])) for link in outer]
    return Pasting(tuple(steps), tuple(new.values()), tuple(lost))


def _put(node: Node) -> edits.Edit:
    # Not asked whether it fits: its block may be unknown here, and is kept all the same.
    return edits.AddNode.model_construct(
        block=node.block,
        id=node.id,
        title=node.title,
        constants=dict(node.constants),
        options=dict(node.options),
        colour=node.colour,
        position=node.position,
    ).keeping(node)


def _join(link: Link) -> edits.Edit:
    return edits.AddLink(
        source=link.source,
        output=link.output,
        target=link.target,
        input=link.input,
        sticky=link.sticky,
    ).keeping(link)


def _new_ids(nodes: Iterable[str], taken: set[str]) -> dict[str, str]:
    new = {}
    for id in nodes:
        stem = slug(id)
        free = stem
        number = 1
        while free in taken:
            number += 1
            free = f"{_NUMBERED.sub('', stem)}-{number}"
        taken.add(free)
        new[id] = free
    return new


def _shift(part: Drawing, at: Position) -> Position:
    places = positions(part).values()
    xs, ys = [x for x, _ in places], [y for _, y in places]
    return at[0] - (min(xs) + max(xs)) / 2, at[1] - (min(ys) + max(ys)) / 2


def _without_secrets(node: Node, block: Block | None) -> Node:
    secret = secrets_of(block, node.constants)
    kept = {k: v for k, v in node.constants.items() if k not in secret}
    return replace(node, constants=kept)


def secrets_of(block: Block | None, constants: Mapping[str, Any]) -> set[str]:
    """The inputs whose values must not leave the kernel, by their schema."""
    if block is None:
        return set()
    marks = ("password", "secret")
    return {
        port.name
        for port in block.inputs(constants)
        if port.schema().get("format") in marks or port.schema().get("writeOnly")
    }
