"""agentbench: build and run AI agents inside Jupyter.

`%load_ext agentbench` gives the magics and the canvas; everything they do is here as
functions too. Nothing heavy is imported before it is used.
"""

import importlib
from typing import Any

from agentbench.planted import keep_out

keep_out()

_HOMES = {
    "AgentbenchError": "domain.errors",
    "Block": "domain.block",
    "Chart": "domain.port",
    "Code": "domain.port",
    "Context": "domain.context",
    "CredentialName": "domain.credential",
    "Example": "domain.example",
    "Graph": "domain.graph",
    "Image": "domain.port",
    "Like": "domain.example",
    "Limits": "domain.limits",
    "LongText": "domain.port",
    "Run": "workbench.run",
    "RunOptions": "domain.run",
    "RunStatus": "domain.run",
    "Scripted": "llm.scripted",
    "Table": "domain.port",
    "Workbench": "workbench.workbench",
    "agents": "workbench.api",
    "allow_host": "workbench.api",
    "answer": "workbench.api",
    "block": "workbench.api",
    "check": "workbench.api",
    "check_examples": "workbench.example_check",
    "collapse": "workbench.api",
    "credentials": "workbench.credentials",
    "delete_runs": "workbench.clearing",
    "editor": "widgets.canvas",
    "expand": "workbench.api",
    "export_agent": "workbench.exchange",
    "find_blocks": "workbench.api",
    "form": "widgets.agent_form",
    "import_agent": "workbench.exchange",
    "import_run": "workbench.api",
    "inspector": "widgets.inspector",
    "lock": "workbench.api",
    "mcp": "workbench.api",
    "model_provider": "workbench.api",
    "models": "workbench.api",
    "new": "workbench.api",
    "new_block": "workbench.block_file",
    "open": "workbench.api",
    "renderer": "workbench.api",
    "show": "widgets.inspector",
    "set_replay": "workbench.api",
    "resume": "workbench.api",
    "run": "workbench.api",
    "runs": "workbench.api",
    "save_case": "workbench.api",
    "sweep": "workbench.clearing",
    "trouble": "workbench.api",
    "trust": "workbench.exchange",
    "usage": "workbench.api",
    "versions": "workbench.api",
    "waiting": "workbench.api",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605 - one list, of names and homes


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("agentbench")
    if name not in _HOMES:
        message = f"module 'agentbench' has no attribute {name!r}"
        raise AttributeError(message)
    importlib.import_module("agentbench.workbench.workbench").workbench()
    module = importlib.import_module(f"agentbench.{_HOMES[name]}")
    found = getattr(module, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def load_ipython_extension(shell: Any) -> None:
    """Called by `%load_ext agentbench`: gives the shell the magics and the canvas."""
    from agentbench.magics.extension import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Called by `%unload_ext agentbench`: takes them back."""
    from agentbench.magics.extension import unload

    unload(shell)
