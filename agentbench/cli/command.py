"""Command: one word after `agentbench`, and the exit codes that all of them share."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

COMPLETED, FAILED, BAD_USAGE, WAITS, STOPPED = 0, 1, 2, 3, 130
"""What a process ends with: 0 done, 1 the agent (or what we stand on) failed, 2 bad
usage or a bad file, 3 the run waits for somebody, 130 stopped."""
EXIT_CODES = (
    "Exit codes: 0 completed, 1 failed, 2 bad usage or bad file, 3 the run waits for an"
    " answer or a decision, 130 stopped."
)


@dataclass(frozen=True, kw_only=True)
class Command:
    """One word after `agentbench`: `do` returns the exit code."""

    help: str
    declare: Callable[[argparse.ArgumentParser], None]
    do: Callable[[argparse.Namespace], int]


def print_json(value: Any) -> None:
    """Prints a value as JSON that every reader takes.

    Where the stream is no UTF-8, what it cannot hold is escaped as JSON has it: Python's
    own way to escape is no JSON.
    """
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    is_wide = encoding.replace("-", "").replace("_", "").startswith("utf")
    print(json.dumps(value, ensure_ascii=not is_wide, indent=2))
