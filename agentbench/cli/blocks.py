"""`agentbench blocks [WORDS]`: lists the blocks, or those that fit."""

import argparse

from agentbench.cli.command import COMPLETED, Command, print_json
from agentbench.domain.port import Port
from agentbench.workbench.api import find_blocks
from agentbench.workbench.listing import block_lines


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="*", help="what the block should do")
    parser.add_argument("--json", action="store_true", help="print a JSON list")


def _do(given: argparse.Namespace) -> int:
    found = find_blocks(" ".join(given.words))
    if given.json:
        listed = [
            {
                "id": block.id,
                "title": block.title,
                "help": block.help,
                "effects": block.effects,
                "inputs": _ports(block.inputs({})),
                "outputs": _ports(block.outputs({})),
            }
            for block in found
        ]
        print_json(listed)
        return COMPLETED
    for block in found:
        print(block_lines(block))
    return COMPLETED


def _ports(ports: tuple[Port, ...]) -> list[dict[str, object]]:
    return [
        {"name": port.name, "type": port.type_name, "required": port.is_required}
        for port in ports
    ]


BLOCKS = Command(help="list the blocks", declare=_declare, do=_do)
