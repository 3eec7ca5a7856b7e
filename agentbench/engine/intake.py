"""The intake of a run: the values that each firing is given."""

from collections.abc import Mapping
from typing import Any

from agentbench.domain.errors import StoreError
from agentbench.domain.value import InlineValue, ValueRef
from agentbench.engine.firing import (
    FiringContext,
    checked,
    emissions,
    gathered,
    own,
)
from agentbench.engine.plan import Ready
from agentbench.engine.site import Site, Sites
from agentbench.engine.surroundings import Surroundings
from agentbench.engine.trail import Past, Trail
from agentbench.engine.values import ValueKeeper

_IMMUTABLE = (int, str, float, bool, type(None))


class Intake:
    """Hands values to firings: from links, constants, defaults and the run's own inputs."""

    def __init__(
        self,
        sites: Sites,
        trail: Trail,
        keeper: ValueKeeper,
        surroundings: Surroundings,
        *,
        live: Mapping[str, Any] | None,
        kept: Mapping[str, ValueRef],
    ) -> None:
        """`live` are the run's inputs while it is new; later they are read from `kept`."""
        self._sites, self._trail, self._keeper = sites, trail, keeper
        self._surroundings = surroundings
        self._live, self._kept = live, kept

    async def linked(self, ready: Ready) -> dict[str, Any]:
        """The values that came over links, by port."""
        trail, given = self._trail, {}
        for port, seq in ready.inputs.items():
            ref = trail.refs[seq]
            # A small plain value is each consumer's own; larger and live ones are shared.
            if type(ref) is InlineValue:
                data = ref.data
                given[port] = data if type(data) in _IMMUTABLE else own(data)
            else:
                given[port] = await trail.value(seq, self._again)
        return given

    async def gathered(self, site: Site, ready: Ready) -> dict[str, Any]:
        """A checked value for every input of the node.

        Raises:
            PortValueError: one is of the wrong type.
            RunError: a required one has no value.
        """
        inputs = gathered(site, await self.linked(ready) if ready.inputs else {})
        if site.block.role == "input" and (name := inputs.get("name")) in self._kept:
            inputs["value"] = self._run_input(str(name))
        return inputs

    async def value(self, seq: int) -> Any:
        """A value of the run, by its number."""
        return await self._trail.value(seq, self._again)

    def context(self, ready: Ready, past: Past) -> FiringContext:
        """What the block is handed, with the answers that it has got so far."""
        return FiringContext(self._surroundings, ready.node, ready.firing, past.answers)

    def _run_input(self, name: str) -> Any:
        if self._live is not None:
            return own(self._live[name])
        return self._keeper.read(self._kept[name])

    async def _again(self, ready: Ready) -> list[Any]:
        """Computes a past firing's values once more: live ones do not outlive a kernel."""
        site = self._sites[ready.node]
        if site.block.effects not in ("pure", "reads"):
            message = (
                f"A live value of {ready.node!r} is gone, and its block"
                " changes the world, so it is not run again."
            )
            raise StoreError(message)
        inputs = await self.gathered(site, ready)
        context = self.context(ready, self._trail.past(ready.node, ready.firing))
        stream = emissions(site, inputs, context)
        return [checked(site, port, value) async for port, value in stream]
