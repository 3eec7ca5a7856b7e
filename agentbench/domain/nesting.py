"""Nesting: some nodes of a graph become an agent of their own, and the way back."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from agentbench.domain import edit as edits
from agentbench.domain.drawing import Drawing, slug
from agentbench.domain.errors import EditRefused
from agentbench.domain.fragment import Fragment, fragment, pasting
from agentbench.domain.layout import positions
from agentbench.domain.node import Link, Node

CALL, INPUT, OUTPUT = "agent.run", "agent.input", "agent.output"
_SPACE = 300.0
_TYPES = (
    "text",
    "number",
    "whole number",
    "boolean",
    "date",
    "list",
    "dictionary",
    "table",
)


@dataclass(frozen=True)
class Nest:
    """An agent made of some nodes, and what takes their place in the graph."""

    inner: Fragment
    steps: tuple[edits.Edit, ...]
    """Remove the nodes, add the call and link it; to be carried out once it is saved."""
    call: str


def collapsing(graph: Drawing, ids: Collection[str], agent: str) -> Nest:
    """Makes an agent named `agent` of these nodes, and a node that runs it.

    Links that come in become its inputs, links that go out its outputs.

    Raises:
        EditRefused: the nodes cannot stand alone; the reason says why.
        UnknownNode: there is no such node.
    """
    if not ids:
        raise EditRefused("Select the nodes that should become an agent of their own.")
    for id in ids:
        role = _role(graph, id)
        if role in ("input", "output"):
            raise EditRefused(
                f"{graph.title_of(id)!r} is an {role} of the agent itself and has"
                " to stay outside: leave it out of the selection."
            )
    collapse = _Collapse(graph, set(ids), agent)
    for link in sorted(graph.links):
        comes, goes = link.target in collapse.inside, link.source in collapse.inside
        if comes and not goes:
            collapse.come_in(link)
        elif goes and not comes:
            collapse.go_out(link)
    return collapse.done()


class _Collapse:
    """An agent in the making: what goes in, what stands for it outside, and their links."""

    def __init__(self, graph: Drawing, inside: set[str], agent: str) -> None:
        self.graph, self.inside, self.agent = graph, inside, agent
        self.inner = fragment(graph, sorted(inside))
        self.call = _free(slug(agent), set(graph.nodes) - inside)
        self._nodes = dict(self.inner.nodes)
        self._links = list(self.inner.links)
        self._joins: list[edits.Edit] = []
        self._ports: dict[tuple[str, str, str], tuple[str, str]] = {}
        """For each end outside that feeds, or inside that gives: the port's node and name."""

    def come_in(self, link: Link) -> None:
        """A link from outside: one input of the agent for each output that feeds it."""
        giving = next(
            (p for p in self.graph.outputs_of(link.source) if p.name == link.output),
            None,
        )
        kinds = giving.types if giving else ()
        kind = next((kind for kind in kinds if kind in _TYPES), "any")
        x, y = positions(self.inner)[link.target]
        end = (INPUT, link.source, link.output)
        id, name = self._port(end, link.input, {"type": kind}, (x - _SPACE, y))
        self._links.append(
            Link(
                source=id,
                output="value",
                target=link.target,
                input=link.input,
                sticky=link.sticky,
            )
        )
        ends = (link.source, link.output, self.call, name)
        self._joins.append(_link(ends, sticky=link.sticky))

    def go_out(self, link: Link) -> None:
        """A link to outside: one output of the agent for each output inside."""
        x, y = positions(self.inner)[link.source]
        end = (OUTPUT, link.source, link.output)
        is_new = end not in self._ports
        id, name = self._port(end, link.output, {}, (x + _SPACE, y))
        if is_new:
            self._links.append(
                Link(source=link.source, output=link.output, target=id, input="value")
            )
        ends = (self.call, name, link.target, link.input)
        self._joins.append(_link(ends, sticky=link.sticky))

    def _port(
        self,
        end: tuple[str, str, str],
        wished: str,
        more: dict[str, Any],
        at: tuple[float, float],
    ) -> tuple[str, str]:
        if end not in self._ports:
            side = end[0]
            taken = {n for (s, *_), (_, n) in self._ports.items() if s == side}
            name = _name(wished, taken)
            id = _free(slug(name), self._nodes)
            given = {"name": name, **more}
            self._nodes[id] = Node(id=id, block=side, constants=given, position=at)
            self._ports[end] = (id, name)
        return self._ports[end]

    def done(self) -> Nest:
        """The agent, and the edits that put a node that runs it in the nodes' place."""
        places = [positions(self.graph)[id] for id in self.inside]
        xs, ys = [x for x, _ in places], [y for _, y in places]
        self.inner.restore(self._nodes.values(), _distinct(self._links))
        self.inner.name = self.agent
        add = edits.AddNode(
            block=CALL,
            id=self.call,
            title=self.agent,
            constants={"agent": self.agent},
            position=(
                round((min(xs) + max(xs)) / 2),
                round((min(ys) + max(ys)) / 2),
            ),
        )
        gone = [edits.RemoveNode(id=id) for id in sorted(self.inside)]
        return Nest(self.inner, (*gone, add, *_once(self._joins)), self.call)


def _distinct(links: Iterable[Link]) -> list[Link]:
    return list({link.key: link for link in links}.values())


def expanding(graph: Drawing, call: str, inner: Drawing) -> tuple[edits.Edit, ...]:
    """The edits that put the nodes of the agent in the place of the node that runs it.

    What an input of the agent passes straight to an output is not put there.
    """
    node = graph.node(call)
    roles = {id: _role(inner, id) for id in inner.nodes}
    kept = [id for id, role in roles.items() if role not in ("input", "output")]
    # The call goes first, so that its id is free.
    rest = Fragment(graph.blocks)
    rest.restore(
        [other for other in graph.nodes.values() if other.id != call],
        [link for link in graph.links if call not in (link.source, link.target)],
    )
    put = pasting(rest, fragment(inner, kept), at=positions(graph)[call])
    expand = _Expand(graph, inner, node, dict(zip(kept, put.ids, strict=True)))
    joins: list[edits.Edit] = []
    for id, role in roles.items():
        if role == "input":
            joins += expand.come_in(id)
        elif role == "output":
            joins += expand.go_out(id)
    return tuple(_once([edits.RemoveNode(id=call), *put.steps, *joins]))


@dataclass(frozen=True)
class _Expand:
    """An agent on its way out of the node `call`; `new` are its nodes' ids in the graph."""

    graph: Drawing
    inner: Drawing
    call: Node
    new: dict[str, str]

    def come_in(self, id: str) -> Iterable[edits.Edit]:
        """What fed an input of the agent now feeds what the input fed."""
        name = self._name_of(id)
        outer = [x for x in self.graph.links if x.target == self.call.id]
        feeding = [link for link in outer if link.input == name]
        default = self.inner.node(id).constants.get("default")
        value = self.call.constants.get(name, default)
        for link in self.inner.links:
            if link.source != id or link.target not in self.new:
                continue
            target = self.new[link.target]
            for source in feeding:
                ends = (source.source, source.output, target, link.input)
                yield _link(ends, sticky=source.sticky or link.sticky)
            if not feeding and value is not None:
                yield edits.SetConstant.model_construct(
                    id=target, port=link.input, value=value
                )

    def go_out(self, id: str) -> Iterable[edits.Edit]:
        """What fed an output of the agent now feeds what the output fed."""
        name = self._name_of(id)
        feeding = [link for link in self.inner.links if link.target == id]
        for outer in self.graph.links:
            if (outer.source, outer.output) != (self.call.id, name):
                continue
            for link in feeding:
                if link.source in self.new and link.input == "value":
                    source = self.new[link.source]
                    ends = (source, link.output, outer.target, outer.input)
                    yield _link(ends, sticky=outer.sticky)

    def _name_of(self, id: str) -> str:
        return str(self.inner.node(id).constants.get("name") or id)


def _role(graph: Drawing, id: str) -> str:
    block = graph.block_of(id)
    return block.role if block else "work"


def _link(ends: tuple[str, ...], *, sticky: bool) -> edits.Edit:
    source, output, target, input = ends
    link = Link(source=source, output=output, target=target, input=input, sticky=sticky)
    return edits.AddLink(
        source=source, output=output, target=target, input=input, sticky=sticky
    ).keeping(link)


def _once(steps: Iterable[edits.Edit]) -> list[edits.Edit]:
    """The edits, each link of them once."""
    kept: dict[Any, edits.Edit] = {}
    for number, step in enumerate(steps):
        if isinstance(step, edits.AddLink):
            kept[step.source, step.output, step.target, step.input] = step
        else:
            kept[number] = step
    return list(kept.values())


def _name(wished: str, taken: set[str]) -> str:
    name, number = wished, 1
    while name in taken or name in ("agent", "version", "context"):
        number += 1
        name = f"{wished}_{number}"
    return name


def _free(stem: str, taken: Collection[str]) -> str:
    free, number = stem, 1
    while free in taken:
        number += 1
        free = f"{stem}-{number}"
    return free
