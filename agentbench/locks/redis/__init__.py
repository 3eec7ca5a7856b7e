"""Locks and rates on a Redis-protocol server: shared by every kernel that reaches it.

Read `scripts.py` first: the lock is there, in three scripts that the server runs
whole. `locks.py` is the public face. Three threads stand behind it, each with a
connection of its own, so that no event loop of a user is needed to keep a promise:
`calls.py` asks, `pushes.py` hears whose turn it is, `renewals.py` keeps leases alive.
"""

from agentbench.locks.redis.locks import RedisLocks
from agentbench.locks.redis.rates import RedisRates

__all__ = ["RedisLocks", "RedisRates"]
