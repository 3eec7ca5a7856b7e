"""What blocks know of an agent that they call: its inputs and outputs, as ports."""

from dataclasses import replace
from typing import Any

from agentbench.domain.bench import current_bench
from agentbench.domain.errors import AgentbenchError
from agentbench.domain.function_block import Constants
from agentbench.domain.port import Port

_OWN = ("agent", "version", "context")
"""What a block that calls one has as ports of its own."""


def agent_of(constants: Constants) -> Any:
    """The graph of the agent that constants name.

    Raises:
        UnknownAgent: there is none.
    """
    version = constants.get("version")
    return current_bench().find_agent(str(constants["agent"]), version)


def _ends(constants: Constants, role: str) -> list[Port]:
    """The agent's own inputs or outputs, as ports; none while it cannot be had."""
    if not constants.get("agent"):
        return []
    try:
        graph = agent_of(constants)
    except (AgentbenchError, RuntimeError):  # or there is no workbench to ask
        return []
    ports = []
    for id, node in sorted(graph.nodes.items()):
        inner = graph.block_of(id)
        if inner is None or inner.role != role:
            continue
        [port] = inner.outputs(node.constants)[:1]
        said = str(node.constants.get("description") or "")
        port = replace(port, name=str(node.constants.get("name") or id), help=said)
        default = node.constants.get("default")
        if role == "input" and default is not None:
            port = replace(port, default=default)
        ports.append(port)
    return ports


def inputs_of(constants: Constants) -> list[Port]:
    """The inputs of the agent that these constants name; none while it cannot be had."""
    return [port for port in _ends(constants, "input") if port.name not in _OWN]


def outputs_of(constants: Constants) -> list[Port]:
    """The outputs of the agent that these constants name; none while it cannot be had."""
    return _ends(constants, "output")
