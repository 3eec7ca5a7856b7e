"""The SQLite store: one file, one writing thread, many readers.

`store.py` is the face. `opening.py` finds, checks or begins the file (`address`,
`presence`, `places`, `damage`, `backups`, `schema`, `sums`), `transactor.py` writes for
the thread of `stores.base`, `run_log.py` and `library.py` hold the statements, `blobs.py`
and `sweep.py` the values, `faults.py` the words for what goes wrong.
"""

from agentbench.stores.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
