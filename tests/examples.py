"""How many random examples a test looks at: few in a normal run, many in a soak.

A normal run looks at the same examples every time. `AGENTBENCH_SOAK=1` takes a new seed
and prints it; `AGENTBENCH_SEED=n` repeats that one.
"""

import os
import random
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, seed, settings

IS_SOAK = os.environ.get("AGENTBENCH_SOAK", "") not in ("", "0")
SEED = int(
    os.environ.get("AGENTBENCH_SEED") or (random.getrandbits(32) if IS_SOAK else 1)
)
"""Every random choice of the suite follows from it."""


def looks(normal: int, *, soak: int) -> settings:
    """Settings of hypothesis for so many examples in a normal run, and in a soak."""
    return settings(
        max_examples=soak if IS_SOAK else normal,
        database=None,
        deadline=None,
        print_blob=True,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )


def examples(normal: int, *, soak: int) -> Callable[[Any], Any]:
    """Has a property looked at `normal` times, or `soak` times in a soak."""

    def decorate(test: Any) -> Any:
        return seed(SEED)(looks(normal, soak=soak)(test))

    return decorate


def rounds(normal: int, *, soak: int) -> int:
    """How often a test without hypothesis does its thing."""
    return soak if IS_SOAK else normal
