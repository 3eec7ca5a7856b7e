"""Stores: where runs, values and agents are kept; a file (or folder) is a backend.

To add one, write `stores/<scheme>.py` with a class that takes its URL and keeps the
promises of `agentbench.domain.store`, and list it here; `tests/conformance/test_store.py`
then holds it to them.
"""

BACKENDS: dict[str, str] = {
    "memory": "agentbench.stores.memory:MemoryStore",
    "postgresql": "agentbench.stores.postgresql:PostgresqlStore",
    "sqlite": "agentbench.stores.sqlite:SqliteStore",
}
"""URL scheme to "module:Class"."""
