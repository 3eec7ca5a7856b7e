"""Where the tests keep stores, by their scheme."""

import importlib
from pathlib import Path

import pytest

from agentbench.domain.store import Store
from agentbench.stores import BACKENDS


def place(request: pytest.FixtureRequest, scheme: str) -> str:
    """A URL of that scheme where nothing is yet."""
    match scheme:
        case "postgresql":
            url: str = request.getfixturevalue("postgresql").url()
            return url
        case "sqlite":
            folder: Path = request.getfixturevalue("tmp_path")
            return f"sqlite:///{folder}/kept/agentbench.db"
        case _:
            return f"{scheme}:"


def make_store(url: str, **options: object) -> Store:
    """The store of that URL."""
    module, _, name = BACKENDS[url.partition(":")[0]].partition(":")
    store: Store = getattr(importlib.import_module(module), name)(url, **options)
    return store
