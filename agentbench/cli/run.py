"""`agentbench run FILE`: runs a saved agent in the terminal."""

import argparse

from agentbench.cli.command import EXIT_CODES, Command
from agentbench.cli.outcome import declare_outcome, follow
from agentbench.workbench.arguments import declare_run, options_of, reuse_of
from agentbench.workbench.inputs import read_inputs
from agentbench.workbench.workbench import workbench


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EXIT_CODES
    parser.add_argument(
        "agent", help="an agent file, or the name of one in the library"
    )
    parser.add_argument(
        "-i",
        "--input",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an input of the agent: text where it takes text, else JSON or text",
    )
    declare_run(parser)
    declare_outcome(parser)


def _do(given: argparse.Namespace) -> int:
    bench = workbench()
    graph = bench.agents.open(given.agent)
    ports = {name: port for name, (_, port) in bench.inputs_of(graph).items()}
    inputs = read_inputs(given.input, ports)
    run = bench.start(graph, inputs, options_of(given), reuse_of(given))
    return follow(run, given)


RUN = Command(help="run a saved agent", declare=_declare, do=_do)
