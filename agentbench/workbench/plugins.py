"""The registries, filled from the built-in lists and from other people's packages.

A package adds things by entry points in the groups `agentbench.blocks` and
`agentbench.renderers`, each naming a block or renderer, or a list of them, and
`agentbench.llm`, whose name is a provider's and which names what makes its chat model.
One that cannot be loaded is reported and left out.
"""

import importlib
import importlib.metadata
import logging
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentbench import blocks, formats
from agentbench.domain.block import Block
from agentbench.domain.errors import AgentbenchError
from agentbench.domain.model import ChatModel
from agentbench.domain.registry import BlockRegistry

if TYPE_CHECKING:
    from agentbench.renderers.registry import Renderers

logger = logging.getLogger(__name__)


def _foreign(id: str, registry: BlockRegistry) -> Block | None:
    """The block of another program, by its id here."""
    if id.partition(".")[0] not in formats.BLOCKS:
        return None
    return formats.block_of(
        id, registry, load("agentbench.blocks.foreign.autogpt:AUTOGPT")
    )


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
        return BlockRegistry(fill=lambda: self._all_blocks(tools), unlisted=_foreign)

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
        for entry in self._entries("agentbench.llm"):
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

    def _entries(self, group: str) -> Iterator[importlib.metadata.EntryPoint]:
        """The entry points of installed packages; what lies beside a notebook is none."""
        for entry in importlib.metadata.entry_points(group=group):
            if entry.dist is not None and _lies_here(entry.dist):
                self._report(f"{entry.value} ({group}) lies in the working directory")
            else:
                yield entry

    def _found(self, group: str) -> Iterator[Any]:
        for entry in self._entries(group):
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


def _lies_here(package: importlib.metadata.Distribution) -> bool:
    """Whether a package was found in the working directory, not where packages are installed."""
    place = Path(str(package.locate_file(""))).resolve()
    installed = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
    is_installed = any(place == Path(it).resolve() for it in installed)
    return place == Path.cwd().resolve() and not is_installed
