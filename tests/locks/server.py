"""A server of a test's own, which it may kill, stop, and start again as it likes."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from agentbench.embedded.valkey import server_binaries


class Server:
    """A Redis-protocol server on a unix socket in a folder; `keeps` its data on disk or not."""

    def __init__(
        self,
        folder: Path,
        *,
        keeps: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.url = f"unix://{folder}/s"
        self._folder = folder
        self._options = ["--appendonly", "yes" if keeps else "no", "--save", ""]
        self._options += ["--appendfsync", "always"] if keeps else []
        self._environment = {**os.environ, **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    def start(self) -> None:
        """Starts it, and returns when it answers."""
        place = ["--port", "0", "--unixsocket", f"{self._folder}/s"]
        place += ["--dir", str(self._folder), "--logfile", f"{self._folder}/log"]
        command = [str(server_binaries()[0]), *place, *self._options]
        self._process = subprocess.Popen(command, env=self._environment)
        end = time.monotonic() + 60
        while not self._answers():
            assert self._process.poll() is None, "the server ended at once"
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.02)

    def kill(self) -> None:
        """Ends it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            (self._folder / "s").unlink(missing_ok=True)

    def freeze(self) -> None:
        """Stops it in the middle of whatever it does."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Lets it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def admin(self) -> Any:
        """A client that looks at it from the side; to be closed."""
        import redis

        return redis.Redis.from_url(self.url, decode_responses=True)

    def _answers(self) -> bool:
        import redis

        try:
            with self.admin() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
