"""Basis: the earlier run that a run builds on, and how."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from agentbench.domain.value import ValueRef


class Basis(msgspec.Struct, frozen=True, kw_only=True):
    """What of an earlier run is taken over.

    Every firing that would do the same again takes its values from `run`. With
    `from_node` that node and all behind it run in any case; with `only` those nodes run,
    and nothing that they do not need. What ended up to event `at` is taken over unseen,
    with the values in `changes` replaced: by `node.output` the latest value there, by
    `#17` that of event 17.
    """

    run: str
    from_node: str = ""
    only: tuple[str, ...] = ()
    at: int = 0
    changes: dict[str, ValueRef] = {}


@dataclass(frozen=True, kw_only=True)
class Reuse:
    """What somebody asks for when a run may build on an earlier one.

    `run` is that run's id, empty for the agent's newest one.
    """

    run: str = ""
    from_node: str = ""
    only: Sequence[str] = ()

    @classmethod
    def asked(
        cls, *, reuse: bool | str, from_node: str, only: Sequence[str] | str
    ) -> "Reuse | None":
        """What the arguments of `graph.run` ask for; None for nothing."""
        if not (reuse or from_node or only):
            return None
        run = reuse if isinstance(reuse, str) else ""
        names = (only,) if isinstance(only, str) and only else tuple(only)
        return cls(run=run, from_node=from_node, only=names)
