"""T55, the rest: with the settings that everybody begins with, nothing of ours listens."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import json, os, pathlib, socket

def listeners():
    heard = {}
    for kind in ("tcp", "tcp6"):
        for line in pathlib.Path("/proc/net", kind).read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == "0A":
                heard[words[9]] = words[1]
    found = []
    for process in ours():
        try:
            places = list(process.glob("fd/*"))
        except OSError:  # it has ended meanwhile
            continue
        for place in places:
            try:
                number = os.readlink(place).removeprefix("socket:[").rstrip("]")
            except OSError:
                continue
            found += [heard[number]] if number in heard else []
    return found

def ours():
    # Those that were told of our home: this one, and what it started.
    home = os.environ["AGENTBENCH_HOME"].encode()
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            environ = (process / "environ").read_bytes()
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if home in environ or home in command:
            yield process

import agentbench as ab
graph = ab.new("a", blank=True)
node = graph.add("text.template", template="{{ 1 }}")
graph.output("out", node.set(isolation="process"))
ab.editor(graph)
assert graph.run_sync().outputs == {"out": ["1"]}
before = listeners()
with socket.create_server(("127.0.0.1", 0)):
    print(json.dumps([before, len(listeners()), len(list(ours()))]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="it is looked for in /proc")
def test_t55_by_default_nothing_listens(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM],
        cwd=tmp_path,
        env={**os.environ, "AGENTBENCH_HOME": str(tmp_path / "h")},
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    assert ended.returncode == 0, ended.stderr
    ours, with_one, processes = json.loads(ended.stdout.splitlines()[-1])
    assert ours == []
    assert with_one == 1, "a listener would not be seen"
    assert processes >= 3, "itself, a worker and the lock server"
