"""Tools of a real MCP server as blocks: ports, values, failures, limits, cancel, restart."""

import time

import pytest

from agentbench.domain.errors import AnswerRefused
from agentbench.domain.graph import Graph
from agentbench.domain.run import RunStatus
from agentbench.workbench.waits import waits_of
from tests.mcp_servers.conftest import COMMAND


def run(bench, block, server="demo", **constants):
    graph = Graph("trial", blocks=bench.blocks)
    graph.add(f"mcp.{server}.{block}", "tool", **constants)
    return bench.start(graph, {})


def result(bench, block, server="demo", **constants):
    ran = run(bench, block, server, **constants).wait(timeout=60).raise_on_failure()
    [value] = ran.values("tool", "result")
    return value


def failure(bench, block, server="demo", **constants):
    ran = run(bench, block, server, **constants).wait(timeout=60)
    [failed] = ran.failures
    return failed


def test_ports_come_from_the_schemas(bench):
    block = bench.blocks.block("mcp.demo.add")
    a, b = block.inputs({})
    assert (a.name, a.type_name, a.is_required) == ("a", "whole number", True)
    assert (b.name, b.default, b.help) == ("b", 2, "What is added.")
    assert [port.name for port in block.outputs({})] == ["result", "content"]
    how = bench.blocks.block("mcp.demo.shout").inputs({})[1]
    assert how.schema()["enum"] == ["loud", "louder"]
    assert how.type_name == "one of 'loud', 'louder'"
    assert block.effects == "reads"
    assert bench.blocks.block("mcp.demo.fail").effects == "sends"


def test_structured_and_wrapped_results_are_data(bench):
    ran = run(bench, "add", a=3).wait(timeout=60).raise_on_failure()
    assert ran.values("tool", "result") == [{"total": 5, "parts": [3, 2]}]
    assert ran.values("tool", "content") == [[]]  # it only said the same again
    assert result(bench, "shout", text="hey", how="louder") == "HEY!!!"


def test_each_kind_of_content_is_a_value_that_shows(bench):
    words, picture, sound, data, blob, link = result(bench, "media")
    assert (words, data, blob) == ("words", {"n": 1}, b"\0\1")
    assert picture.size == (2, 2)
    assert "image/png" in bench.render(picture).data
    assert sound.startswith(b"RIFF")
    assert "<audio" in bench.render(sound).data["text/html"]
    assert link == {"uri": "https://example.com/a", "name": "a"}


def test_a_failing_tool_fails_the_node_with_what_its_server_wrote(bench):
    failed = failure(bench, "fail")
    assert failed.error == "ToolFailed"
    assert "about to fail" in failed.message


def test_arguments_are_checked_before_they_are_sent(bench):
    graph = Graph("trial", blocks=bench.blocks)
    graph.add("mcp.demo.shout", text="a", how="softly")
    assert "'loud'" in str(bench.check(graph)[0])


def test_progress_keeps_a_call_alive_and_silence_ends_it(bench, tmp_path):
    bench.mcp.add("brief", command=COMMAND, timeout=1.0, allow=True)
    told = []
    unlisten = bench.feed.listen(lambda _, events: told.extend(events))
    # 60 steps of 20 ms are longer than the limit, which counts silence.
    mark = str(tmp_path / "mark")
    assert result(bench, "slow", "brief", steps=60, mark=mark) == "done"
    unlisten()
    assert "step 20" in [getattr(event, "text", "") for event in told]

    failed = failure(bench, "hang", "brief")
    assert "said nothing for 1 s" in failed.message
    assert result(bench, "shout", "brief", text="on") == "ON!"  # as usable as before


def test_stopping_a_run_cancels_the_call_in_the_server(bench, tmp_path):
    mark = tmp_path / "mark"
    told = []
    unlisten = bench.feed.listen(lambda _, events: told.extend(events))
    started = run(bench, "slow", steps=10_000, mark=str(mark))
    until(lambda: any(getattr(event, "text", "") == "step 2" for event in told))
    unlisten()
    started.stop()
    assert started.wait(timeout=60).status is RunStatus.STOPPED
    until(mark.exists)
    assert result(bench, "shout", text="on") == "ON!"


def test_a_server_that_dies_is_started_again(bench, tmp_path):
    # It only reads, so the call is made again.
    assert result(bench, "crash_once", mark=str(tmp_path / "mark")) == "alive"


def test_a_call_that_may_have_done_something_is_not_made_again(bench):
    failed = failure(bench, "crash")
    assert failed.error == "McpServerDown"
    assert "went away while 'crash' was called" in failed.message
    assert result(bench, "shout", text="back") == "BACK!"


def test_a_tool_that_asks_has_the_run_wait_for_the_answer(bench):
    waiting = run(bench, "book", seats=2).wait(timeout=60)
    [wait] = waits_of(waiting)
    assert wait.question == "demo asks: For whom?"
    assert wait.schema["required"] == ["name"]
    with pytest.raises(AnswerRefused, match="name: This is needed"):
        bench.answer(waiting.id, "tool", {})
    ran = bench.answer(waiting.id, "tool", {"name": "Ada"}).wait(timeout=60)
    assert ran.raise_on_failure().values("tool", "result") == ["2 seats for Ada"]


def test_the_server_sees_of_our_environment_only_what_it_is_given(bench, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    monkeypatch.setenv("AGENTBENCH_CREDENTIAL_WORK", "sk-for-it")
    monkeypatch.setenv("AGENTBENCH_CREDENTIAL_WORK_HOSTS", "*")
    bench.mcp.add("keyed", command=COMMAND, credentials={"WORK": "work"}, allow=True)
    ran = run(bench, "environment", "keyed").wait(timeout=60).raise_on_failure()
    [seen] = ran.values("tool", "result")
    assert "OPENAI_API_KEY" not in seen
    assert "PATH" in seen
    assert seen["WORK"]  # it was given the secret,
    assert "sk-for-it" not in str(ran.outputs) + str(seen)  # which is kept nowhere


def until(is_so, patience=10.0):
    end = time.monotonic() + patience
    while not is_so():
        if time.monotonic() > end:
            pytest.fail("it did not come about")
        time.sleep(0.01)


def test_an_agent_from_elsewhere_calls_a_tool_once_it_is_trusted(bench):
    """The server was allowed for the user's own agents, and does what it is told as the user."""
    graph = Graph("sent", blocks=bench.blocks)
    graph.add("mcp.demo.shout", "tool", text="hi")
    graph = Graph.from_json(graph.to_json(), blocks=bench.blocks)
    [failed] = bench.start(graph, {}).wait(timeout=60).failures
    assert failed.error == "CodeNotTrusted"
    assert "calls tools ('tool')" in failed.message
    [seen] = bench.consents.trust(graph, bench.find_agent)
    assert (seen.block, seen.code) == ("mcp.demo.shout", "hi")
    ran = bench.start(graph, {}).wait(timeout=60).raise_on_failure()
    assert ran.values("tool", "result") == ["HI!"]
