"""The intake of a run: the values that each firing is given."""

import asyncio
from collections.abc import Mapping
from typing import Any

from agentbench.domain.errors import StoreError
from agentbench.domain.port import Port
from agentbench.domain.value import InlineValue, ValueRef
from agentbench.engine.firing import (
    FiringContext,
    checked,
    emissions,
    gathered,
    own,
)
from agentbench.engine.gate import Gate
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
        gate: Gate,
        live: Mapping[str, Any] | None,
        kept: Mapping[str, ValueRef],
    ) -> None:
        """`live` are the run's inputs while it is new; later they are read from `kept`."""
        self._sites, self._trail, self._keeper = sites, trail, keeper
        self._surroundings, self._gate = surroundings, gate
        self._live, self._kept = live, kept
        self._read: dict[tuple[str, str], asyncio.Future[Any]] = {}

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
        """A checked value for every input of the node, once it may fire at all.

        Raises:
            BlockOff: its block is switched off here.
            CodeNotTrusted: nobody has agreed to the code that it would run.
            InputError: a constant names a file that cannot be read.
            PortValueError: one is of the wrong type.
            RunError: a required one has no value.
        """
        if self._gate.watches(site):
            await self._gate.admit(site)
        given = await self.linked(ready) if ready.inputs else {}
        for port in site.brought:
            if port.name not in given:
                given[port.name] = await self.brought(site, port)
        return self._whole(site, given)

    async def brought(self, site: Site, port: Port) -> Any:
        """What a constant names, read once in a run: all firings see the same.

        Raises:
            InputError: it cannot be read.
        """
        key, gear = (site.node.id, port.name), self._surroundings.gear
        if key not in self._read:
            named = site.node.constants[port.name]
            reading = gear.loop.in_thread(gear.bringing.read, port, named)
            self._read[key] = asyncio.ensure_future(reading)
        try:  # a firing that is stopped leaves the reading to the others
            return await asyncio.shield(self._read[key])
        except Exception:
            self._read.pop(key, None)  # for another attempt
            raise

    def at_hand(self, site: Site, ready: Ready) -> dict[str, Any] | None:
        """The same where nothing has to be waited for; None where something has."""
        if site.brought or self._gate.watches(site):
            return None
        refs, given = self._trail.refs, {}
        for port, seq in ready.inputs.items():
            ref = refs[seq]
            if type(ref) is not InlineValue:
                return None
            data = ref.data
            given[port] = data if type(data) in _IMMUTABLE else own(data)
        return self._whole(site, given)

    def _whole(self, site: Site, linked: Mapping[str, Any]) -> dict[str, Any]:
        inputs = gathered(site, linked)
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
