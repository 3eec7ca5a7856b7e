"""A real MCP server over HTTP: through the one door, with its rules and its credentials."""

import subprocess

import pytest

from agentbench.domain.errors import McpError
from agentbench.domain.graph import Graph
from tests.mcp_servers.conftest import COMMAND, new_bench


@pytest.fixture(scope="module")
def url():
    with subprocess.Popen(
        [*COMMAND, "http"], stdout=subprocess.PIPE, text=True
    ) as process:
        yield process.stdout.readline().strip()
        process.terminate()


def test_a_loopback_server_needs_a_setting_and_gets_its_own_credential(
    url, tmp_path, monkeypatch
):
    monkeypatch.setenv("AGENTBENCH_CREDENTIAL_DEMO", "the-secret")
    monkeypatch.setenv("AGENTBENCH_CREDENTIAL_DEMO_HOSTS", "127.0.0.1")
    bench = new_bench(tmp_path / "home")
    with pytest.raises(McpError, match="AGENTBENCH_ALLOWED_HOSTS"):
        bench.mcp.add("demo", url=url)

    bench.outbound.allow("127.0.0.1")
    view = bench.mcp.add("demo", url=url, credential="demo")
    assert "mcp.demo.add" in view.blocks
    graph = Graph("trial", blocks=bench.blocks)
    graph.add("mcp.demo.add", "sum", a=40)
    graph.add("mcp.demo.who", "who")
    ran = bench.start(graph, {}).wait(timeout=60).raise_on_failure()
    assert ran.values("sum", "result") == [{"total": 42, "parts": [40, 2]}]
    # The server got the secret; what it says of it is masked on its way back.
    [said] = ran.values("who", "result")
    assert said.startswith("Bearer")
    assert "the-secret" not in said
    assert "the-secret" not in (tmp_path / "home" / "mcp.json").read_text()
    bench.close()


def test_offline_nothing_is_asked(url, tmp_path):
    bench = new_bench(tmp_path / "home", offline=True, allowed_hosts=("127.0.0.1",))
    with pytest.raises(McpError, match="OFFLINE"):
        bench.mcp.add("demo", url=url)
    bench.close()
