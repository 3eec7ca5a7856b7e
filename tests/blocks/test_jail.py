"""A program in the jail of `python.sandbox` tries every way out that we know of.

The same attempts are made by a process that is in no jail, where each of them works: else
nothing would have been tried.
"""

import json
import os
import platform
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agentbench.blocks.base import program
from agentbench.blocks.python import sandbox as sandboxed
from agentbench.blocks.python.sandbox import NoJail, ProgramFailed, sandbox
from agentbench.jail import bars, calls, command, lacks, landlock

pytestmark = pytest.mark.skipif(
    not landlock.version() or platform.machine() not in calls.ARCHITECTURES,
    reason="this system has no jail",
)

ESCAPES = {
    "a secret file": "open(at['secret']).read()",
    "the folder it is in": "os.listdir(at['home'])",
    "a secret file by its number": "libc_call(257, -100, at['secret'].encode(), 0)",
    "a secret file through a link": "os.symlink(at['secret'], 'l'); open('l').read()",
    "a secret file by another name": "os.link(at['secret'], 'h'); open('h').read()",
    "the way through /proc": "open('/proc/self/root' + at['secret']).read()",
    "the kernel's environment": "open(f\"/proc/{at['kernel']}/environ\").read()",
    "the kernel's memory": "open(f\"/proc/{at['kernel']}/mem\", 'rb').close()",
    "who else is there": "os.listdir('/proc')",
    "writing outside": "open(at['home'] + '/ran', 'w').write('x')",
    "writing into the library": "open(json.__file__, 'r+').close()",
    "shortening a file": "os.truncate(at['spare'], 1)",
    "moving a file": "os.rename(at['spare'], at['spare'] + 'x'); os.rename(at['spare'] + 'x', at['spare'])",
    "opening a file up": "os.chmod(at['spare'], 0o604); assert os.stat(at['spare']).st_mode & 0o777 == 0o604",
    "an old date": "os.utime(at['spare'], (1, 1)); assert os.stat(at['spare']).st_mtime == 1",
    "giving a file away": "os.chown(at['spare'], -1, -1)",
    "a note beside a file": "os.setxattr(at['spare'], 'user.x', b'x')",
    "TCP": "socket.create_connection(('127.0.0.1', at['port']), 2)",
    "UDP, as names are asked for": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
    "a unix socket": "socket.socket(socket.AF_UNIX).connect(at['unix'])",
    "a nameless unix socket": "socket.socket(socket.AF_UNIX).connect('\\0' + at['abstract'])",
    "a pair that turns to others": "socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b'x', at['datagrams'])",
    "netlink": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "a process": "os.waitpid(os.fork() or os._exit(0), 0)",
    "another program": "subprocess.run(['/bin/true'], check=True)",
    "another program, spawned": "os.waitpid(os.posix_spawn('/bin/true', ['true'], {}), 0)",
    "a shell, through its classes": "assert [c for c in ().__class__.__base__.__subclasses__() if c.__name__ == '_wrap_close']"
    "[0].__init__.__globals__['system']('exit 0') == 0",
    "a shell, through C": "assert ctypes.CDLL(None).system(b'exit 0') == 0",
    "a signal": "os.kill(at['kernel'], 0)",
    "a signal to all": "os.kill(-1, 0)",
    "a handle of a process": "os.pidfd_open(at['kernel'])",
    "another's memory": "libc_call(310, at['kernel'], 0, 0, 0, 0, 0)",
    "tracing": "assert ctypes.CDLL(None).ptrace(0, 0, 0, 0) == 0",
    "another's limits": "resource.prlimit(at['kernel'], resource.RLIMIT_CPU)",
    "another's priority": "os.setpriority(os.PRIO_PROCESS, at['kernel'], os.getpriority(os.PRIO_PROCESS, at['kernel']))",
    "memory that is shared": "libc_call(29, 0x77, 4096, 0o1600)",
    "watching a folder": "inotify(at['home'])",
}  # fmt: skip
"""By what is tried: a line that goes through where it works."""
ALSO = {
    "a file's new name space": "libc_call(272, 0x00020000)",
    "another user's rights": "libc_call(272, 0x10000000)",
    "a mount": "libc_call(165, b'none', b'/', None, 0x44000, None)",
    "calls past the filter": "libc_call(425, 8, ctypes.create_string_buffer(120))",
    "programs in the kernel": "libc_call(321, 0, None, 0)",
    "living on alone": "libc_call(157, 1, 0, 0, 0, 0)",
    "a larger limit": "resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
    "typing into a terminal": "libc_call(16, 0, 0x5412, b'x')",
    "memory without a limit": "libc_call(319, b'x', 0)",
    "room on the disk that nobody sees": "libc_call(285, os.open('room', os.O_RDWR | os.O_CREAT), 1, 0, 10**9)",
    "hiding what it holds open": "libc_call(157, 4, 0, 0, 0, 0)",
    "sending open files away": "socket.send_fds(socket.socketpair()[0], [b'x'], [os.open('room', os.O_RDWR | os.O_CREAT)])",
    "a call of another kind of process": "libc_call(0x40000000 + 39)",
    "becoming root": "assert not os.setuid(0) and open(at['secret']).read()",
}
"""The same, where it would be too much, or root's, without a jail."""

TRY = """
import ctypes, json, os, resource, socket, subprocess, sys, time

def libc_call(*args):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(*args) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

def inotify(place):
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.inotify_add_watch(libc.inotify_init(), place.encode(), 2) >= 0

def outcome(line):
    try:
        exec(line, globals())
    except Exception as error:
        return type(error).__name__
    return "went through"

at = inputs["at"]
result = {name: outcome(line) for name, line in inputs["tried"].items()}
"""


def without(*numbers: int) -> list[str]:
    """A jail in a system that lacks those calls."""
    text = f"""
import ctypes, os, sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from agentbench.jail import seccomp
steps = [(0x20, 0, 0, 0)]
for number in {numbers!r}:
    steps += seccomp._if(number, [(0x06, 0, 0, 0x00050000 | 38)])
steps = [seccomp._Step(*step) for step in [*steps, (0x06, 0, 0, 0x7FFF0000)]]
held = seccomp._Program(len(steps), (seccomp._Step * len(steps))(*steps))
libc = ctypes.CDLL(None)
libc.prctl(38, 1, 0, 0, 0)
assert not libc.prctl(22, 2, ctypes.byref(held), 0, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
    return [sys.executable, "-c", text, *command()]


UNSHARE, LANDLOCK, PRCTL = (272, 97), (444,), (157, 167)
ON_X86 = platform.machine() == "x86_64"


@pytest.fixture
def at(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """What there is to get at, outside the jail."""
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    secret, spare = home / ".ssh" / "id", home / "spare"
    secret.write_text("canary")
    spare.write_text("spare")
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_UNIX) as unix,
        socket.socket(socket.AF_UNIX) as abstract,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as datagrams,
    ):
        unix.bind(str(tmp_path / "s"))
        abstract.bind(f"\0agentbench-{os.getpid()}")
        datagrams.bind(str(tmp_path / "d"))
        unix.listen()
        abstract.listen()
        yield {
            "home": str(home),
            "secret": str(secret),
            "spare": str(spare),
            "kernel": os.getpid(),
            "port": server.getsockname()[1],
            "unix": str(tmp_path / "s"),
            "abstract": f"agentbench-{os.getpid()}",
            "datagrams": str(tmp_path / "d"),
        }


def possible(tried: dict[str, str]) -> dict[str, str]:
    """Calls by their numbers are tried where the numbers are right."""
    return {n: line for n, line in tried.items() if ON_X86 or "libc_call" not in line}


def test_without_a_jail_every_attempt_goes_through(at: Any, tmp_path: Path) -> None:
    given = {"at": at, "tried": possible(ESCAPES)}
    text = f"import json, sys; inputs = json.load(sys.stdin)\n{TRY}\nprint(json.dumps(result))"
    ended = subprocess.run(
        [sys.executable, "-I", "-c", text],
        input=json.dumps(given),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(ended.stdout)
    assert {name: how for name, how in found.items() if how != "went through"} == {}


@pytest.mark.parametrize("lacking", [(), UNSHARE], ids=["all", "no namespaces"])
async def test_no_attempt_leads_out(
    fire: Any, at: Any, monkeypatch: Any, lacking: tuple[int, ...]
) -> None:
    if lacking:
        monkeypatch.setattr(sandboxed, "command", lambda: without(*lacking))
    given = {"at": at, "tried": possible(ESCAPES | ALSO)}
    made = await fire(sandbox, code=TRY, inputs=given)
    found = made["main_result"][0]["json"]
    assert {name for name, how in found.items() if how == "went through"} == set()
    assert set(found) == set(given["tried"])
    assert Path(at["spare"]).read_text() == "spare"  # noqa: ASYNC240
    assert not (Path(at["home"]) / "ran").exists()
    assert "not shut off" not in made["stderr"][0]


async def test_nothing_of_ours_is_open_in_it(fire: Any) -> None:
    code = (
        "import os\n"
        "def is_open(number):\n"
        "    try:\n"
        "        os.fstat(number)\n"
        "    except OSError:\n"
        "        return False\n"
        "    return True\n"
        "[[n for n in range(250) if is_open(n)], os.read(0, 1).decode(), sorted(os.environ)]"
    )
    given = await fire(sandbox, code=code)
    opened, read, environ = given["main_result"][0]["json"]
    assert opened == [0, 1, 2, 3]  # the last one is where its answer goes
    assert read == ""
    assert set(environ) <= {*program._KEPT, "HOME", "LC_CTYPE"}


async def test_what_it_needs_works(fire: Any) -> None:
    """A jail in which nothing runs would pass every other test."""
    code = """
import asyncio, shutil, sqlite3, tempfile, threading, zoneinfo, hashlib, ssl, multiprocessing.pool
import os, signal
open("a.txt", "w").write("hi"); shutil.copy2("a.txt", "b.txt"); os.makedirs("c/d"); os.rename("b.txt", "c/b.txt")
tempfile.NamedTemporaryFile().write(b"x")
sqlite3.connect("x.db").execute("create table t(a)")
threads = [threading.Thread(target=print, args=(n,)) for n in range(20)]
[t.start() for t in threads]; [t.join() for t in threads]
async def main():
    return await asyncio.to_thread(len, "abc")
got = asyncio.run(main())
signal.raise_signal(signal.SIGUSR1) if signal.signal(signal.SIGUSR1, lambda *_: None) is None else None
import numpy, pandas
[got, float(numpy.linalg.inv(numpy.eye(50)).sum()), len(pandas.DataFrame({"a": [1]})), str(zoneinfo.ZoneInfo("Europe/Oslo"))]
"""
    given = await fire(sandbox, code=code)
    assert given["main_result"][0]["json"] == [3, 50.0, 1, "Europe/Oslo"]
    assert {it["path"] for it in given["files"][0]} == {"a.txt", "c/b.txt", "x.db"}


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import threading, time\nwhile True:\n    threading.Thread(target=time.sleep, args=(99,), daemon=True).start()", "(?s)thread|memory"),
        ("import os\nfor n in range(10**9):\n    open(str(n), 'wb').write(bytes(300_000))", "wrote more than"),
        ("open('a', 'wb').write(bytes(5_000_000))\nopen('b', 'wb').write(bytes(99_000_000))", "File too large|wrote more|signal 25"),
        ("x = []\nwhile True:\n    x.append(bytes(10**6))", "more memory"),
    ],
    ids=["threads", "files", "a file", "memory"],
)  # fmt: skip
async def test_bombs_end_in_the_jail(
    fire: Any, monkeypatch: Any, code: str, reason: str
) -> None:
    monkeypatch.setattr(sandboxed, "MOST_WRITTEN", 8_000_000)
    with pytest.raises(ProgramFailed, match=reason):
        await fire(sandbox, code=code, memory=256, timeout=60)


HIDDEN = {
    "deleted": "f = open('x', 'w+b')\nos.unlink('x')\nkept.append(f)",
    "nameless": "f = open(os.open('.', os.O_RDWR | os.O_TMPFILE), 'w+b')\nkept.append(f)",
    "mapped": "f = open('x', 'w+b')\nf.truncate(4096)\nkept.append(mmap.mmap(f.fileno(), 4096))\nos.unlink('x')",
    "deep": "f = open(str(len(kept)), 'wb')\nkept.append(0)",
}  # fmt: skip


@pytest.mark.parametrize("how", HIDDEN)
async def test_what_it_writes_is_counted_where_nobody_finds_it(
    fire: Any, monkeypatch: Any, how: str
) -> None:
    """By names too long to be asked for, or in files that have none any more."""
    monkeypatch.setattr(sandboxed, "MOST_WRITTEN", 8_000_000)
    code = f"""
import mmap, os, time
for at in range(20 if {how == "deep"} else 0):
    os.mkdir("a" * 250)
    os.chdir("a" * 250)
kept = []
while len(kept) < 40:
    {HIDDEN[how].replace(chr(10), chr(10) + "    ")}
    f.seek(0)
    f.write(bytes(1_000_000))
    f.close() if {how == "mapped"} else f.flush()
time.sleep(60)
"""
    with pytest.raises(ProgramFailed, match="wrote more than"):
        await fire(sandbox, code=code, timeout=60)


async def test_nothing_is_left_however_deep(
    fire: Any, monkeypatch: Any, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code = "import os\nfor at in range(1500):\n    os.mkdir('a'); open('f', 'w').close(); os.chdir('a')"
    with pytest.raises(ProgramFailed, match="too many files"):
        await fire(sandbox, code=code)
    assert not list(tmp_path.iterdir())  # noqa: ASYNC240


async def test_a_program_does_not_say_that_there_is_no_jail(fire: Any) -> None:
    """The words say how to switch the jail off, and are believed."""
    code = (
        "import json, os\n"
        "os.write(3, json.dumps({'missing': ['your files']}).encode())\n"
        "os._exit(97)"
    )
    with pytest.raises(ProgramFailed, match="with code 97"):
        await fire(sandbox, code=code)


async def test_a_gigabyte_of_output_is_cut_and_it_goes_on(fire: Any) -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    code = "import sys\npart = 'x' * 10**6\nfor _ in range(1000):\n    n = sys.stdout.write(part)\nn"
    given = await fire(sandbox, code=code)
    assert given["response"] == ["1000000"]
    assert len(given["stdout"][0]) == program.MOST_SAID
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_it_dies_with_who_started_it(tmp_path: Path) -> None:
    """Also where nobody ends it: a kernel that is killed ends nothing any more."""
    orders = {
        "code": "import os, time\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(600)",
        "inputs": {},
        "answer": str(tmp_path / "answer"),
        "folders": [str(tmp_path)],
        "memory": 10**9,
        "seconds": 600,
        "file": 10**6,
        "network": False,
        "is_partial": False,
    }
    text = (
        "import subprocess, sys, json\n"
        "child = subprocess.Popen(json.loads(sys.argv[1]), stdin=subprocess.PIPE)\n"
        "child.communicate(sys.argv[2].encode())"
    )
    words = [sys.executable, "-c", text, json.dumps(command()), json.dumps(orders)]
    with subprocess.Popen(words, cwd=tmp_path) as kernel:
        place = tmp_path / "pid"
        deadline = time.monotonic() + 60
        while not (place.exists() and place.read_text()):
            assert time.monotonic() < deadline
            os.sched_yield()
        kernel.kill()
    while Path(f"/proc/{place.read_text()}/stat").exists():
        if Path(f"/proc/{place.read_text()}/stat").read_text().split()[2] == "Z":
            break
        assert time.monotonic() < deadline
        os.sched_yield()


@pytest.mark.parametrize(
    ("lacking", "said"),
    [(LANDLOCK, "your files"), (PRCTL, "other processes")],
)
async def test_where_there_is_no_jail_it_runs_only_when_told_to(
    fire: Any, monkeypatch: Any, lacking: tuple[int, ...], said: str
) -> None:
    own = lacking[0 if ON_X86 else -1]
    monkeypatch.setattr(sandboxed, "command", lambda: without(own))
    with pytest.raises(NoJail, match=f"{said}.*AGENTBENCH_SANDBOX=partial"):
        await fire(sandbox, code="open('ran', 'w')\n1")
    monkeypatch.setenv("AGENTBENCH_SANDBOX", "partial")
    given = await fire(sandbox, code="1")
    assert given["response"] == ["1"]
    assert f"not shut off here: {said}" in given["stderr"][0]


def test_the_doctor_says_what_there_is(monkeypatch: Any) -> None:
    assert lacks() == []
    numbers = [it[0 if ON_X86 else -1] for it in (LANDLOCK, PRCTL, UNSHARE)]
    monkeypatch.setattr("agentbench.jail.command", lambda: without(*numbers))
    assert lacks() == [bars.FILES, bars.CALLS, bars.NETWORK]


async def test_a_network_is_given_only_where_it_was_allowed(
    fire: Any, monkeypatch: Any, at: Any
) -> None:
    tried = {
        name: ESCAPES[name] for name in ("TCP", "a unix socket", "a secret file", "netlink", "a process")
    }  # fmt: skip
    given = {"at": at, "tried": tried}
    with pytest.raises(NoJail, match="AGENTBENCH_SANDBOX=network"):
        await fire(sandbox, code=TRY, inputs=given, offline=False)
    monkeypatch.setenv("AGENTBENCH_SANDBOX", "network")
    made = await fire(sandbox, code=TRY, inputs=given, offline=False)
    found = made["main_result"][0]["json"]
    assert {name for name, how in found.items() if how == "went through"} == {"TCP"}
