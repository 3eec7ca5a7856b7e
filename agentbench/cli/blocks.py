"""`agentbench blocks [WORDS]`: lists the blocks, or those that fit; `blocks new NAME` begins one."""

import argparse
import sys
from typing import Any

from agentbench.cli.command import BAD_USAGE, COMPLETED, Command, print_json
from agentbench.domain.block import Block
from agentbench.domain.example import plain
from agentbench.domain.port import MISSING, Port
from agentbench.workbench.api import find_blocks
from agentbench.workbench.block_file import new_block
from agentbench.workbench.listing import block_lines


def _declare(parser: argparse.ArgumentParser) -> None:
    said = (
        "what the block should do; `new NAME` writes a block of your own and its test"
    )
    parser.add_argument("words", nargs="*", help=said)
    parser.add_argument("--json", action="store_true", help="print a JSON list")
    parser.add_argument("--category", default="", help="only of this family")
    parser.add_argument(
        "--takes", default="", metavar="TYPE", help="only with such an input"
    )
    parser.add_argument(
        "--gives", default="", metavar="TYPE", help="only with such an output"
    )


def _do(given: argparse.Namespace) -> int:
    if given.words[:1] == ["new"] and len(given.words) == 2:
        try:
            for place in new_block(given.words[1]):
                print(place)
        except FileExistsError as error:
            print(f"agentbench: {error.filename} is there already.", file=sys.stderr)
            return BAD_USAGE
        return COMPLETED
    try:
        found = find_blocks(
            " ".join(given.words),
            category=given.category,
            takes=given.takes,
            gives=given.gives,
        )
    except ValueError as error:
        print(f"agentbench: {error}", file=sys.stderr)
        return BAD_USAGE
    if given.json:
        print_json([_facts(block) for block in found])
        return COMPLETED
    for block in found:
        print(block_lines(block))
    if not found:
        print("agentbench: no block fits. Fewer words find more.", file=sys.stderr)
    return COMPLETED


def _facts(block: Block) -> dict[str, Any]:
    return {
        "id": block.id,
        "title": block.title,
        "help": block.help,
        "keywords": list(block.keywords),
        "category": block.family,
        "effects": block.effects,
        "cost": block.cost,
        "inputs": _ports(block.inputs({})),
        "outputs": _ports(block.outputs({})),
        "examples": [example.as_json() for example in block.examples],
    }


def _ports(ports: tuple[Port, ...]) -> list[dict[str, Any]]:
    return [
        {
            "name": port.name,
            "title": port.label,
            "help": port.help,
            "type": port.type_name,
            "required": port.is_required,
            "default": None if port.default is MISSING else plain(port.default),
        }
        for port in ports
    ]


BLOCKS = Command(help="list the blocks, or begin one", declare=_declare, do=_do)
