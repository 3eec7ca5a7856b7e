"""Keeps every test away from the files and servers of whoever runs them."""

import faulthandler
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.stores.postgresql import PostgresServer

ELSEWHERE = (
    "AGENTBENCH_DURABILITY",
    "AGENTBENCH_QUOTA",
    "AGENTBENCH_REDIS_URL",
    "AGENTBENCH_STORE_URL",
)
ENDS = 120
"""Seconds after the last test in which the process has to end by itself."""
HOME = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Gives the session a home of its own; short, for a socket's path may not be long."""
    home = config.stash[HOME] = Path(tempfile.mkdtemp(prefix="agentbench-"))
    os.environ["AGENTBENCH_HOME"] = str(home / "agentbench")
    os.environ["IPYTHONDIR"] = str(home / "ipython")
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    for name in ELSEWHERE:
        os.environ.pop(name, None)
    if (
        signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    ):  # as in the background of a shell
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Removes that home again, and has a process that does not end say where it hangs.

    Not one of several that share the tests: it waits for the others, and ends with them.
    """
    if sys.__stderr__ is not None and not hasattr(config, "workerinput"):
        faulthandler.dump_traceback_later(ENDS, exit=True, file=sys.__stderr__)
    shutil.rmtree(config.stash[HOME], ignore_errors=True)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Names bytes by their number: packed ones hold the second in which they were made.

    Processes that share the tests have to know them all by the same names.
    """
    return f"{len(val)}-bytes" if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def postgresql() -> "Iterator[PostgresServer]":
    """A PostgreSQL server, started when a test first asks for it."""
    from tests.stores.postgresql import running_server

    with running_server() as server:
        yield server


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder with room for 8 MB; only root can have one."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m,mode=700", "none", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode:
        pytest.skip("a disk of its own can be mounted by root only")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
