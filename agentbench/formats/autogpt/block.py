"""The blocks of AutoGPT as blocks of ours: their ports by the same names.

What one does is said by a row of the table of correspondences (`blocks/foreign`), which
names a block of this house that it runs, or by own code in the table of its family
(`families/`), which goes before. What is in neither is a placeholder.
"""

import contextlib
import inspect
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from agentbench.domain.block import Block, Effects, Emission
from agentbench.domain.consent import carries_code
from agentbench.domain.context import Context
from agentbench.domain.correspondence import Correspondence
from agentbench.domain.errors import BlockNotHere
from agentbench.domain.port import MISSING, Port
from agentbench.domain.registry import BlockRegistry
from agentbench.domain.version import code_version
from agentbench.formats.autogpt import pins
from agentbench.formats.autogpt.catalogue import Entry, Pin
from agentbench.formats.autogpt.corresponding import corresponding
from agentbench.formats.autogpt.kinds import port_of
from agentbench.formats.autogpt.reasons import NOT_HERE
from agentbench.formats.base import Native
from agentbench.formats.base.stand_in import PINS, more_pins, pins_port

Given = Mapping[str, Any]
Pairs = Iterator[tuple[str, Any]]
Stream = AsyncIterator[tuple[str, Any]]
Fault = Callable[[Given], str]


@dataclass(frozen=True, kw_only=True)
class Does:
    """Own code: `function(given)` yields (output, value), an async one takes `Native` too.

    `block` is the block of ours that it stands on, if on one; `hosts` are those that its
    credential is for; `carries_code` tells that what the node holds is a program.
    """

    function: Callable[..., Any]
    effects: Effects = "pure"
    block: str = ""
    hosts: tuple[str, ...] = ()
    carries_code: bool = False


Work = Correspondence | Does | Callable[..., Any]
"""What does the work: a block of ours by a table, or own code; a bare function is pure."""


class AutogptBlock(Block):
    """A block of AutoGPT; `missing` says why it does not run here, empty when it does."""

    def __init__(self, entry: Entry, work: Work | None, blocks: BlockRegistry) -> None:
        self.entry, self._blocks = entry, blocks
        self.id, self.title = entry.ours, entry.title
        self.keywords = ("autogpt", entry.family)
        self.is_sticky = entry.is_static
        self.work = Does(function=work) if callable(work) else work
        self.missing = self._why_missing()
        self.help = self.missing or f"AutoGPT's block `{entry.name}`."
        is_placed = bool(self.missing)
        hosts = self.work.hosts if isinstance(self.work, Does) else ()
        ports = (port_of(pin, hosts=hosts) for pin in entry.inputs)
        self._inputs = tuple(_optional(port) if is_placed else port for port in ports)
        self._outputs = tuple(port_of(pin) for pin in entry.outputs)
        self.stands_on = (self.work.block,) if self.work and self.work.block else ()
        self._set_effects()

    @property
    def version(self) -> str:
        """A hash over what does the work."""
        if isinstance(self.work, Does):
            return code_version(self.work.function)
        if isinstance(self.work, Correspondence):
            return self._blocks.block(self.work.block).version
        return "placeholder"

    def inputs(self, constants: Given) -> tuple[Port, ...]:
        """Its pins, those that lead inside them, and what the node names besides."""
        named = {port.name: port for port in self._own_inputs(constants)}
        more = [name for name in constants if name not in named and name != PINS]
        more += more_pins(constants, "in")
        for name in more:
            if self.missing or pins.base_of(name) in named:
                named.setdefault(name, port_of(Pin(name, "any", default=None)))
        for name in list(named):
            base = pins.base_of(name)
            if base != name and base in named:
                named[base] = _optional(named[base])
        return (*named.values(), *pins_port(constants))

    def outputs(self, constants: Given) -> tuple[Port, ...]:
        """Its pins, and the parts of them that the node names."""
        named = {port.name: port for port in self._own_outputs(constants)}
        for name in more_pins(constants, "out"):
            named.setdefault(name, port_of(Pin(name, "any")))
        return tuple(named.values())

    def _own_inputs(self, constants: Given) -> tuple[Port, ...]:
        del constants
        return self._inputs

    def _own_outputs(self, constants: Given) -> tuple[Port, ...]:
        del constants
        return self._outputs

    async def run(self, inputs: Given, context: Context) -> AsyncIterator[Emission]:
        """Does what AutoGPT's block does, and gives the parts that are asked for.

        Raises:
            BlockNotHere: it is a placeholder.
        """
        if self.missing or self.work is None:
            raise BlockNotHere(self.title, self.missing)
        given = together(inputs)
        parts = [(it, pins.path_of(it)) for it in more_pins(inputs, "out")]
        parts = [(name, path) for name, path in parts if path]
        async with contextlib.aclosing(self._values(given, context)) as values:
            async for port, value in values:
                yield Emission(port, value)
                for name, path in parts:
                    if pins.base_of(name) != port:
                        continue
                    part = pins.taken(value, path)
                    if part is not pins.ABSENT:
                        yield Emission(name, part)

    async def _values(self, given: Given, context: Context) -> Any:
        native = Native(self._blocks, context)
        work = self.work
        if isinstance(work, Correspondence):
            async with contextlib.aclosing(corresponding(work, given, native)) as pairs:
                async for pair in pairs:
                    yield pair
        elif isinstance(work, Does) and inspect.isasyncgenfunction(work.function):
            async with contextlib.aclosing(work.function(given, native)) as pairs:
                async for pair in pairs:
                    yield pair
        elif isinstance(work, Does):
            for pair in work.function(given):
                yield pair

    def _why_missing(self) -> str:
        if self.entry.is_off:
            return (
                "AutoGPT has switched this block off, and it does not run here either."
            )
        if self.work is None:
            name = self.entry.name
            reason = f"There is nothing here yet that does what AutoGPT's {name} does."
            return NOT_HERE.get(name, reason)
        needs = self.work.block
        if needs and needs not in self._blocks:
            return f"It needs the block {needs!r}, which is not here."
        return ""

    def _set_effects(self) -> None:
        if self.missing or self.work is None:
            return
        ours = self._blocks.get(self.work.block) if self.work.block else None
        if isinstance(self.work, Does):
            self.effects = self.work.effects
            self.carries_code = self.work.carries_code
        self.carries_code = self.carries_code or self.entry.family == "code"
        if ours is not None:
            order: tuple[Effects, ...] = ("pure", "reads", "writes", "sends")
            self.effects = max(self.effects, ours.effects, key=order.index)
            self.carries_code = self.carries_code or carries_code(ours)


class AutogptInput(AutogptBlock):
    """An input of the agent: its `value` is kept as `default`, which runs go by."""

    role: ClassVar[Any] = "input"

    def _own_inputs(self, constants: Given) -> tuple[Port, ...]:
        value = next(pin for pin in self.entry.inputs if pin.name == "value")
        kind = Pin("", value.kind, takes_nothing=True, default=None)
        used = port_of(kind, name="default", help="Used when a run gives none.")
        given = port_of(kind, name="value", help="What the run gives.", advanced=True)
        rest = [port for port in self._inputs if port.name != "value"]
        return (*rest, used, given)


class AutogptOutput(AutogptBlock):
    """An output of the agent; what it gives by `value` is the run's."""

    role: ClassVar[Any] = "output"

    def _own_outputs(self, constants: Given) -> tuple[Port, ...]:
        return (port_of(Pin("value", "any")), *self._outputs)


class AutogptAgent(AutogptBlock):
    """A sub-agent: its ports are those that its node says the agent has."""

    def _own_inputs(self, constants: Given) -> tuple[Port, ...]:
        schema = properties(constants.get("input_schema"))
        fixed = constants.get("inputs")
        has = set(fixed) if isinstance(fixed, Mapping) else set()
        needs = required(constants.get("input_schema")) - has
        own = [
            port_of(Pin(name, "any", default=MISSING if name in needs else None))
            for name in schema
        ]
        said = "The sub-agent: one that came along, or of the library."
        agent = port_of(Pin("agent", "text", default=""), help=said)
        inner = (replace(_optional(port), advanced=True) for port in self._inputs)
        return (*own, agent, *inner)

    def _own_outputs(self, constants: Given) -> tuple[Port, ...]:
        names = properties(constants.get("output_schema"))
        return tuple(port_of(Pin(name, "any")) for name in names)


def properties(schema: Any) -> list[str]:
    """The names of what a JSON schema takes."""
    found = schema.get("properties") if isinstance(schema, Mapping) else None
    return [str(name) for name in found] if isinstance(found, Mapping) else []


def required(schema: Any) -> set[str]:
    """Those of them that it cannot do without."""
    found = schema.get("required") if isinstance(schema, Mapping) else None
    return (
        {it for it in found if isinstance(it, str)}
        if isinstance(found, list)
        else set()
    )


def together(inputs: Given) -> dict[str, Any]:
    """The inputs with what came by dynamic pins put in its place."""
    given = {name: it for name, it in inputs.items() if not pins.is_dynamic(name)}
    given.pop(PINS, None)
    for name, value in inputs.items():
        base = pins.base_of(name)
        if base != name and value is not None:
            given[base] = pins.put(given.get(base), pins.path_of(name), value)
    return given


def _optional(port: Port) -> Port:
    if port.default is not MISSING:
        return port
    kind = Pin(port.name, "any", takes_nothing=True, default=None)
    return port_of(kind) if port.type_name != "credential" else port
