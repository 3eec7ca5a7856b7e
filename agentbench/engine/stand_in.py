"""Stand-ins: values that a firing gives without its block being run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agentbench.domain.annotation import fits
from agentbench.domain.event import FiringReused, FiringSkipped
from agentbench.domain.value import ValueRef
from agentbench.engine.firing import checked, own
from agentbench.engine.site import Site


@dataclass(frozen=True, kw_only=True)
class Given:
    """One value on its way out: what it is, and how it is kept if it is kept already.

    `origin` names a live value that was in an earlier run.
    """

    port: str
    value: Any
    ref: ValueRef | None = None
    origin: str = ""


@dataclass(frozen=True, kw_only=True)
class StandIn:
    """What a firing gives in its block's place, and the event that ends it."""

    given: tuple[Given, ...]
    end: type[FiringReused] | type[FiringSkipped]
    facts: Mapping[str, Any]


def pinned(site: Site) -> StandIn:
    """The sample values that somebody pinned to the node.

    Raises:
        PortValueError: one is not what its output gives.
        UnknownPort: the block has no such output.
    """
    values = site.pinned or {}
    given = tuple(
        Given(port=port, value=checked(site, port, own(value)))
        for port, value in values.items()
    )
    facts = {"run": "", "source": 0, "reason": "its values are pinned"}
    return StandIn(given=given, end=FiringReused, facts=facts)


def disabled() -> StandIn:
    """Nothing at all."""
    return StandIn(given=(), end=FiringSkipped, facts={"reason": "it is disabled"})


def bypassed(site: Site, linked: Mapping[str, Any]) -> StandIn:
    """What comes in goes out: each output gives the first linked input that it may be."""
    ports = [port for port in site.inputs if port.name in linked]
    given = []
    for output in site.outputs.values():
        fitting = [p for p in ports if fits(p.annotation, output.annotation)]
        if fitting:
            value = linked[fitting[0].name]
            given.append(Given(port=output.name, value=value))
    facts = {"reason": "it is bypassed"}
    return StandIn(given=tuple(given), end=FiringSkipped, facts=facts)
