"""Site: a node of a run with all that its firings need to know, looked up once."""

from collections.abc import Mapping
from typing import Any

from agentbench.domain.block import Block
from agentbench.domain.brought import is_file
from agentbench.domain.drawing import Drawing
from agentbench.domain.errors import ReplayMiss, UnknownBlock, WorkerLost
from agentbench.domain.memo import Memo
from agentbench.domain.node import Node, has_plain_constants
from agentbench.domain.port import Port

LONGEST_WAIT = 60.0
"""Seconds between two attempts, at most."""
FIRST_WAIT = 1.0
CRASHES = 3
"""A firing that takes its kernel or its worker down so many times is not tried again."""


class Site:
    """One node: its block, its ports, and its options with their defaults.

    A run stays with the block it began with, whatever is defined meanwhile.
    """

    __slots__ = (
        "block",
        "brought",
        "cache",
        "exclusive",
        "gives_at_once",
        "has_breakpoint",
        "has_stand_in",
        "inputs",
        "is_bypassed",
        "is_disabled",
        "is_isolated",
        "may_be_held_back",
        "node",
        "on_error",
        "outputs",
        "pinned",
        "retries",
        "retry_wait",
        "timeout",
    )

    def __init__(self, node: Node, block: Block, *, is_own: bool = True) -> None:
        """`is_own` is whether the node comes from here, and not from somebody else's file."""
        self.node, self.block = node, block
        self.inputs: tuple[Port, ...] = block.inputs(node.constants)
        self.outputs: Mapping[str, Port] = {
            port.name: port for port in block.outputs(node.constants)
        }
        constants = node.constants
        self.brought: tuple[Port, ...] = tuple(
            port for port in self.inputs if is_file(port, constants.get(port.name))
        )
        options = node.options
        self.cache: bool | None = options.get("cache")
        self.has_breakpoint: bool = options.get("breakpoint", False)
        self.exclusive: str = options.get("exclusive", "")
        self.is_bypassed: bool = options.get("bypassed", False)
        self.is_disabled: bool = options.get("disabled", False)
        # What comes from elsewhere takes no block out of the process that it needs.
        isolation, needed = options.get("isolation"), block.isolation_of(node.constants)
        is_kept = isolation is None or (needed == "process" and not is_own)
        self.is_isolated: bool = (needed if is_kept else isolation) == "process"
        self.gives_at_once: bool = block.gives_at_once and not self.is_isolated
        self.on_error: str = options.get("on_error", "fail")
        self.pinned: Mapping[str, Any] | None = options.get("pinned")
        self.retries: int = options.get("retries", 0)
        self.retry_wait: float = options.get("retry_wait", FIRST_WAIT)
        self.timeout: float | None = options.get("timeout")
        self.has_stand_in: bool = (
            self.is_disabled or self.is_bypassed or self.pinned is not None
        )
        # Not while it has what others may wait for, nor on its own time.
        self.may_be_held_back: bool = not self.exclusive and self.timeout is None

    def wait_after(self, error: BaseException, *, failed: int) -> float | None:
        """Seconds until the next attempt, after so many that failed; None for no further one.

        What says `retry_after` (seconds), as servers do that are asked too often, is
        believed. A lost worker is tried again unasked, unless the block changes the world.
        """
        most = self.retries
        if isinstance(error, WorkerLost) and self.block.effects in (
            "pure",
            "reads",
        ):
            most = max(most, CRASHES - 1)
        if failed >= most or isinstance(error, ReplayMiss):
            return None
        asked = getattr(error, "retry_after", None)
        if isinstance(asked, (int, float)) and asked >= 0:
            return float(asked)
        return min(LONGEST_WAIT, self.retry_wait * 2.0 ** min(failed, 16))


_shared: Memo[dict[str, Site]] = Memo(lambda _: {})
"""The sites that all runs of a version of a graph have in common."""


class Sites:
    """The sites of a run, each made when its node first fires in any run."""

    def __init__(self, graph: Drawing) -> None:
        self._graph = graph
        self._shared = _shared(graph)
        self._sites: dict[str, Site] = {}

    def __getitem__(self, node: str) -> Site:
        """The site of a node.

        Raises:
            UnknownBlock: nobody knows its block.
        """
        site = self._shared.get(node) or self._sites.get(node)
        if site is None:
            placed, block = self._graph.node(node), self._graph.block_of(node)
            if block is None:
                raise UnknownBlock(placed.block)
            site = Site(placed, block, is_own=self._graph.is_own)
            is_shared = block.is_fixed and has_plain_constants(placed)
            (self._shared if is_shared else self._sites)[node] = site
        return site
