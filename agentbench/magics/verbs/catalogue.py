"""What there is to build with, and whether all is well."""

import argparse

from IPython.core.interactiveshell import InteractiveShell

from agentbench.magics.verb import verb
from agentbench.workbench.api import find_blocks, models, trouble
from agentbench.workbench.doctor import examine
from agentbench.workbench.listing import block_lines, finding_line, model_line
from agentbench.workbench.workbench import workbench


@verb(
    "blocks",
    lambda parser: parser.add_argument("words", nargs="*", help="what it should do"),
)
def blocks(shell: InteractiveShell, given: argparse.Namespace) -> None:
    """Lists the blocks, or those that fit some words, best first."""
    found = find_blocks(" ".join(given.words))
    for block in found:
        print(block_lines(block))  # noqa: T201
    if not found:
        print("No block fits. `%agent blocks` lists all of them.")  # noqa: T201


@verb(
    "models",
    lambda parser: parser.add_argument(
        "--ready", action="store_true", help="only those that can be asked"
    ),
)
def models_(shell: InteractiveShell, given: argparse.Namespace) -> None:
    """Lists the language models, and what is missing for those that cannot be asked.

    A model is named as `provider:model`. AGENTBENCH_MODEL names the one that is asked
    when none is named.
    """
    found = models(ready=given.ready)
    for info in found:
        print(model_line(info))  # noqa: T201
    if not found:
        print("No model is ready. `%agent models` says what is missing.")  # noqa: T201


@verb("renderers")
def renderers(shell: InteractiveShell, given: argparse.Namespace) -> None:
    """Lists the renderers in the order in which they are asked."""
    for renderer in workbench().renderers.listing():
        print(f"{renderer.priority:>5}  {renderer.name:<16} {renderer.shows}")  # noqa: T201


@verb("doctor")
def doctor(shell: InteractiveShell, given: argparse.Namespace) -> None:
    """Says what is installed, which store and locks are in use, and what is wrong."""
    for finding in examine(workbench()):
        print(finding_line(finding))  # noqa: T201


@verb(
    "error",
    lambda parser: parser.add_argument(
        "id", nargs="?", default="", help="as the canvas shows it; else the newest"
    ),
)
def error(shell: InteractiveShell, given: argparse.Namespace) -> None:
    """Says all that is known of an error of the canvas: what, when, and where in the code."""
    print(trouble(given.id))  # noqa: T201
