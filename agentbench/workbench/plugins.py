"""The registries, filled from the built-in lists and from other people's packages.

A package adds things by entry points in the groups `agentbench.blocks` and
`agentbench.renderers`, each naming a block or renderer, or a list of them, and
`agentbench.llm`, whose name is a provider's and which names what makes its chat model.
One that cannot be loaded is reported and left out.
"""

import importlib
import importlib.metadata
import logging
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from agentbench import blocks
from agentbench.domain.block import Block
from agentbench.domain.errors import AgentbenchError
from agentbench.domain.model import ChatModel
from agentbench.domain.registry import BlockRegistry

if TYPE_CHECKING:
    from agentbench.renderers.registry import Renderers

logger = logging.getLogger(__name__)


def load(place: str) -> Any:
    """What `module:name` names."""
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)


class Plugins:
    """Loads other people's things, and remembers what could not be loaded."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def blocks(self, tools: Callable[[], Iterable[Block]] = tuple) -> BlockRegistry:
        """The registry of blocks, those of `tools` last; filled when somebody first looks."""
        return BlockRegistry(fill=lambda: self._all_blocks(tools))

    def renderers(self) -> "Renderers":
        """The registry of renderers, the built-in ones first."""
        from agentbench import renderers
        from agentbench.renderers.registry import Renderers

        registry = Renderers(renderer() for renderer in renderers.BUILTIN_RENDERERS)
        for renderer in self._found("agentbench.renderers"):
            self._guarded(renderer, registry.register)
        return registry

    def models(self) -> dict[str, ChatModel]:
        """Chat models that packages add, by the name of their provider (the entry point's)."""
        found: dict[str, ChatModel] = {}
        for entry in importlib.metadata.entry_points(group="agentbench.llm"):
            try:
                found[entry.name] = entry.load()()
            except Exception as error:  # noqa: BLE001 - a plug-in may raise anything
                self._report(f"{entry.value} (agentbench.llm): {error}")
        return found

    def _all_blocks(self, tools: Callable[[], Iterable[Block]]) -> Iterator[Block]:
        yield from blocks.load()
        for block in self._found("agentbench.blocks"):
            if isinstance(block, Block):
                yield block
            else:
                self._report(f"{block!r} is no block")
        try:
            yield from tools()
        except AgentbenchError as error:  # the file of the MCP servers is damaged
            self._report(str(error))

    def _found(self, group: str) -> Iterator[Any]:
        for entry in importlib.metadata.entry_points(group=group):
            try:
                thing = entry.load()
            except Exception as error:  # noqa: BLE001 - a plug-in may raise anything
                self._report(f"{entry.value} ({group}): {error}")
                continue
            yield from thing if isinstance(thing, Iterable) else [thing]

    def _guarded(self, thing: Any, register: Any) -> None:
        try:
            register(thing)
        except Exception as error:  # noqa: BLE001 - a plug-in may be anything
            self._report(f"{thing!r}: {error}")

    def _report(self, fault: str) -> None:
        self.faults.append(fault)
        logger.warning("A plug-in was left out: %s", fault)
