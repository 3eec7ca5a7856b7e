"""A block that runs a command of the system; it is off until somebody switches it on."""

import os
import shlex
from typing import Annotated, Any

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.program import ran
from agentbench.domain.context import Context
from agentbench.domain.port import Code

SWITCH = "AGENTBENCH_ALLOW_SHELL"


class ShellIsOff(PermissionError):
    """Commands of the system are switched off."""


class CommandFailed(RuntimeError):
    """A command ended with an error, or was ended."""


@block(
    id="shell.run",
    title="Run command",
    keywords=(
        "terminal",
        "bash",
        "command line",
        "execute",
        "process",
        "system",
        "cli",
    ),
    effects="sends",
    carries_code=True,
    outputs={
        "stdout": Annotated[str, about("What it printed.")],
        "stderr": Annotated[str, about("What it complained of.")],
        "code": Annotated[int, about("What it ended with; 0 is well.")],
    },
    examples=[example({"command": "echo hello"}, stdout="hello\n", code=0)],
)
async def run(
    command: Annotated[Code, about("A program and its arguments, in quotes where they have spaces.")],
    given: Annotated[str, about("What it reads from its input.")] = "",
    *,
    timeout: Annotated[float, pydantic.Field(gt=0, le=86_400), about("Seconds that it may take.")] = 60,
    accept_any_code: Annotated[bool, about("Go on with whatever code, instead of failing.")] = False,
    context: Context,
) -> dict[str, Any]:  # fmt: skip
    """Runs a program of this machine in the workspace, as you.

    No shell reads the command, so `;`, `|` and `$` are letters like any other. It is off
    until AGENTBENCH_ALLOW_SHELL=1 is set where the kernel was started.
    """
    if os.environ.get(SWITCH, "").strip().lower() not in ("1", "true", "yes", "on"):
        raise ShellIsOff(
            f"Commands of the system are off. If you want them, start with {SWITCH}=1."
        )
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise ValueError(f"'command' cannot be read: {error}.") from error
    if not words:
        raise ValueError("'command' is empty.")
    ended = await ran(words, context.workspace, timeout=timeout, given=given)
    if ended.is_late:
        raise CommandFailed(f"{words[0]!r:.60} was ended after {timeout:g} s.")
    if ended.code and not accept_any_code:
        tail = "\n".join(ended.err.strip().splitlines()[-8:])
        raise CommandFailed(
            f"{words[0]!r:.60} ended with code {ended.code}.\n{tail}".strip()
        )
    return {"stdout": ended.out, "stderr": ended.err, "code": ended.code}
