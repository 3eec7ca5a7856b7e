"""Command: one word after `agentbench`, and the exit codes that all of them share."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

COMPLETED, FAILED, BAD_USAGE, STOPPED = 0, 1, 2, 130
"""What a process ends with: 0 done, 1 the agent failed, 2 bad usage or a bad file,
130 stopped."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """One word after `agentbench`: `do` returns the exit code."""

    help: str
    declare: Callable[[argparse.ArgumentParser], None]
    do: Callable[[argparse.Namespace], int]
