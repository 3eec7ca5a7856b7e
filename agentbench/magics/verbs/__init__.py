"""The verbs of `%agent`: a file is a family. Add a verb to its file and to `VERBS`."""

from agentbench.magics.verb import Parser
from agentbench.magics.verbs import (
    catalogue,
    credentials,
    graphs,
    imports,
    mcp,
    replays,
    runs,
)

VERBS = (
    graphs.new,
    graphs.open_,
    graphs.show,
    graphs.save,
    graphs.list_,
    graphs.versions,
    graphs.code,
    imports.import_,
    imports.export,
    imports.trust_,
    runs.run,
    runs.runs,
    runs.stop,
    runs.resume,
    runs.answer,
    runs.waiting,
    replays.replay,
    replays.case,
    catalogue.blocks,
    catalogue.models_,
    catalogue.renderers,
    mcp.mcp,
    catalogue.doctor,
    catalogue.error,
    credentials.credentials_,
)


def make_parser() -> Parser:
    """The parser of everything after `%agent`."""
    parser = Parser(prog="%agent", description="Builds and runs agents.")
    parsers = parser.add_subparsers(dest="verb", metavar="verb", required=True)
    for verb in VERBS:
        verb.add_to(parsers)
    return parser
