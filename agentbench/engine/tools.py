"""Calls of tools: a firing that runs has other nodes of its run fire, and waits for them.

A call is values on the way to the tool's inputs, so that the plan opens a firing there as
for any other value. Which firing it is, is known by the numbers of those values, which is
how a resumed run finds the calls again that it had made.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from agentbench.domain.drawing import Drawing
from agentbench.domain.errors import RunError
from agentbench.domain.event import (
    CALLED,
    FiringCompleted,
    FiringEvent,
    FiringFailed,
    FiringReused,
    FiringSkipped,
    FiringStarted,
    ValueEmitted,
)
from agentbench.domain.port import MISSING, Port
from agentbench.domain.tool import (
    TOOLS,
    LinkedTool,
    ToolOutcome,
    addressed,
    is_called,
)
from agentbench.engine.parked import Parked
from agentbench.engine.plan import Plan
from agentbench.engine.site import Site, Sites
from agentbench.engine.wiring import wiring_of

_Key = tuple[str, int]
Record = Callable[[str, int, str, Any], Awaitable[int]]
"""Records a value that a firing (node, number) sends by a port; gives its number."""


@dataclass(frozen=True)
class ToBring:
    """What a tool's constant names, to be read before it goes to the tool."""

    port: Port
    named: Any


class ToolCalls:
    """The tools of a run's nodes, and the calls that are under way."""

    def __init__(
        self, graph: Drawing, sites: Sites, *, wake: Callable[[], None]
    ) -> None:
        """`wake` has the run look for what has become ready."""
        self._sites, self._wake = sites, wake
        self._links = wiring_of(graph).tools
        self._targets = {link.target for it in self._links.values() for link in it}
        self._asked: set[int] = set()
        self._told: set[_Key] = set()
        self._firing_of: dict[int, _Key] = {}
        self._gave: dict[_Key, list[tuple[str, int]]] = {}
        self._ended: dict[_Key, FiringEvent] = {}
        self._waits: dict[int, asyncio.Future[None]] = {}
        self.waiting: Counter[_Key] = Counter()
        """The firings that do nothing but wait for what they called."""

    def offered(self, node: str) -> list[LinkedTool]:
        """The tools that a node may call, in the order of their ids."""
        inputs: dict[str, list[str]] = {}
        for link in self._links.get(node, ()):
            inputs.setdefault(link.target, []).append(link.input)
        return [self._tool(self._sites[id], names) for id, names in inputs.items()]

    def is_awaited(self, node: str, firing: int) -> bool:
        """Whether it was a call of somebody who waits for it, and is told of a failure."""
        return (node, firing) in self._told

    @property
    def rules(self) -> Mapping[type, Callable[[Any], None]]:
        """What an event changes, by its class; nothing where there are no tools."""
        if not self._targets:
            return {}
        ends = (FiringCompleted, FiringFailed, FiringSkipped, FiringReused)
        return {
            FiringStarted: self._started,
            ValueEmitted: self._emitted,
            **dict.fromkeys(ends, self._ends),
        }

    def _started(self, event: FiringStarted) -> None:
        if event.node not in self._targets:
            return
        key = (event.node, event.firing)
        for seq in event.inputs.values():
            self._firing_of.setdefault(seq, key)
        if not self._asked.isdisjoint(event.inputs.values()):
            self._told.add(key)

    def _emitted(self, event: ValueEmitted) -> None:
        if is_called(event.port):
            self._asked.add(event.seq)
        elif event.node in self._targets:
            gave = self._gave.setdefault((event.node, event.firing), [])
            gave.append((event.port, event.seq))

    def _ends(self, event: FiringEvent) -> None:
        if event.node not in self._targets:
            return
        key = (event.node, event.firing)
        self._ended[key] = event
        for seq, wait in self._waits.items():
            if self._firing_of.get(seq) == key and not wait.done():
                wait.set_result(None)

    def checked(
        self, node: str, tool: str, arguments: Mapping[str, Any], *, is_call: bool
    ) -> list[tuple[str, Any]]:
        """A value for each input that a call of the tool gives values to, as (port, value).

        Raises:
            RunError: there is no such tool, or an argument is missing or of no use.
            PortValueError: an argument is of the wrong type.
        """
        found = next((it for it in self.offered(node) if it.node == tool), None)
        if found is None:
            message = f"{node!r} has no tool {tool!r}: link its output {TOOLS!r} to it."
            raise RunError(message)
        names = [port.name for port in found.inputs]
        unknown = [name for name in arguments if name not in names]
        if unknown:
            message = f"{tool!r} takes {', '.join(names)}, and no {unknown[0]!r}."
            raise RunError(message)
        values = []
        linked = {link.input for link in self._links[node] if link.target == tool}
        for port in self._sites[tool].inputs:
            if port.name not in linked:
                continue
            if port.name in arguments:
                value = port.check(arguments[port.name], "input")
            elif port.name in {it.name for it in self._sites[tool].brought}:
                value = ToBring(port, found.constants[port.name])
            elif port.name in found.constants:
                value = port.check(found.constants[port.name], "input")
            elif port.default is not MISSING:
                value = port.default
            else:
                raise RunError(f"{tool!r} needs a value for {port.name!r}.")
            values.append((addressed(tool, port.name, is_call=is_call), value))
        return values

    async def wait(self, caller: _Key, seq: int) -> _Key:
        """The firing that a value led to, once it has ended.

        Raises:
            RunError: it cannot start: an input of it gets no value.
            Parked: somebody is to answer it first, and nothing else is to be done.
        """
        key = self._firing_of.get(seq)
        if key is None or key not in self._ended:
            wait = asyncio.get_running_loop().create_future()
            self._waits[seq] = wait
            self.waiting[caller] += 1
            self._wake()
            try:
                await wait
            finally:
                del self._waits[seq]
                self.waiting[caller] -= 1
                if not self.waiting[caller]:
                    del self.waiting[caller]
        return self._firing_of[seq]

    async def outcome(
        self, key: _Key, read: Callable[[int], Awaitable[Any]]
    ) -> ToolOutcome:
        """How a firing that has ended did so; `read` gives a value by its number."""
        outputs: dict[str, list[Any]] = {}
        for port, seq in self._gave.get(key, ()):
            outputs.setdefault(port, []).append(await read(seq))
        end = self._ended[key]
        error = ""
        if isinstance(end, FiringFailed):
            error = f"{end.error}: {end.message}"
        elif isinstance(end, FiringSkipped):
            error = f"It was not run: {end.reason}"
        return ToolOutcome(firing=key[1], outputs=outputs, error=error)

    def end_waits(self, plan: Plan, running: int) -> None:
        """Ends every wait when all that run wait, and nothing is left that could end it.

        When a tool waits for a person, its caller is parked with it; else the wait is in
        vain.
        """
        if not self.waiting or running != len(self.waiting) or plan.ready:
            return
        is_parked = bool(plan.parked())
        for wait in self._waits.values():
            if not wait.done():
                wait.set_exception(Parked("", part=CALLED) if is_parked else _in_vain())

    def _tool(self, site: Site, inputs: list[str]) -> LinkedTool:
        return LinkedTool(
            node=site.node.id,
            block=site.block.id,
            title=site.node.title or site.block.title,
            help=site.block.help,
            effects=site.block.effects,
            constants=site.node.constants,
            inputs=tuple(
                port
                for port in site.inputs
                if port.name in inputs and not _is_credential(port)
            ),
        )


def _in_vain() -> RunError:
    return RunError(
        "The tool did not start: another input of it is linked and got no value. Give"
        " that input a constant, or link it to `tools` too."
    )


def _is_credential(port: Port) -> bool:
    """Whether it names a credential: what a model says chooses none."""
    return port.type_name == "credential"
