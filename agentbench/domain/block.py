"""Block: a kind of work with typed ports."""

import functools
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, ClassVar, Literal, NamedTuple

from agentbench.domain.context import Context
from agentbench.domain.example import Example
from agentbench.domain.limits import Limits
from agentbench.domain.option import Isolation
from agentbench.domain.port import Port
from agentbench.domain.version import code_version

Effects = Literal["pure", "reads", "writes", "sends"]
"""What a firing does to the world: nothing, reads it, changes it here, or sends something out."""

ERROR = Port(
    name="error",
    annotation=str,
    title="Error",
    help="What went wrong. Link it to handle the failure; unlinked, the run fails.",
)


class Emission(NamedTuple):
    """One value on its way out of a block: the output's name and the value."""

    port: str
    value: Any


class Block(ABC):
    """A kind of work with typed ports; place it in a graph and it is a node.

    Most blocks are functions (see `agentbench.domain.function_block`); subclass
    this where the ports follow from more than a signature. A block keeps no state
    between firings.
    """

    id: str
    """`family.name`: where the block is found, in the palette and in the code."""
    title: str = ""
    help: str = ""
    keywords: tuple[str, ...] = ()
    effects: Effects = "pure"
    carries_code: bool = False
    """Whether its nodes hold programs, which run as the user: without consent they do not."""
    missing: str = ""
    """Why it does not run here: it holds the place of a block of another program."""
    stands_on: tuple[str, ...] = ()
    """The ids of blocks that it has do its work: switched off, they take it along."""
    cost: str = ""
    """What a firing costs, in words, where it costs anything that is known."""
    examples: tuple[Example, ...] = ()
    """What it gives for some inputs; each is carried out by the tests."""
    is_sticky: bool = False
    """Whether links from its outputs are sticky: the value stays for later firings."""
    isolation: Isolation = "thread"
    """`process` for what is heavy, may crash or may hang: it can be ended, whatever it does."""
    limits: Limits = Limits()
    """What a firing may use; holds in a process only."""
    gives_at_once: bool = False
    """Whether all values come together, at the end: then `give` does what `run` does."""
    is_fixed: bool = False
    """Whether ports and `trouble` follow from the block and the constants alone."""
    role: ClassVar[Literal["work", "input", "output", "note"]] = "work"
    """`input` and `output` blocks are the agent's own ports; a `note` never runs."""

    @property
    def family(self) -> str:
        """The part of the id before the last dot; the heading it stands under."""
        return self.id.rpartition(".")[0] or "mine"

    @functools.cached_property
    def version(self) -> str:
        """A hash that changes when what the block does may have changed."""
        return code_version(type(self).run)

    @abstractmethod
    def inputs(self, constants: Mapping[str, Any]) -> tuple[Port, ...]:
        """The input ports of a node with these constants."""

    @abstractmethod
    def outputs(self, constants: Mapping[str, Any]) -> tuple[Port, ...]:
        """The output ports of a node with these constants, `error` not counted."""

    def isolation_of(self, constants: Mapping[str, Any]) -> Isolation:
        """Where a node with these constants runs, unless its option says otherwise."""
        del constants
        return self.isolation

    def leans_on(self, constants: Mapping[str, Any]) -> tuple[str, ...]:
        """The blocks that a node with these constants has do its work, by their ids."""
        del constants
        return self.stands_on

    def trouble(self, constants: Mapping[str, Any]) -> str:
        """Why a node with these constants cannot run, in words; empty when it can."""
        del constants
        return ""

    @abstractmethod
    def run(
        self, inputs: Mapping[str, Any], context: Context
    ) -> AsyncIterator[Emission]:
        """Does the work: one firing. Every value it yields moves on at once.

        `inputs` holds a checked value for every input port. Raise to fail.
        """

    async def give(
        self, inputs: Mapping[str, Any], context: Context
    ) -> Sequence[Emission]:
        """Does the work: one firing, and gives all its values at its end."""
        return [emission async for emission in self.run(inputs, context)]

    def __repr__(self) -> str:
        return f"<block {self.id}>"
