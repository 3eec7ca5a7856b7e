"""Agents of other programs, and of other people."""

import argparse

from IPython.core.interactiveshell import InteractiveShell

from agentbench.domain.graph import Graph
from agentbench.magics.find import find_graph, remember
from agentbench.magics.verb import verb
from agentbench.workbench.exchange import import_agent, trust
from agentbench.workbench.importing import report_lines, write_file, write_foreign
from agentbench.workbench.listing import code_lines
from agentbench.workbench.workbench import workbench


@verb(
    "import",
    lambda parser: parser.add_argument("file", help="what AutoGPT or n8n exported"),
)
def import_(shell: InteractiveShell, given: argparse.Namespace) -> Graph:
    """Shows an agent of AutoGPT or n8n on the canvas, and says what differs here.

    Nothing of it is carried out. It is kept when you save it.
    """
    found = import_agent(given.file)
    print(report_lines(found))  # noqa: T201
    return remember(found.graph)


def _export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", help="an agent, a file or a variable")
    parser.add_argument("--out", metavar="FILE", help="the file; else it is printed")
    parser.add_argument("--format", default="AutoGPT", help="AutoGPT (the default)")


@verb("export", _export)
def export(shell: InteractiveShell, given: argparse.Namespace) -> None:
    """Writes an imported agent as a file of AutoGPT's."""
    graph = find_graph(shell, workbench(), given.name)
    text = write_foreign(graph, given.format)
    if given.out:
        write_file(given.out, text)
        print(f"Written to {given.out}.")  # noqa: T201
    else:
        print(text, end="")  # noqa: T201


@verb(
    "trust",
    lambda parser: parser.add_argument("name", nargs="?", help="an agent or a file"),
)
def trust_(shell: InteractiveShell, given: argparse.Namespace) -> None:
    """Allows the code in an agent that comes from elsewhere, as it is now.

    It runs as you: read what is shown. After any change it is refused again.
    """
    graph = find_graph(shell, workbench(), given.name)
    print(code_lines(trust(graph)))  # noqa: T201
    editor = getattr(graph, "_editor", None)
    if editor is not None:
        editor.refresh()
