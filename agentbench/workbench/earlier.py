"""How a graph was before: its versions, the file and its commits, the steps done here."""

from dataclasses import dataclass
from typing import Literal

from agentbench.domain.errors import AgentbenchError, EditRefused
from agentbench.domain.graph import Graph
from agentbench.workbench import git
from agentbench.workbench.agents import Agents, hash_of

STEPS = 30
"""How many steps are listed, the newest of those that could be undone."""


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """One state to which a graph can be held up; `at` is when, or 0 if nobody knows."""

    key: str
    """By which `as_it_was` finds it."""
    kind: Literal["version", "file", "commit", "step"]
    name: str
    """Of a step: what was done then; the state is the one before it."""
    note: str = ""
    at: float = 0.0
    is_open: bool = False
    """Whether the graph started from it, or was last saved as it."""


def earlier(agents: Agents, graph: Graph) -> list[Earlier]:
    """What is saved of a graph, the newest first; then the steps, the newest first."""
    found = [
        Earlier(
            key=f"version:{it.number}",
            kind="version",
            name=f"Version {it.number}",
            at=it.saved,
            is_open=it.hash == graph.saved.hash,
        )
        for it in agents.versions(graph)
    ]
    return [*found, *_of_file(agents, graph), *_steps(graph)]


def _of_file(agents: Agents, graph: Graph) -> list[Earlier]:
    if graph.file is None:
        return []
    found = []
    try:
        at = graph.file.stat().st_mtime
        _, hash = agents.kept(graph)
    except (OSError, AgentbenchError):
        pass  # it is gone or damaged; git may have it still
    else:
        found.append(
            Earlier(
                key="file",
                kind="file",
                name="The file",
                note=graph.file.name,
                at=at,
                is_open=hash == graph.saved.hash,
            )
        )
    return found + [
        Earlier(
            key=f"commit:{it.hash}",
            kind="commit",
            name=it.hash[:7],
            note=it.subject,
            at=it.at,
        )
        for it in git.commits(graph.file)
    ]


def _steps(graph: Graph) -> list[Earlier]:
    past = graph.snapshot().history.past
    listed = list(enumerate(past))[-STEPS:]
    return [
        Earlier(key=f"step:{number}", kind="step", name=step.title)
        for number, step in reversed(listed)
    ]


def as_it_was(agents: Agents, graph: Graph, key: str = "") -> tuple[Graph, str]:
    """A graph as it was then, and the hash of what is saved; nothing is opened.

    With no key it is what is saved now where the graph is kept.

    Raises:
        UnknownAgent: it was never saved, or there is no such version.
        DocumentError: the file is gone, or no agent file; or it was none then.
        EditRefused: there is no such state any more.
    """
    kind, _, name = key.partition(":")
    match kind:
        case "" | "file":
            return agents.kept(graph)
        case "version" if name.isdecimal():
            return agents.kept(graph, int(name))
        case "commit" if graph.file is not None:
            for commit in git.commits(graph.file):
                if commit.hash == name:
                    text = git.text_at(graph.file, commit)
                    where = f"{commit.path} in commit {commit.hash[:7]}"
                    then = Graph.from_json(text, where=where, blocks=graph.blocks)
                    return then, hash_of(text)
        case "step" if name.isdecimal():
            then = graph.snapshot()
            if int(name) < len(then.history.past):
                while len(then.history.past) > int(name):
                    then.undo()
                return then, ""
    raise EditRefused("This state is not there any more; open the list again.")
