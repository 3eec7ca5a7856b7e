"""The SQLite store: one file, one writing thread, many readers.

`store.py` is the face. `opening.py` finds, checks or begins the file (`address`,
`presence`, `schema`), `writer.py` commits in groups, `run_log.py` and `library.py`
hold the statements, `blobs.py` the values, `faults.py` the words for what goes wrong.
"""

from agentbench.stores.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
