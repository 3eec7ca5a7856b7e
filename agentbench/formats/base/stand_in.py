"""StandIn: a block that stands for one of another program, runs or not."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from agentbench.domain.block import Block, Emission
from agentbench.domain.context import Context
from agentbench.domain.errors import BlockNotHere
from agentbench.domain.port import Port

PINS = "pins"
"""The constant that names the further ports of a node: `{"in": […], "out": […]}`."""


def more_pins(constants: Mapping[str, Any], side: str) -> list[str]:
    """The further ports that a node names."""
    named = constants.get(PINS)
    found = named.get(side) if isinstance(named, Mapping) else None
    return (
        [it for it in found if isinstance(it, str)] if isinstance(found, list) else []
    )


class StandIn(Block):
    """Holds the place of a block that does not run here, with all its data.

    Its ports are those that the node has constants for, or that `pins` names. The rest of
    the graph runs; a firing of this one fails and says what is missing.
    """

    def __init__(self, id: str, title: str, missing: str) -> None:
        self.id, self.title = id, title
        self.missing = missing or "There is nothing here that does what it does."
        """Why it does not run here."""
        self.help = missing

    def inputs(self, constants: Mapping[str, Any]) -> tuple[Port, ...]:
        """A port for every constant and every further pin; none is required."""
        names = [name for name in constants if name != PINS]
        names += more_pins(constants, "in")
        ports = [Port(name=name, default=None) for name in dict.fromkeys(names)]
        return (*ports, *pins_port(constants))

    def outputs(self, constants: Mapping[str, Any]) -> tuple[Port, ...]:
        """A port for every further pin."""
        return tuple(Port(name=name) for name in more_pins(constants, "out"))

    async def run(
        self, inputs: Mapping[str, Any], context: Context
    ) -> AsyncIterator[Emission]:
        """Refuses.

        Raises:
            BlockNotHere: always.
        """
        if self.missing:
            raise BlockNotHere(self.title, self.missing)
        yield Emission("", inputs)


def pins_port(constants: Mapping[str, Any]) -> tuple[Port, ...]:
    """The port of the constant that names further ports, where a node has it."""
    if PINS not in constants:
        return ()
    said = "Further ports of this node, as its file names them."
    return (Port(name=PINS, default=None, help=said, advanced=True),)
