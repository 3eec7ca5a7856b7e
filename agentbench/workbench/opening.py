"""Opening: a run and all it starts from, kept before anything of it is done."""

import secrets
import time
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any, NamedTuple

from agentbench.domain.basis import Basis
from agentbench.domain.document import write_document
from agentbench.domain.drawing import Drawing
from agentbench.domain.event import RunStarted
from agentbench.domain.graph import Graph
from agentbench.domain.memo import Memo
from agentbench.domain.node import has_plain_constants
from agentbench.domain.run import RunOptions, RunStatus
from agentbench.domain.store import RunRecord, document_hash
from agentbench.workbench.parts import Parts


def new_id() -> str:
    """A short id; ids of later runs sort after those of earlier ones."""
    return f"run-{time.time_ns() // 1_000_000:x}-{secrets.token_hex(2)}"


class Opening(NamedTuple):
    """A run that begins: its first event, and when it is kept."""

    first: RunStarted
    kept: "Future[None]"


def opening_of(
    parts: Parts,
    id: str,
    graph: Graph,
    inputs: Mapping[str, Any],
    *,
    options: RunOptions,
    basis: Basis | None,
    fence: int = 0,
    parent: str = "",
    named: Mapping[str, Any] | None = None,
) -> Opening:
    """The first event of a run, on its way into the store with the graph and the inputs."""
    now, document = time.time(), _document_of(graph)
    record = RunRecord(
        id=id,
        agent=graph.name,
        graph=document_hash(document),
        status=RunStatus.QUEUED,
        started=now,
        owner=parts.owner,
        fence=fence,
    )
    first = RunStarted(
        seq=1,
        at=now,
        run=id,
        graph=record.graph,
        inputs={name: parts.keeper.keep_now(value) for name, value in inputs.items()},
        owner=parts.owner,
        fence=fence,
        options=options,
        versions=_versions_of(graph),
        parent=parent,
        basis=basis,
        named=dict(named or {}),
    )
    kept = parts.store.create_run(record, document=document, events=[first])
    return Opening(first, kept)


def _document_of(graph: Graph) -> str:
    return _plain_document_of(graph) or write_document(graph, live=True)


def _plain_document(graph: Drawing) -> str:
    """The document of a graph in which nothing can change in place; else empty."""
    is_plain = all(map(has_plain_constants, graph.nodes.values()))
    return write_document(graph, live=True) if is_plain else ""


_plain_document_of: Memo[str] = Memo(_plain_document)


def _versions(graph: Drawing) -> dict[str, str]:
    """The version of every block of a graph, by the block's id."""
    found: dict[str, str] = {}
    for id, node in graph.nodes.items():
        if node.block not in found and (block := graph.block_of(id)) is not None:
            found[node.block] = block.version
    return found


_versions_of: Memo[dict[str, str]] = Memo(_versions)
