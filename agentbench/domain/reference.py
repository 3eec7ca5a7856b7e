"""References: a node or a port of a graph, as Python code holds them."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from agentbench.domain import edit as edits
from agentbench.domain.block import ERROR
from agentbench.domain.errors import EditRefused, LinkRefused, UnknownPort
from agentbench.domain.node import Link, Node
from agentbench.domain.option import Isolation, OnError
from agentbench.domain.port import Port, why_not


class Linkable(Protocol):
    """What a reference asks of its graph."""

    @property
    def links(self) -> Sequence[Link]:
        """The links."""

    def node(self, id: str) -> Node:
        """The node of that id."""
        ...

    def inputs_of(self, node: str) -> tuple[Port, ...]:
        """The input ports of a node."""
        ...

    def outputs_of(self, node: str) -> tuple[Port, ...]:
        """The output ports of a node."""
        ...

    def apply(self, *steps: edits.Edit) -> Any:
        """Carries out edits."""

    def link(self, source: "PortRef", target: "PortRef") -> Link:
        """Links an output to an input."""
        ...

    def linked_before(self, source: "PortRef", target: str) -> str | None:
        """The input of a node that a cell which runs again has linked with `source`."""
        ...


class PortRef:
    """One port of one node. `source >> target` links two; it returns the target's node."""

    def __init__(self, graph: Linkable, node: str, port: str) -> None:
        self.graph, self.node, self.port = graph, node, port

    def __rshift__(self, target: "PortRef | NodeRef") -> "NodeRef":
        if isinstance(target, NodeRef):
            target = target.fitting_input(self)
        self.graph.link(self, target)
        return NodeRef(self.graph, target.node)

    def __repr__(self) -> str:
        return f"<port {self.node}.{self.port}>"


class NodeRef:
    """One node of a graph: `node["port"]` or `node.port` is a port of it.

    `node["input"] = value` sets a constant; `del node["input"]` takes it back.
    """

    def __init__(self, graph: Linkable, id: str) -> None:
        self.graph, self.id = graph, id

    @property
    def node(self) -> Node:
        """The node as it is now."""
        return self.graph.node(self.id)

    @property
    def first_output(self) -> PortRef:
        """The output that is meant when only the node is named: never `error`.

        Raises:
            UnknownPort: the node has no other.
        """
        names = [port.name for port in self.graph.outputs_of(self.id)]
        for name in names:
            if name != ERROR.name:
                return PortRef(self.graph, self.id, name)
        raise UnknownPort(self.id, "result", "output", names)

    def fitting_input(self, source: PortRef) -> PortRef:
        """The first input that is free and takes what `source` gives.

        Raises:
            LinkRefused: there is none.
        """
        if before := self.graph.linked_before(source, self.id):
            return PortRef(self.graph, self.id, before)
        giving = next(
            port
            for port in self.graph.outputs_of(source.node)
            if port.name == source.port
        )
        taken = {link.input for link in self.graph.links if link.target == self.id}
        for port in self.graph.inputs_of(self.id):
            is_free = port.name not in taken and port.name not in self.node.constants
            if is_free and why_not(giving, port) is None:
                return PortRef(self.graph, self.id, port.name)
        reason = f"no free input of it takes {giving.type_name}."
        raise LinkRefused(f"{source.node}.{source.port}", self.id, reason)

    def set(
        self,
        *,
        title: str | None = None,
        colour: str | None = None,
        at: tuple[float, float] | None = None,
        breakpoint: bool | None = None,
        bypassed: bool | None = None,
        cache: bool | None = None,
        concurrency: int | None = None,
        disabled: bool | None = None,
        exclusive: str | None = None,
        isolation: Isolation | None = None,
        on_error: OnError | None = None,
        ordered: bool | None = None,
        pinned: Mapping[str, Any] | None = None,
        retries: int | None = None,
        retry_wait: float | None = None,
        timeout: float | None = None,
    ) -> "NodeRef":
        """Sets the title, the colour, the place or options of the node; returns the node.

        `agentbench.domain.option.OPTIONS` says what each option does.

        Raises:
            EditRefused: an option does not take the value.
        """
        options = {
            "breakpoint": breakpoint,
            "bypassed": bypassed,
            "cache": cache,
            "concurrency": concurrency,
            "disabled": disabled,
            "exclusive": exclusive,
            "isolation": isolation,
            "on_error": on_error,
            "ordered": ordered,
            "pinned": dict(pinned) if isinstance(pinned, Mapping) else pinned,
            "retries": retries,
            "retry_wait": retry_wait,
            "timeout": timeout,
        }
        steps: list[Any] = [
            edits.SetOption(id=self.id, option=option, value=value)
            for option, value in options.items()
            if value is not None
        ]
        if title is not None:
            steps.append(edits.SetTitle(id=self.id, title=title))
        if colour is not None:
            steps.append(edits.SetColour(id=self.id, colour=colour))
        if at is not None:
            steps.append(edits.MoveNode(id=self.id, position=at))
        self.graph.apply(*steps)
        return self

    def __rshift__(self, target: "PortRef | NodeRef") -> "NodeRef":
        return self.first_output >> target

    def __getitem__(self, port: str) -> PortRef:
        known = [p.name for p in self.graph.outputs_of(self.id)]
        known += [p.name for p in self.graph.inputs_of(self.id)]
        if port not in known:
            raise UnknownPort(self.id, port, "port", known)
        return PortRef(self.graph, self.id, port)

    def __setitem__(self, port: str, value: Any) -> None:
        if isinstance(value, (PortRef, NodeRef)):
            message = (
                f"Link with `source >> node[{port!r}]`; an assignment sets a constant."
            )
            raise EditRefused(message)
        step = edits.SetConstant.model_construct(id=self.id, port=port, value=value)
        self.graph.apply(step)

    def __delitem__(self, port: str) -> None:
        self.graph.apply(edits.ClearConstant(id=self.id, port=port))

    def __getattr__(self, port: str) -> PortRef:
        if port.startswith("_"):
            raise AttributeError(port)
        try:
            return self[port]
        except UnknownPort as error:
            raise AttributeError(str(error)) from None

    def __dir__(self) -> list[str]:
        ports = [*self.graph.outputs_of(self.id), *self.graph.inputs_of(self.id)]
        return [*super().__dir__(), *(port.name for port in ports)]

    def __repr__(self) -> str:
        return f"<node {self.id}: {self.node.block}>"
