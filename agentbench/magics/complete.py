"""Tab completion after `%agent`: verbs, agents, runs, inputs and blocks."""

from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from agentbench.domain.errors import AgentbenchError
from agentbench.domain.graph import Graph
from agentbench.domain.replay import ReplayMode
from agentbench.magics.verbs import VERBS
from agentbench.workbench.credential_line import ACTIONS as CREDENTIAL_ACTIONS
from agentbench.workbench.mcp_line import MCP_WORDS
from agentbench.workbench.waits import waits_of
from agentbench.workbench.workbench import workbench

RUN_WORDS = ("show", "timeline", "diff", "share", "export", "import")
"""What is done with a run; all but the last take the id of one."""
_AGENT_VERBS = ("open", "show", "save", "run", "versions", "code")


def complete_agent(shell: InteractiveShell, event: Any) -> list[str]:
    """The words that may stand where the cursor is."""
    words = event.line.split()
    before = words if event.line.endswith(" ") else words[:-1]
    if len(before) <= 1:
        return [verb.name for verb in VERBS]
    try:
        return _after(shell, before[1], before[2:])
    except (AgentbenchError, OSError):
        return []


def _after(shell: InteractiveShell, verb: str, given: list[str]) -> list[str]:
    bench = workbench()
    if verb == "answer" and len(given) == 1:
        return sorted({wait.node for wait in waits_of(bench.run(given[0]))})
    if verb == "runs" and not given:
        return list(RUN_WORDS)
    is_of_a_run = verb == "runs" and given[0] in RUN_WORDS[:-1]
    if verb in ("stop", "resume", "answer") or is_of_a_run:
        return [record.id for record in bench.runs(limit=20)]
    if verb == "credentials":
        named = [entry.name for entry in bench.credentials.entries()]
        return named if given else list(CREDENTIAL_ACTIONS)
    if verb == "mcp":
        return MCP_WORDS if not given else [view.name for view in bench.mcp.list()]
    if verb == "replay":
        return ["on", "off", *ReplayMode, "prune"]
    if verb == "blocks":
        return bench.blocks.names()
    if verb not in _AGENT_VERBS:
        return []
    if verb == "run" and given:
        graph = bench.agents.open_here(given[0]) or shell.user_ns.get(given[0])
        return (
            [f"{name}=" for name in bench.inputs_of(graph)]
            if isinstance(graph, Graph)
            else []
        )
    named = [repr(a.name) if " " in a.name else a.name for a in bench.store.agents()]
    here = [name for name, value in shell.user_ns.items() if isinstance(value, Graph)]
    return [*named, *(name for name in here if not name.startswith("_"))]
