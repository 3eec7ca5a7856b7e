"""Locks and rates in a SQLite file: shared by the kernels of one machine, without a server.

Read `tables.py` first: what is kept, and every statement on it, each run in a
transaction that lets nobody else write. `desk.py` is the one thread and connection
that carries them out; it looks at the file every few milliseconds while somebody here
waits, which costs a read of shared memory. `locks.py` and `rates.py` are the faces.
"""

from agentbench.locks.sqlite.locks import SqliteLocks
from agentbench.locks.sqlite.rates import SqliteRates

__all__ = ["SqliteLocks", "SqliteRates"]
