"""Who may touch it now, and how often: one package or file per backend, named like its URL scheme.

To add one, write `locks/<scheme>/` with classes that keep the promises of
`agentbench.domain.lock` and `agentbench.domain.rate`, and list them here;
`tests/conformance/test_lock.py` and `test_rate.py` hold them to those.
"""

BACKENDS: dict[str, str] = {
    "local": "agentbench.locks.local:LocalLocks",
    "redis": "agentbench.locks.redis:RedisLocks",
    "rediss": "agentbench.locks.redis:RedisLocks",
    "sqlite": "agentbench.locks.sqlite:SqliteLocks",
    "unix": "agentbench.locks.redis:RedisLocks",
}
"""URL scheme to "module:Class"."""

RATES: dict[str, str] = {
    "local": "agentbench.locks.local:LocalRates",
    "redis": "agentbench.locks.redis:RedisRates",
    "rediss": "agentbench.locks.redis:RedisRates",
    "sqlite": "agentbench.locks.sqlite:SqliteRates",
    "unix": "agentbench.locks.redis:RedisRates",
}
"""The same for rates: how often it may be touched."""
