"""One private server for all kernels of a directory, and none when they are gone."""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from agentbench.domain.errors import BackendError, ServerUnavailable
from agentbench.embedded.valkey import ValkeyServer, server_binaries

ROOT = Path(__file__).parent.parent.parent
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
KERNEL = """
import sys, time
from pathlib import Path
from agentbench.embedded.valkey import ValkeyServer
print(ValkeyServer(Path(sys.argv[1])).start(timeout=60), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def directory() -> Iterator[Path]:
    """A short one: a unix socket's path may not be long."""
    with tempfile.TemporaryDirectory(prefix="ab-") as name:
        yield Path(name)


@contextlib.contextmanager
def kernels(directory: Path, number: int) -> Iterator[list["subprocess.Popen[str]"]]:
    """Processes that start the server at the same moment, and use it."""
    command = [sys.executable, "-c", KERNEL, str(directory)]
    pipe = subprocess.PIPE
    with contextlib.ExitStack() as stack:
        started = [
            subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
            for _ in range(number)
        ]
        for kernel in started:
            stack.enter_context(kernel)
            stack.callback(kernel.kill)
        yield started


def said(kernel: "subprocess.Popen[str]") -> str:
    assert kernel.stdout
    return kernel.stdout.readline().strip()


def ask(url: str, words: str) -> str:
    """What the server answers; empty when there is none."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        try:
            connection.connect(unquote(url.removeprefix("unix://")))
            connection.sendall(words.encode() + b"\r\n")
            return connection.recv(65536).decode()
        except OSError:
            return ""


def processes(url: str) -> tuple[int, int]:
    """The server's process and its guard's."""
    fields = dict(
        line.split(":", 1)
        for line in ask(url, "INFO server").split("\r\n")
        if ":" in line
    )
    server = int(fields["process_id"])
    guard = Path(f"/proc/{server}/stat").read_text().rpartition(")")[2].split()[1]
    return server, int(guard)


def started_in(directory: Path) -> list[int]:
    """The guards and servers of a directory."""
    home = f"{directory}/valkey"
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if home in (place / "cmdline").read_text():
                found.append(int(place.name))
    return found


def is_gone(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"


def within(seconds: float, condition: Any) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


class TestStart:
    def test_it_answers_soon(self, directory: Path) -> None:
        times = []
        for attempt in range(3):
            began = time.perf_counter()
            with ValkeyServer(directory / str(attempt)) as server:
                assert ask(server.start(), "PING") == "+PONG\r\n"
                times.append(time.perf_counter() - began)
        assert min(times) < 10  # 0.1 s where nothing else runs

    def test_starting_again_is_free(self, directory: Path) -> None:
        with ValkeyServer(directory) as server:
            url = server.start()
            times = []
            for _ in range(5):
                began = time.thread_time()
                assert server.start() == url
                times.append(time.thread_time() - began)
            assert min(times) < 0.02

    @linux
    @pytest.mark.timeout(180)
    def test_a_race_of_20_kernels_starts_one_server(self, directory: Path) -> None:
        with kernels(directory, 20) as racing:
            urls = {said(kernel) for kernel in racing}
            server, guard = processes(urls.pop())
            assert urls == set()
            assert sorted(started_in(directory)) == sorted([server, guard])
            for kernel in racing[:-1]:  # the one that started it among them, perhaps
                kernel.kill()
                kernel.wait()
            time.sleep(1.3)  # longer than the server outlives its last user
            assert sorted(started_in(directory)) == sorted([server, guard])
            racing[-1].kill()
            assert within(60, lambda: not started_in(directory))

    @linux
    @pytest.mark.timeout(180)
    def test_kernels_that_come_and_are_killed_leave_no_orphan(
        self, directory: Path
    ) -> None:
        for round_ in range(3):
            with kernels(directory, 6) as short_lived:
                said(short_lived[round_])  # the others are on their way, or there
                for kernel in short_lived:
                    kernel.kill()
        assert within(60, lambda: not started_in(directory))
        with ValkeyServer(directory) as server:
            assert ask(server.start(timeout=60), "PING")
        assert within(60, lambda: not started_in(directory))

    def test_a_dead_socket_is_no_hindrance(self, directory: Path) -> None:
        home = directory / "valkey"
        home.mkdir(mode=0o700)
        for name in ("guard.sock", "valkey.sock"):
            with socket.socket(socket.AF_UNIX) as left_over:
                left_over.bind(str(home / name))
        with ValkeyServer(directory) as server:
            assert ask(server.start(), "PING") == "+PONG\r\n"

    def test_no_program_is_said(
        self, directory: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", "")
        monkeypatch.setattr(sys, "path", [])
        assert server_binaries() == []
        with pytest.raises(ServerUnavailable, match="AGENTBENCH_REDIS_URL") as caught:
            ValkeyServer(directory).start()
        assert isinstance(caught.value, BackendError)

    def test_windows_is_told_why(
        self, directory: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "platform", "win32")
        with pytest.raises(ServerUnavailable, match="Windows has no unix sockets"):
            ValkeyServer(directory).start()

    def test_a_program_that_cannot_run_is_passed_over(
        self, directory: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        works = server_binaries()[0]
        programs = directory / "programs"
        programs.mkdir()
        shutil.copy(works, programs / "redis-server")
        broken = programs / "valkey-server"
        broken.write_text("#!/bin/sh\nexit 3\n")
        broken.chmod(0o755)
        monkeypatch.setenv("PATH", str(programs))
        monkeypatch.setattr(sys, "path", [])
        with ValkeyServer(directory) as server:
            assert ask(server.start(), "PING") == "+PONG\r\n"
        (programs / "redis-server").unlink()
        with pytest.raises(ServerUnavailable, match=r"valkey-server: it ended"):
            ValkeyServer(directory / "other").start()


class TestPrivacy:
    def test_only_the_user_gets_at_the_socket(self, directory: Path) -> None:
        with ValkeyServer(directory) as server:
            path = Path(unquote(server.start().removeprefix("unix://")))
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
            assert stat.S_IMODE(path.stat().st_mode) == 0o700
            assert ask(server.start(), "CONFIG GET port").endswith("0\r\n")

    def test_an_open_directory_is_closed(self, directory: Path) -> None:
        (directory / "valkey").mkdir(mode=0o777)
        with ValkeyServer(directory):
            assert stat.S_IMODE((directory / "valkey").stat().st_mode) == 0o700

    def test_a_link_to_elsewhere_is_refused(self, directory: Path) -> None:
        (directory / "elsewhere").mkdir()
        (directory / "valkey").symlink_to(directory / "elsewhere")
        with pytest.raises(ServerUnavailable, match="not a directory of yours"):
            ValkeyServer(directory).start()

    def test_a_deep_directory_has_a_short_stand_in(self, directory: Path) -> None:
        deep = directory / ("long" * 30) / "run dïr"
        with ValkeyServer(deep) as server, ValkeyServer(deep) as same:
            url = server.start()
            assert same.start() == url
            assert len(unquote(url)) < 108
            assert ask(url, "PING") == "+PONG\r\n"
            home = Path(unquote(url.removeprefix("unix://"))).parent
            assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert within(60, lambda: not ask(url, "PING"))
        shutil.rmtree(home)

    @linux
    def test_it_knows_nothing_of_our_environment(
        self, directory: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SOME_API_KEY", "hunter2")
        with ValkeyServer(directory) as server:
            for process in processes(server.start()):
                assert "hunter2" not in Path(f"/proc/{process}/environ").read_text()

    def test_nothing_is_kept_on_disk(self, directory: Path) -> None:
        with ValkeyServer(directory) as server:
            url = server.start()
            ask(url, "SET key value")
        assert within(60, lambda: not ask(url, "PING"))
        left = {path.name for path in (directory / "valkey").iterdir()}
        assert left <= {"guard.lock", "start.lock", "valkey.log"}


@linux
class TestEnd:
    def test_it_outlives_its_starter_and_ends_with_the_last(
        self, directory: Path
    ) -> None:
        with kernels(directory, 1) as (first,):
            url = said(first)
            with ValkeyServer(directory) as second:
                assert second.start() == url
                server, guard = processes(url)
                first.kill()
                first.wait()
                time.sleep(1.3)  # longer than the server outlives its last user
                assert processes(url) == (server, guard)
        assert within(60, lambda: is_gone(server) and is_gone(guard))

    def test_it_is_gone_when_every_kernel_is_killed(self, directory: Path) -> None:
        with kernels(directory, 3) as killed:
            url = {said(kernel) for kernel in killed}.pop()
            server, guard = processes(url)
            for kernel in killed:
                kernel.kill()
            assert within(60, lambda: is_gone(server) and is_gone(guard))
        assert not list(directory.rglob("*.sock"))

    def test_a_terminal_s_interrupt_does_not_reach_it(self, directory: Path) -> None:
        with ValkeyServer(directory) as server:
            _, guard = processes(server.start())
            assert os.getsid(guard) == guard

    @pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
    def test_a_fork_does_not_keep_it(self, directory: Path) -> None:
        with ValkeyServer(directory) as server:
            running, guard = processes(server.start())
            child = os.fork()
            if child == 0:
                time.sleep(600)
                os._exit(0)
        try:
            assert within(60, lambda: is_gone(running) and is_gone(guard))
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)

    def test_a_new_kernel_soon_after_the_last_finds_it(self, directory: Path) -> None:
        with ValkeyServer(directory) as first:
            before = processes(first.start())
        time.sleep(0.3)
        with ValkeyServer(directory) as second:
            assert processes(second.start()) == before


@linux
class TestFaults:
    def test_a_killed_server_comes_back(self, directory: Path) -> None:
        with ValkeyServer(directory) as server:
            url = server.start()
            first, guard = processes(url)
            os.kill(first, signal.SIGKILL)
            assert within(60, lambda: is_gone(first) and ask(url, "PING"))
            assert processes(url)[1] == guard

    def test_a_killed_guard_leaves_no_orphan(self, directory: Path) -> None:
        with ValkeyServer(directory) as server:
            url = server.start()
            first, guard = processes(url)
            os.kill(guard, signal.SIGKILL)
            assert within(60, lambda: is_gone(first))
            assert within(60, lambda: ask(url, "PING"))
            assert processes(url)[1] != guard

    def test_it_comes_back_also_when_the_first_attempt_fails(
        self, directory: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("agentbench.embedded.valkey.TIMEOUT", 0.3)
        with ValkeyServer(directory) as server:
            url = server.start(timeout=30)
            first, guard = processes(url)
            with (directory / "valkey" / "start.lock").open("w") as turn:
                fcntl.flock(turn, fcntl.LOCK_EX)  # another kernel starts it, and hangs
                os.kill(guard, signal.SIGKILL)
                assert within(60, lambda: is_gone(first))
                time.sleep(1.5)
                assert not ask(url, "PING")
            monkeypatch.setattr("agentbench.embedded.valkey.TIMEOUT", 10.0)
            assert within(60, lambda: ask(url, "PING"))

    def test_closing_twice_is_no_error(self, directory: Path) -> None:
        server = ValkeyServer(directory)
        server.start()
        server.close()
        server.close()
        assert ask(server.start(), "PING")
        server.close()
