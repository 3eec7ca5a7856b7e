"""The quota: holds one firing to its limits, as far as the system can."""

import contextlib
import math
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def quota(memory: int | None, cpu: float | None) -> Iterator[None]:
    """Limits this process to so much more memory and processor time, while inside."""
    if sys.platform == "win32" or (memory is None and cpu is None):
        yield
        return
    import resource

    before = {
        kind: resource.getrlimit(kind)
        for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU)
    }
    if memory is not None and sys.platform == "linux":
        _lower(resource.RLIMIT_AS, _address_space() + memory)
    if cpu is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _lower(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + cpu))
    try:
        yield
    finally:
        for kind, limits in before.items():
            resource.setrlimit(kind, limits)


def _lower(kind: int, limit: int) -> None:
    """Lowers the soft limit only: the hard one could not be raised again."""
    import resource

    hard = resource.getrlimit(kind)[1]
    room = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(kind, (room, hard))


def _address_space() -> int:
    """Bytes of address space that this process has now."""
    import resource

    with open("/proc/self/statm") as statm:  # noqa: PTH123 - a file of the system
        return int(statm.read().split()[0]) * resource.getpagesize()
