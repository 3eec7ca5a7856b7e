"""A server that means harm holds nothing up and starts nothing here."""

import sys
from pathlib import Path

import pytest

from agentbench.domain.graph import Graph
from tests.mcp_servers.conftest import new_bench

SERVER = Path(__file__).with_name("hostile_server.py")


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    made = new_bench(tmp_path_factory.mktemp("home"))
    made.mcp.add("bad", command=[sys.executable, str(SERVER)], allow=True)
    yield made
    made.close()


def ran(bench, tool):
    graph = Graph("trial", blocks=bench.blocks)
    graph.add(f"mcp.bad.{tool}", "it")
    return bench.start(graph, {}).wait(timeout=60)


@pytest.mark.parametrize(
    ("tool", "said"),
    [
        ("pattern", "sent what it says it does not: result: 'aaa"),
        ("endless", "cannot be followed"),
        ("asks", "cannot be followed"),
    ],
)
def test_t47_a_schema_of_a_server_takes_no_time(bench, tool, said):
    """Each would take longer than there is time, and the kernel would stand still."""
    assert said in ran(bench, tool).failures[0].message


def test_a_picture_starts_no_program(bench, tmp_path, monkeypatch):
    """Pillow hands PostScript, whatever it is called, to a program on the path."""
    program = tmp_path / "gs"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    [value] = ran(bench, "picture").raise_on_failure().values("it", "result")
    assert isinstance(value, bytes)
    assert not (tmp_path / "started").exists()
