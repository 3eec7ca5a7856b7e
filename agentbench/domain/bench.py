"""Bench: what graphs and runs ask the workbench for, since the words know no parts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

from agentbench.domain.arrival import arrived
from agentbench.domain.basis import Reuse
from agentbench.domain.registry import BlockRegistry
from agentbench.domain.run import RunOptions, RunView

G_contra = TypeVar(
    "G_contra", contravariant=True
)  # a graph: its module imports this one


class Bench(Protocol[G_contra]):
    """The workbench, as seen from a graph."""

    blocks: BlockRegistry

    def start(
        self,
        graph: G_contra,
        inputs: Mapping[str, Any],
        options: RunOptions,
        reuse: Reuse | None = None,
    ) -> RunView:
        """Starts a run in the background and returns it at once."""
        ...

    def find_agent(self, name: str, version: int | None = None) -> Any:
        """The graph of an agent: open here, of the library, or a file."""
        ...

    def model_names(self) -> list[str]:
        """Names of chat models to choose from, those that can be asked first."""
        ...

    def save(self, graph: G_contra, file: str | Path | None, *, force: bool) -> str:
        """Saves a graph and says in words where."""
        ...

    def form(self, graph: G_contra) -> Any:
        """The widget that asks for a graph's inputs, runs it, and shows what comes out."""
        ...

    def bundle(self, thing: Any) -> dict[str, Any]:
        """The MIME bundle by which a graph or a run shows itself without a widget."""
        ...


_current: list[Bench[Any]] = []


def set_bench(bench: Bench[Any]) -> None:
    """Makes `bench` the one that graphs and runs of this process ask."""
    _current[:] = [bench]
    arrived(bench)


def current_bench() -> Bench[Any]:
    """The bench of this process."""
    if not _current:
        message = "No workbench is set up: `import agentbench` (not only a part of it)."
        raise RuntimeError(message)
    return _current[0]
