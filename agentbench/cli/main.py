"""The `agentbench` command."""

import argparse
import contextlib
import importlib
import importlib.metadata
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from agentbench.cli import COMMANDS
from agentbench.cli.command import (
    BAD_USAGE,
    COMPLETED,
    EXIT_CODES,
    FAILED,
    STOPPED,
    WAITS,
    Command,
)
from agentbench.domain.errors import (
    AgentbenchError,
    BackendError,
    NeedsDecision,
    RunError,
    RunFileError,
)


def main(words: Sequence[str] | None = None) -> int:
    """Runs the command line and returns its exit code."""
    # A closed stream is None, and what is printed to None goes to the other one.
    sys.stdout = sys.stdout or Path(os.devnull).open("w")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115
    given = _parser().parse_args(words)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that takes only ASCII
            stream.reconfigure(errors="backslashreplace")
    try:
        code: int = given.command.do(given)
        sys.stdout.flush()
    except NeedsDecision as error:
        print(f"agentbench: {error}", file=sys.stderr)
        return WAITS
    except (AgentbenchError, PermissionError) as error:
        print(f"agentbench: {error}", file=sys.stderr)
        is_outside = isinstance(error, (BackendError, RunError))
        is_bad_file = isinstance(error, RunFileError)
        return FAILED if is_outside and not is_bad_file else BAD_USAGE
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:  # whoever read has read enough
        _write_no_more()
        return COMPLETED
    except OSError as error:
        _write_no_more()
        print(f"agentbench: {error.strerror or error}", file=sys.stderr)
        return FAILED
    return code


def _write_no_more() -> None:
    """Lets go of what was not written: Python would try again as it ends, and complain."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="agentbench",
        description="Runs agents that were built in a notebook.",
        epilog=EXIT_CODES,
    )
    version = importlib.metadata.version("agentbench")
    parser.add_argument("--version", action="version", version=f"agentbench {version}")
    parsers = parser.add_subparsers(metavar="command", required=True)
    for name, place in COMMANDS.items():
        command = _load(place)
        sub = parsers.add_parser(name, help=command.help, description=command.help)
        command.declare(sub)
        sub.set_defaults(command=command)
    return parser


def _load(place: str) -> Command:
    module, _, name = place.partition(":")
    command: Command = getattr(importlib.import_module(module), name)
    return command
