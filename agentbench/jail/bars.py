"""Bars: everything that is taken from a process, and what could not be."""

import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Iterator, Sequence

from agentbench.jail import landlock, seccomp

FILES = "your files (needs Landlock: Linux 5.13 and later, switched on)"
CALLS = "other processes (needs seccomp: Linux on x86-64 or ARM 64)"
NETWORK = "the network (needs seccomp, or a namespace of its own)"

_USER, _NET, _IPC, _NAMES = 0x10000000, 0x40000000, 0x08000000, 0x04000000
_NO_NEW_PRIVILEGES, _DEATH_SIGNAL = 38, 1
_CAPABILITIES = 0x20080522
_SYSTEM = (
    *("/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64"),
    *("/usr/share", "/nix/store", "/etc/ld.so.cache", "/etc/localtime"),
    *("/etc/mime.types", "/etc/fonts", "/dev/zero", "/dev/random", "/dev/urandom"),
    *("/proc/cpuinfo", "/proc/meminfo"),
)
"""What programs and libraries read; nothing of anybody's is in it."""
_OF_NETWORK = (
    *("/etc/resolv.conf", "/etc/hosts", "/etc/host.conf", "/etc/nsswitch.conf"),
    *("/etc/gai.conf", "/etc/services", "/etc/protocols", "/etc/ssl", "/etc/pki"),
    "/etc/ca-certificates",
)


def limit(*, memory: int, seconds: int, file: int) -> None:
    """Holds this process to bytes of memory, seconds of processor, bytes of a file."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for name, value in (
        ("RLIMIT_AS", memory),
        ("RLIMIT_CPU", seconds),
        ("RLIMIT_FSIZE", file),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_NOFILE", 256),
        ("RLIMIT_MEMLOCK", 0),
        ("RLIMIT_MSGQUEUE", 0),
    ):
        # macOS refuses the first; what is not limited is found by the time it takes.
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (value, value))


def shut(folders: Sequence[str], *, network: bool) -> list[str]:
    """Takes all that can be taken, for good; gives what this system cannot take.

    The process keeps `folders` to write in, what Python and the system's libraries are
    made of to read, and the network if it may have one.
    """
    if sys.platform != "linux":
        return [FILES, CALLS] if network else [FILES, CALLS, NETWORK]
    is_apart = _move_out(network=network)
    _give_up_rights()
    read = [*_pythons(), *_SYSTEM, *(_OF_NETWORK if network else ())]
    version = landlock.shut(read, [*folders, "/dev/null"], network=network)
    is_filtered = seccomp.shut(network=network, can_truncate=version >= 3)
    missing = [] if version else [FILES]
    if not is_filtered:
        missing.append(CALLS)
        if not network and not is_apart:
            missing.append(NETWORK)
    return missing


def _move_out(*, network: bool) -> bool:
    """Into namespaces of its own, in which there is nobody. Not every account may."""
    kinds = _USER | _IPC | _NAMES | (0 if network else _NET)
    return not ctypes.CDLL(None).unshare(kinds)


def _give_up_rights() -> None:
    """No right of root's, none to be won, and no life after who started it."""
    libc = ctypes.CDLL(None)
    head = (ctypes.c_uint32 * 2)(_CAPABILITIES, 0)
    libc.capset(head, (ctypes.c_uint32 * 6)())
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    # Last: the system forgets it where rights change.
    libc.prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)


def _pythons() -> Iterator[str]:
    for place in {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}:
        for inside in ("lib", "lib64"):
            yield os.path.join(place, inside)  # noqa: PTH118 - no pathlib here
