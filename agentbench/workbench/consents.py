"""Consents: the code that this user has agreed to, by hash, in a file of their own.

A line is added and none is changed, so that several kernels can write at once. An entry
is `own` for what was built here (its edits are the user's, too), or `trusted`.
"""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agentbench.domain.consent import code_nodes, consent_hash
from agentbench.domain.drawing import Drawing
from agentbench.domain.errors import AgentbenchError
from agentbench.domain.graph import Graph
from agentbench.domain.inside import agent_inside, names_inside
from agentbench.domain.problem import Problem

FILE = "consents"
DEEPEST = 8


@dataclass(frozen=True)
class CodeSeen:
    """Code that was agreed to: the agent and node that hold it, and what they hold."""

    agent: str
    node: str
    block: str
    code: str


class UserConsents:
    """What this user has agreed to; safe to use from any thread."""

    def __init__(self, home: Path) -> None:
        self._file = home / FILE
        self._writing = threading.Lock()
        self._known: dict[str, str] = {}
        self._read_until = 0

    def allows(self, graph: Drawing) -> bool:
        """Whether the code of a graph may run: it is the user's own, or was agreed to."""
        hash = consent_hash(graph)
        if graph.is_own:
            self._add(hash, "own", graph.name)
            return True
        return hash in self._entries()

    def problems(self, graph: Drawing) -> list[Problem]:
        """The nodes that hold code which nobody here has agreed to; nothing is noted."""
        nodes = [] if graph.is_own else code_nodes(graph)
        if not nodes or consent_hash(graph) in self._entries():
            return []
        said = (
            "holds code or calls a tool, and comes from elsewhere: it waits until you allow it:"
            f" `%agent trust {graph.name}`."
        )
        return [Problem(node=id, message=said, level="warning") for id in nodes]

    def is_own(self, graph: Drawing) -> bool:
        """Whether a graph that was read from a text was built here, as it is."""
        return self._entries().get(consent_hash(graph)) == "own"

    def keep_own(self, graph: Drawing) -> None:
        """Notes that a graph was built here, where it is and holds code."""
        if graph.is_own and code_nodes(graph):
            self._add(consent_hash(graph), "own", graph.name)

    def trust(
        self, graph: Graph, find: Callable[[str, int | None], Graph]
    ) -> list[CodeSeen]:
        """Agrees to the code of a graph and of all agents that it runs, as they are now."""
        seen = []
        for agent in _with_agents(graph, find, {}, 0):
            nodes = code_nodes(agent)
            seen += [_seen(agent, id) for id in nodes]
            if nodes:
                self._add(consent_hash(agent), "trusted", agent.name)
        return seen

    def _entries(self) -> dict[str, str]:
        with self._writing:
            try:
                with self._file.open("rb") as file:
                    file.seek(self._read_until)
                    text = file.read()
            except FileNotFoundError:
                return self._known
            end = text.rfind(b"\n") + 1
            self._read_until += end
            for line in text[:end].decode("utf-8", "replace").splitlines():
                hash, _, rest = line.partition("\t")
                kind = rest.partition("\t")[0]
                if self._known.get(hash) != "own":
                    self._known[hash] = kind
            return self._known

    def _add(self, hash: str, kind: str, name: str) -> None:
        if self._entries().get(hash) in (kind, "own"):
            return
        shown = " ".join(name.split())[:80]
        line = f"{hash}\t{kind}\t{time.time():.0f}\t{shown}\n"
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._writing:
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            handle = os.open(self._file, flags, 0o600)
            try:
                os.write(handle, line.encode("utf-8", "replace"))
            finally:
                os.close(handle)


def _with_agents(
    graph: Graph,
    find: Callable[[str, int | None], Graph],
    seen: dict[str, Graph],
    depth: int,
) -> Iterator[Graph]:
    """The graph, the agents inside it, and those of the library that its nodes run."""
    yield graph
    if depth >= DEEPEST:
        return
    inside = names_inside(graph)
    named = [(name, None) for name in inside]
    for node in graph.nodes.values():
        agent = node.constants.get("agent")
        if isinstance(agent, str) and agent and agent not in inside:
            named.append((agent, _version(node.constants.get("version"))))
    for name, version in named:
        key = f"{name}@{version}"
        if key in seen:
            continue
        try:
            found = agent_inside(graph, name) or find(name, version)
        except AgentbenchError:  # it is not here: nothing of it can run either
            continue
        seen[key] = found
        yield from _with_agents(found, find, seen, depth + 1)


def _version(value: Any) -> Any:
    return value if isinstance(value, int) else None


def _seen(graph: Graph, id: str) -> CodeSeen:
    node, texts = graph.node(id), []
    for port, value in sorted(node.constants.items()):
        if port == "credentials" or value in (None, "", [], {}):
            continue
        if isinstance(value, str):
            texts.append(value)
        else:
            said = json.dumps(value, ensure_ascii=False, default=repr)
            texts.append(f"{port}: {said}")
    # What comes by a link stands nowhere yet, and may be the program itself.
    texts += [
        f"{link.input}: whatever {link.source}.{link.output} gives"
        for link in sorted(graph.links)
        if link.target == id
    ]
    return CodeSeen(graph.name, id, node.block, "\n".join(texts))
