"""Drawing: the nodes and links of a graph, and how each edit changes them."""

import dataclasses
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from agentbench.domain import edit as edits
from agentbench.domain.block import ERROR, Block
from agentbench.domain.errors import (
    EditRefused,
    LinkRefused,
    UnknownNode,
    UnknownPort,
)
from agentbench.domain.node import COLOURS, Link, Node
from agentbench.domain.option import check_option
from agentbench.domain.port import Port, why_not
from agentbench.domain.problem import Problem
from agentbench.domain.registry import BlockRegistry

_NODE_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")


class Drawing:
    """What is placed and linked; knows no listeners, locks or runs."""

    def __init__(self, name: str, description: str) -> None:
        self.name = name
        self.description = description
        self.revision = 0
        self.extra: dict[str, Any] = {}
        """What a file said that we do not know; it is written again."""
        self.is_own = True
        """Whether it was built here; what is read from a text is somebody's, until known."""
        self.damage: list[Problem] = []
        """What is wrong with the file it came from."""
        self.sealed = ""
        """Why nobody may change it, though nothing is wrong with it."""
        self.source = (0, "")
        """The revision at which it was read, and the text it came from."""
        self._nodes: dict[str, Node] = {}
        self._links: dict[tuple[str, str, str, str], Link] = {}
        self._numbers: dict[str, int] = {}
        """For each stem of an id, the number from which to look for a free one."""

    @property
    def blocks(self) -> BlockRegistry:
        """Where the blocks are looked up."""
        raise NotImplementedError

    @property
    def nodes(self) -> Mapping[str, Node]:
        """The nodes by id."""
        return dict(self._nodes)

    @property
    def links(self) -> Sequence[Link]:
        """The links, in the order in which they were made."""
        return list(self._links.values())

    @property
    def read_only(self) -> str:
        """Why the graph may not be changed; empty when it may."""
        return "; ".join(str(problem) for problem in self.damage)

    def restore(self, nodes: Iterable[Node], links: Iterable[Link]) -> None:
        """Puts nodes and links as they were kept, without asking whether they fit."""
        self._nodes = {node.id: node for node in nodes}
        self._links = {link.key: link for link in links}

    def node(self, id: str) -> Node:
        """The node of that id.

        Raises:
            UnknownNode: there is none.
        """
        try:
            return self._nodes[id]
        except KeyError:
            raise UnknownNode(id, self._nodes) from None

    def block_of(self, node: str) -> Block | None:
        """The block of a node, or None when nobody knows it."""
        return self.blocks.get(self.node(node).block)

    def title_of(self, node: str) -> str:
        """What people read on a node: its own title, else its block's.

        An input or output of the agent is called by the name that runs know.
        """
        placed, block = self.node(node), self.block_of(node)
        if placed.title or block is None:
            return placed.title or placed.block or node
        name = placed.constants.get("name")
        if block.role in ("input", "output") and name:
            return f"{block.role.capitalize()}: {name}"
        return block.title

    def inputs_of(self, node: str) -> tuple[Port, ...]:
        """The input ports of a node; none while its block is unknown."""
        block = self.block_of(node)
        return block.inputs(self.node(node).constants) if block else ()

    def outputs_of(self, node: str) -> tuple[Port, ...]:
        """The output ports of a node, `error` the last; none while its block is unknown."""
        block = self.block_of(node)
        if block is None or block.role == "note":
            return ()
        own = block.outputs(self.node(node).constants)
        return own if any(port.name == ERROR.name for port in own) else (*own, ERROR)

    def is_sticky(self, link: Link) -> bool:
        """Whether the link keeps its latest value for later firings."""
        block = self.block_of(link.source)
        return link.sticky or bool(block and block.is_sticky)

    def _carry_out(self, step: edits.Edit) -> tuple[edits.Edit, list[edits.Edit]]:
        """Carries out one edit; returns it as done, and the edits that undo it."""
        match step:
            case edits.AddNode():
                return self._add_node(step)
            case edits.RemoveNode():
                return self._remove_node(step)
            case edits.AddLink():
                return self._add_link(step)
            case edits.RemoveLink():
                return self._remove_link(step)
            case edits.Rename():
                old = edits.Rename(name=self.name, description=self.description)
                self.name = step.name.strip() or self.name
                if step.description is not None:
                    self.description = step.description
                return step, [old]
            case _:
                return step, [self._change_node(step)]

    def _add_node(self, step: edits.AddNode) -> tuple[edits.Edit, list[edits.Edit]]:
        new = self._free_id(step.id, step.block)
        if step.kept is not None:
            self._nodes[new] = step.kept
            return step, [edits.RemoveNode(id=new)]
        block = self.blocks.block(step.block)
        ports = [port.name for port in block.inputs(step.constants)]
        for port in step.constants:
            if port not in ports:
                raise UnknownPort(new, port, "input", ports)
        for option, value in step.options.items():
            check_option(option, value)
        self._nodes[new] = Node(
            id=new,
            block=step.block,
            title=step.title,
            constants=dict(step.constants),
            options=dict(step.options),
            position=step.position,
            colour=_known_colour(step.colour),
        )
        return step.model_copy(update={"id": new}), [edits.RemoveNode(id=new)]

    def _remove_node(
        self, step: edits.RemoveNode
    ) -> tuple[edits.Edit, list[edits.Edit]]:
        node = self.node(step.id)
        again: list[edits.Edit] = [
            edits.AddNode.model_construct(
                block=node.block,
                id=node.id,
                title=node.title,
                constants=dict(node.constants),
                options=dict(node.options),
                position=node.position,
                colour=node.colour,
            ).keeping(node)
        ]
        for link in self.links:
            if step.id in (link.source, link.target):
                del self._links[link.key]
                again.append(_put_back(link))
        del self._nodes[step.id]
        return step, again

    def _add_link(self, step: edits.AddLink) -> tuple[edits.Edit, list[edits.Edit]]:
        link: Link = step.kept or self._checked_link(step)
        self._links[link.key] = link
        ends = step.model_dump(exclude={"edit", "sticky"})
        return step, [edits.RemoveLink(**ends)]

    def _checked_link(self, step: edits.AddLink) -> Link:
        ends = (f"{step.source}.{step.output}", f"{step.target}.{step.input}")
        for node in (step.source, step.target):
            if self.block_of(node) is None:
                block = self.node(node).block
                raise LinkRefused(*ends, f"the block {block!r} of {node!r} is unknown.")
        source = self._port(step.source, step.output, "output")
        target = self._port(step.target, step.input, "input")
        link = Link(**step.model_dump(exclude={"edit"}))
        if link.key in self._links:
            raise LinkRefused(*ends, "they are linked already.")
        reason = why_not(source, target)
        if reason:
            raise LinkRefused(*ends, reason)
        return link

    def _remove_link(
        self, step: edits.RemoveLink
    ) -> tuple[edits.Edit, list[edits.Edit]]:
        key = (step.source, step.output, step.target, step.input)
        link = self._links.pop(key, None)
        if link is None:
            ends = f"{step.source}.{step.output} and {step.target}.{step.input}"
            raise EditRefused(f"There is no link between {ends}.")
        return step, [_put_back(link)]

    def _change_node(self, step: edits.Edit) -> edits.Edit:
        """Changes one node; returns the edit that changes it back."""
        node = self.node(getattr(step, "id", ""))
        match step:
            case edits.MoveNode():
                self._nodes[node.id] = dataclasses.replace(node, position=step.position)
                return edits.MoveNode(id=node.id, position=node.position)
            case edits.SetTitle():
                self._nodes[node.id] = dataclasses.replace(node, title=step.title)
                return edits.SetTitle(id=node.id, title=node.title)
            case edits.SetColour():
                colour = step.colour if step.kept else _known_colour(step.colour)
                self._nodes[node.id] = dataclasses.replace(node, colour=colour)
                return edits.SetColour(id=node.id, colour=node.colour).keeping(node)
            case edits.SetOption():
                return self._set_option(node, step)
            case edits.SetConstant() | edits.ClearConstant():
                return self._set_constant(node, step)
        raise EditRefused(f"There is no edit {type(step).__name__!r}.")

    def _set_option(self, node: Node, step: edits.SetOption) -> edits.Edit:
        old = node.options.get(step.option)
        options = {k: v for k, v in node.options.items() if k != step.option}
        if step.value is not None:
            check_option(step.option, step.value)
            options[step.option] = step.value
        self._nodes[node.id] = dataclasses.replace(node, options=options)
        return edits.SetOption(id=node.id, option=step.option, value=old)

    def _set_constant(
        self, node: Node, step: edits.SetConstant | edits.ClearConstant
    ) -> edits.Edit:
        constants = dict(node.constants)
        if isinstance(step, edits.SetConstant):
            if step.kept is None:
                self._port(node.id, step.port, "input")
            constants[step.port] = step.value
        else:
            constants.pop(step.port, None)
        self._nodes[node.id] = dataclasses.replace(node, constants=constants)
        if step.port in node.constants:
            old = node.constants[step.port]
            return edits.SetConstant.model_construct(
                id=node.id, port=step.port, value=old
            ).keeping(node)
        return edits.ClearConstant(id=node.id, port=step.port)

    def _port(self, node: str, name: str, side: str) -> Port:
        ports = self.inputs_of(node) if side == "input" else self.outputs_of(node)
        found = next((port for port in ports if port.name == name), None)
        if found is None:
            raise UnknownPort(node, name, side, [port.name for port in ports])
        return found

    def free_id(self, block: str) -> str:
        """An id that no node has yet, for a new node of a block."""
        return self._free_id(None, block)

    def _free_id(self, wanted: str | None, block: str) -> str:
        if wanted is not None:
            if not _NODE_ID.fullmatch(wanted):
                reason = "use small letters, digits, `-` and `_`."
                raise EditRefused(f"A node cannot be called {wanted!r}: {reason}")
            if wanted in self._nodes:
                raise EditRefused(f"There is already a node {wanted!r} in this graph.")
            return wanted
        stem = slug(block.rpartition(".")[2])
        number = self._numbers.get(stem, 1)
        while (new := stem if number == 1 else f"{stem}-{number}") in self._nodes:
            number += 1
        self._numbers[stem] = number
        return new


def stems(block: str) -> Iterator[str]:
    """The ids that nodes of a block get, in the order in which they get them."""
    stem = slug(block.rpartition(".")[2])
    yield stem
    for number in itertools.count(2):
        yield f"{stem}-{number}"


def _put_back(link: Link) -> edits.AddLink:
    return edits.AddLink(**dataclasses.asdict(link)).keeping(link)


def _known_colour(colour: str) -> str:
    if colour and colour not in COLOURS:
        there = ", ".join(COLOURS)
        raise EditRefused(
            f"There is no colour {colour!r} for nodes. There are: {there}."
        )
    return colour


def slug(name: str) -> str:
    """A name as an id: small letters, digits and `-`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "node"
