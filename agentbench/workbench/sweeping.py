"""Sweeping: what was kept and nothing uses any more is taken away: values, and uploads.

An upload is a path, and paths are written anywhere. So one is taken away only when it is
old, and no run, agent, open graph, agent file or notebook of the workspace names it.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from agentbench.domain.errors import StoreError
from agentbench.domain.store import GRACE_SECONDS

DAY = 86_400.0
ALL = 1_000_000_000
MOST_READ = 50_000_000
"""A larger file of the workspace, or value, is no agent, notebook or input: it is not read."""
_NAMED = re.compile(rb"(?:files[\\/]+|\$upload[\\\"' :]+)([0-9a-f]{20})")
_BLOB = re.compile(rb'"blob":"([0-9a-f]{64})"')
_NOT_THERE = frozenset(("node_modules", "__pycache__", "site-packages"))


@dataclass(frozen=True)
class Cleared:
    """What a sweep took away."""

    values: int
    value_bytes: int
    files: int
    file_bytes: int

    def __str__(self) -> str:
        values = f"{self.values} stored values ({self.value_bytes / 1e6:.1f} MB)"
        return f"{values} and {self.files} uploads ({self.file_bytes / 1e6:.1f} MB)"


def sweep_all(
    bench: Any, *, at_once: bool = False, older: float | None = None
) -> Cleared:
    """Does what `ab.sweep` says, for one workbench."""
    if at_once and (busy := bench.runs(status=["queued", "running"], limit=1)):
        raise StoreError(f"The run {busy[0].id} goes on; wait for it, or stop it.")
    files, file_bytes = sweep_uploads(bench, older=older)
    # What is found unused is put aside first, and gone the second time.
    ages = (0.0, 0.0) if at_once else (GRACE_SECONDS,)
    swept = [bench.store.sweep_blobs(age=age) for age in ages]
    values, value_bytes = sum(it.count for it in swept), sum(it.size for it in swept)
    return Cleared(values, value_bytes, files, file_bytes)


def sweep_uploads(bench: Any, *, older: float | None = None) -> tuple[int, int]:
    """Takes uploads away that nothing names: how many files went, and how many bytes.

    `older` is in days; the setting when none is given, with 0 there they stay for good.
    """
    days = bench.settings.uploads_kept if older is None else older
    if older is None and days == 0:
        return 0, 0
    unused = set(bench.uploads.older_than(days * DAY))
    for text in texts(bench):
        if not unused:
            break
        unused -= {found.decode() for found in _NAMED.findall(text)}
    # Who names one while this goes on has looked at it, which makes it young again.
    removed: tuple[int, int] = bench.uploads.remove(unused, days * DAY)
    return removed


def texts(bench: Any) -> Iterator[bytes]:
    """Everything in which the path of an upload may stand, what is nearest first."""
    store = bench.store
    for graph in bench.agents.open_graphs():
        yield graph.to_json().encode()
    for agent in store.agents():
        for version in store.versions(agent.name):
            if found := store.agent(agent.name, version.number):
                yield found[1].encode()
    yield from chain.from_iterable(
        _of_run(store, it.id) for it in store.runs(limit=ALL)
    )
    yield from _of_folder(bench.settings.workspace or Path.cwd())


def _of_run(store: Any, run: str) -> Iterator[bytes]:
    for record in (run, *(it.id for it in store.runs(under=run, limit=ALL))):
        events = store.events(record)
        text = msgspec.json.encode(events)
        yield text
        for blob in {found.decode() for found in _BLOB.findall(text)}:
            yield _whole(store, blob)
        if graph := getattr(events[0], "graph", "") if events else "":
            try:
                yield store.document(graph).encode()
            except StoreError:
                continue


def _whole(store: Any, blob: str) -> bytes:
    read, parts = 0, []
    try:
        for part in store.read_blob(blob):
            read += len(part)
            if read > MOST_READ:
                break
            parts.append(part)
    except StoreError:
        return b""  # damaged, or gone: it names nothing any more
    return b"".join(parts)


def _of_folder(root: Path) -> Iterable[bytes]:
    for above, folders, names in os.walk(root):
        folders[:] = [it for it in folders if it[0] != "." and it not in _NOT_THERE]
        for name in names:
            if not name.endswith((".agent.json", ".ipynb", ".py")):
                continue
            file = Path(above, name)
            try:
                if file.stat().st_size <= MOST_READ:
                    yield file.read_bytes()
            except OSError:
                continue
