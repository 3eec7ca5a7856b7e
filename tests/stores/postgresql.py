"""A PostgreSQL server of the tests' own: on a socket in a temporary folder, and gone after."""

import contextlib
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).parent.parent.parent
START_SECONDS = 60
OPTIONS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "16MB",
    # Its log reaches the system, not the disk: a killed server loses nothing, and only a
    # power cut would, which ends the tests as well.
    "fsync": "off",
}


class PostgresServer:
    """The server: a database to be had by URL, and faults to be had on purpose."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder = programs, folder
        self._data = folder / "data"
        self._schemas = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        # It refuses to run as root.
        self._user = _nobody() if os.geteuid() == 0 else None
        if self._user is not None:
            os.chown(folder, self._user, -1)
        initdb = [str(programs / "initdb"), "-D", str(self._data), "-U", "tester"]
        self._run([*initdb, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"])

    def url(self, schema: str | None = None) -> str:
        """A place in it where nothing is yet."""
        schema = schema or f"s{os.getpid()}_{next(self._schemas)}"
        host = str(self._folder)
        return f"postgresql://tester:s3cret@/postgres?host={host}&schema={schema}"

    def start(self) -> None:
        """Starts it; returns when it answers."""
        command = [str(self._programs / "postgres"), "-D", str(self._data)]
        for name, value in {
            **OPTIONS,
            "unix_socket_directories": str(self._folder),
        }.items():
            command += ["-c", f"{name}={value}"]
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, user=self._user, cwd=self._folder, stdout=log, stderr=log
            )
        ready = [str(self._programs / "pg_isready"), "-q", "-h", str(self._folder)]
        for _ in range(START_SECONDS * 10):
            if subprocess.run(ready, check=False).returncode == 0:
                return
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(0.1)
                break
        pytest.fail((self._folder / "server.log").read_text(), pytrace=False)

    def stop(self, sign: signal.Signals = signal.SIGINT) -> None:
        """Ends it: at once but in order, or with SIGQUIT as a crash would."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(sign)
            process.wait(START_SECONDS)

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """What an administrator would see."""
        place = f"host={self._folder} user=tester dbname=postgres"
        with psycopg.connect(place, autocommit=True) as connection:
            cursor = connection.execute(query.encode())
            return cursor.fetchall() if cursor.description else []

    def _run(self, command: list[str]) -> None:
        ran = subprocess.run(
            command, user=self._user, cwd=self._folder, capture_output=True, check=False
        )
        if ran.returncode:
            pytest.fail(ran.stderr.decode(), pytrace=False)


@contextlib.contextmanager
def running_server() -> Iterator[PostgresServer]:
    """A server, or the reason to go without; on CI there is none."""
    find = [sys.executable, str(ROOT / "scripts" / "postgresql.py"), "--install"]
    found = subprocess.run(find, capture_output=True, text=True, check=False)
    if found.returncode:
        go_without = pytest.fail if os.environ.get("CI") else pytest.skip
        go_without(found.stderr)
    # A short path, which a socket needs, in a folder that the server's user may enter.
    folder = Path(tempfile.mkdtemp(prefix="agentbench-pg-"))
    server = PostgresServer(Path(found.stdout.splitlines()[-1]), folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _nobody() -> int:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_uid
    return 65534
