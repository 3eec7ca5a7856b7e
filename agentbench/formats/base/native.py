"""Native: how a block that stands for another's has the blocks of this house work for it."""

import contextlib
from collections.abc import AsyncGenerator
from typing import Any

from agentbench.domain.block import Emission
from agentbench.domain.context import Context
from agentbench.domain.errors import InputError
from agentbench.domain.port import MISSING
from agentbench.domain.registry import BlockRegistry


class Native:
    """The blocks that there are, for one firing."""

    def __init__(self, blocks: BlockRegistry, context: Context) -> None:
        self.blocks, self.context = blocks, context

    async def run(self, block: str, /, **inputs: Any) -> AsyncGenerator[Emission, None]:
        """What a block gives for these inputs, value by value; raises what it raises.

        It is as if all of them were linked: what a template is says nothing about ports.

        Raises:
            BlockOff: it is switched off here.
            UnknownBlock: there is no such block.
            InputError: it needs another input.
        """
        self.refuse_off(block)
        found = self.blocks.block(block)
        given: dict[str, Any] = {}
        for port in found.inputs({}):
            if port.name in inputs:
                given[port.name] = port.check(inputs[port.name], "input")
            elif port.default is not MISSING:
                given[port.name] = port.default
            else:
                raise InputError(port.name, f"is missing; {block} needs it.")
        is_apart = found.isolation_of(given) == "process"
        runs = getattr(self.context, "workers").run if is_apart else None  # noqa: B009
        stream = (
            runs(found, given, self.context) if runs else found.run(given, self.context)
        )
        async with contextlib.aclosing(stream):  # type: ignore[type-var]
            async for emission in stream:
                yield emission

    def refuse_off(self, block: str) -> None:
        """Refuses what is switched off here, also to who does its work without it.

        Raises:
            BlockOff: the block is.
        """
        getattr(self.context, "refuse_off")(block)  # noqa: B009 - of the engine's alone

    async def all(self, block: str, /, **inputs: Any) -> dict[str, Any]:
        """The last value that a block gives at each output."""
        return {port: value async for port, value in self.run(block, **inputs)}
