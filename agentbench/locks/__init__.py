"""Who may touch it now: one package or file per backend, named like its URL scheme.

To add one, write `locks/<scheme>.py` with a class that keeps the promises of
`agentbench.domain.lock` and list it here; `tests/conformance/test_lock.py` holds it
to them.
"""

BACKENDS: dict[str, str] = {
    "local": "agentbench.locks.local:LocalLocks",
    "redis": "agentbench.locks.redis:RedisLocks",
    "rediss": "agentbench.locks.redis:RedisLocks",
    "unix": "agentbench.locks.redis:RedisLocks",
}
"""URL scheme to "module:Class"."""
