"""AutoGPT's block for MCP tools, against a real server: only what somebody here accepted."""

import subprocess

import pytest

from agentbench.domain.graph import Graph
from tests.mcp_servers.conftest import COMMAND, new_bench

SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
    "required": ["a"],
}


@pytest.fixture(scope="module")
def url():
    with subprocess.Popen(
        [*COMMAND, "http"], stdout=subprocess.PIPE, text=True
    ) as process:
        yield process.stdout.readline().strip()
        process.terminate()


def failure(bench, url, **constants):
    graph = Graph("trial", blocks=bench.blocks)
    graph.add("autogpt.mcp_tool", "it", server_url=url, **constants)
    return bench.start(graph, {}).wait(timeout=60).failures[0].message


def test_a_tool_is_called_once_its_server_was_added(url, tmp_path):
    bench = new_bench(tmp_path / "home", allowed_hosts=("127.0.0.1",))
    assert "No MCP server of the address" in failure(bench, url, selected_tool="add")

    bench.mcp.add("demo", url=url)
    graph = Graph("trial", blocks=bench.blocks)
    asked = {"server_url": url, "selected_tool": "add", "tool_input_schema": SCHEMA}
    graph.add("autogpt.mcp_tool", "fixed", **asked, tool_arguments={"a": 40})
    graph.add("autogpt.mcp_tool", "linked", **asked, b=1)
    graph.add("data.count", "five", value=[1, 2, 3, 4, 5])
    graph.link("five.result", "linked.a")
    ran = bench.start(graph, {}).wait(timeout=60).raise_on_failure()
    assert ran.values("fixed", "result") == [{"total": 42, "parts": [40, 2]}]
    assert ran.values("linked", "result") == [{"total": 6, "parts": [5, 1]}]

    said = failure(bench, url, selected_tool="add")
    assert "'add' also needs a" in said
    said = failure(bench, url, selected_tool="add", tool_arguments={"a": 1, "c": 2})
    assert "knows no c" in said
    assert "has no accepted tool 'nope'" in failure(bench, url, selected_tool="nope")
    bench.close()


def test_a_tool_that_is_switched_off_is_not_called_by_a_detour(url, tmp_path):
    bench = new_bench(
        tmp_path / "home",
        allowed_hosts=("127.0.0.1",),
        blocks_off=("mcp.demo.add",),
    )
    bench.mcp.add("demo", url=url)
    asked = {"selected_tool": "add", "tool_arguments": {"a": 1}}
    assert "switched off" in failure(bench, url, **asked)
    bench.close()


def test_a_tool_in_an_agent_from_elsewhere_waits_for_consent(url, tmp_path):
    bench = new_bench(tmp_path / "home", allowed_hosts=("127.0.0.1",))
    bench.mcp.add("demo", url=url)
    graph = Graph("trial", blocks=bench.blocks)
    asked = {"server_url": url, "selected_tool": "add", "tool_arguments": {"a": 1}}
    graph.add("autogpt.mcp_tool", "it", **asked)
    sent = Graph.from_json(graph.to_json(), blocks=bench.blocks)
    [failed] = bench.start(sent, {}).wait(timeout=60).failures
    assert failed.error == "CodeNotTrusted"
    bench.close()
