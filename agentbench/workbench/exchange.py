"""What `import agentbench as ab` gives for agents of other programs and of other people."""

from pathlib import Path

from agentbench.domain.graph import Graph
from agentbench.formats.base import Imported
from agentbench.workbench.consents import CodeSeen
from agentbench.workbench.importing import read_foreign, write_foreign
from agentbench.workbench.workbench import workbench


def import_agent(file: str | Path) -> Imported:
    """Takes in an agent that AutoGPT or n8n exported: its `graph`, and what there is to say.

    Nothing of it is carried out, and nothing is saved.

    Raises:
        DocumentError: there is no such file, or it is no JSON.
        FormatRefused: it is in no format that is known.
    """
    bench = workbench()
    found = read_foreign(file, bench.blocks)
    bench.agents.take_in(found.graph)
    return found


def export_agent(graph: Graph, format: str = "AutoGPT") -> str:
    """The text of the file that AutoGPT takes.

    Raises:
        FormatRefused: there is no such format, or it has no such block.
    """
    return write_foreign(graph, format)


def trust(agent: Graph | str | Path) -> list[CodeSeen]:
    """Allows the code in an agent that comes from elsewhere, and in those that it runs.

    What is allowed is returned. It holds for the agent as it is now, and for this user.

    Raises:
        UnknownAgent: there is none of that name.
    """
    bench = workbench()
    graph = agent if isinstance(agent, Graph) else bench.agents.open(agent)
    return bench.consents.trust(graph, bench.find_agent)
