"""Calls of MCP tools that are recorded, and answered without a server."""

from agentbench.domain.graph import Graph
from agentbench.domain.run import RunOptions
from tests.mcp_servers.conftest import COMMAND, new_bench


def test_a_recorded_call_needs_no_server_and_a_changed_one_says_so(tmp_path):
    bench = new_bench(tmp_path / "home")
    bench.mcp.add("demo", command=COMMAND, allow=True)
    folder = str(tmp_path / "calls")

    def ran(bench, mode, **constants):
        graph = Graph("trial", blocks=bench.blocks)
        graph.add("mcp.demo.shout", "shout", text="hey", **constants)
        graph.add("mcp.demo.media", "media")
        graph.add("mcp.demo.fail", "fail")
        options = RunOptions(replay=mode, recording=folder)
        return bench.start(graph, {}, options).wait(timeout=60)

    def gave(run):
        return run.values("shout", "result"), run.values("media", "result")[0][2:]

    live = ran(bench, "record")
    [failed] = live.failures
    files = {file.name: file.read_bytes() for file in (tmp_path / "calls").iterdir()}
    assert len(files) == 3
    again = ran(bench, "record")
    assert {f.name: f.read_bytes() for f in (tmp_path / "calls").iterdir()} == files
    assert gave(again) == gave(live)
    bench.close()

    # The server may not even be started any more.
    bench = new_bench(tmp_path / "home")
    bench.mcp.add("demo", command=[*COMMAND, "no more"])
    assert bench.mcp.view("demo").state == "not allowed"
    replayed = ran(bench, "replay")
    assert gave(replayed) == gave(live)
    [same] = replayed.failures
    assert (same.node, same.error) == ("fail", "ToolFailed")
    assert failed.message.startswith(same.message)  # without what the server wrote
    missed = ran(bench, "replay", how="louder")
    [miss] = [it for it in missed.failures if it.node == "shout"]
    assert miss.error == "ReplayMiss"
    assert "louder" in miss.message
    bench.close()
