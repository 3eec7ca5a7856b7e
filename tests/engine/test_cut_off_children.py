"""Agents within agents that were sending when their kernel was killed: somebody decides."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agentbench.domain.context import Context
from agentbench.domain.errors import NeedsDecision
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.domain.run import RunStatus
from agentbench.workbench.settings import Settings
from agentbench.workbench.waits import waits_of
from agentbench.workbench.workbench import Workbench, use_workbench

ROOT = Path(__file__).parent.parent.parent


async def send(context: Context, folder: str) -> str:
    """Sends, which is noted, and then waits to be killed unless the gate is open."""
    import asyncio

    with (Path(folder) / "sent").open("a") as file:
        file.write(f"{context.run_id} {context.node}\n")
    await asyncio.sleep(0 if (Path(folder) / "open").exists() else 600)
    return "sent"


def kernel(home: Path) -> Workbench:
    """A kernel on the store of that folder, with agents three deep."""
    url = f"sqlite:///{home}/bench.db"
    bench = Workbench(Settings(home=home, store_url=url, redis_url="local:"))
    bench.blocks.register(FunctionBlock(send, id="test.send", effects="sends"))
    use_workbench(bench)
    post = Graph("post", blocks=bench.blocks)
    post.output("done", post.add("test.send", "mail", folder=str(home)))
    bench.agents.hold(post)
    office = Graph("office", blocks=bench.blocks)
    office.output("done", office.add("agent.run", "post", agent="post")["done"])
    bench.agents.hold(office)
    return bench


def whole(bench: Workbench, home: Path) -> Graph:
    """Sends at each depth at once."""
    graph = Graph("whole", blocks=bench.blocks)
    graph.output("root", graph.add("test.send", "mail", folder=str(home)))
    graph.output("child", graph.add("agent.run", "post", agent="post")["done"])
    graph.output("deep", graph.add("agent.run", "office", agent="office")["done"])
    return graph


def main() -> None:
    """Starts a run, and is killed in the middle of it."""
    home = Path(sys.argv[1])
    bench = kernel(home)
    graph = whole(bench, home)
    if "review" in sys.argv:
        graph.add("human.ask", "review", question="Good?")
    run = bench.start(graph, {})
    while "review" in sys.argv and not waits_of(run):  # before the kill, and in the log
        time.sleep(0.02)
    print(run.id, flush=True)
    run.wait()


@pytest.fixture
def cut_off(tmp_path, request):
    """A run that was sending three times when it was cut off, and another kernel."""
    more = [getattr(request, "param", "")]
    module = "tests.engine.test_cut_off_children"
    command = [sys.executable, "-m", module, tmp_path, *more]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        id = process.stdout.readline().strip()
        end = time.monotonic() + 60
        while len(sent(tmp_path)) < 3:
            assert time.monotonic() < end
            time.sleep(0.02)
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    bench = kernel(tmp_path)
    (tmp_path / "open").touch()
    yield bench, bench.run(id)
    bench.close()


def sent(home: Path) -> list[str]:
    file = home / "sent"
    return sorted(file.read_text().splitlines()) if file.exists() else []


MAIL, CHILD, DEEP = "mail", "post.1.post/mail", "office.1.office.post.1.post/mail"


def test_t17_agents_within_agents_ask_too_and_do_what_is_decided(cut_off, tmp_path):
    bench, run = cut_off
    first = sent(tmp_path)
    with pytest.raises(
        NeedsDecision, match=f"while {MAIL!r}, {DEEP!r}, {CHILD!r} was"
    ) as needed:
        bench.resume(run.id)
    assert needed.value.nodes == sorted([MAIL, CHILD, DEEP])
    assert run.status is RunStatus.NEEDS_DECISION
    asked = {wait.node for wait in waits_of(run)}
    assert asked == {MAIL, CHILD, DEEP}
    # One decision is not all of them.
    with pytest.raises(NeedsDecision) as needed:
        bench.resume(run.id, decisions={MAIL: "done", DEEP: "again"})
    assert needed.value.nodes == [CHILD]
    assert {wait.node for wait in waits_of(run)} == {CHILD}
    assert sent(tmp_path) == first
    # Any kernel may answer.
    other = kernel(tmp_path)
    decisions = {MAIL: "done", CHILD: "failed", DEEP: "again"}
    ended = other.resume(run.id, decisions=decisions).wait(timeout=60)
    assert ended.status is RunStatus.FAILED
    assert [failure.node for failure in ended.failures] == ["post"]
    assert "somebody decided that it failed" in ended.failures[0].message
    assert ended.outputs == {"root": [], "child": [], "deep": ["sent"]}
    again = [line for line in sent(tmp_path) if ".office.1.office.post.1.post " in line]
    assert len(again) == 2
    assert len(sent(tmp_path)) == 4
    parts = other.store.runs(under=run.id)
    assert {part.status for part in parts} == {RunStatus.COMPLETED, RunStatus.FAILED}
    other.close()


def test_what_is_sent_in_a_child_may_be_taken_as_sent(cut_off, tmp_path):
    bench, run = cut_off
    decisions = dict.fromkeys([MAIL, CHILD, DEEP], "done")
    ended = bench.resume(run.id, decisions=decisions).wait(timeout=60)
    assert ended.status is RunStatus.COMPLETED
    assert len(sent(tmp_path)) == 3


@pytest.mark.parametrize("cut_off", ["review"], indirect=True)
def test_an_answer_to_something_else_sends_nothing_again(cut_off, tmp_path):
    bench, run = cut_off
    first = sent(tmp_path)
    with pytest.raises(NeedsDecision):
        bench.answer(run.id, "review", "yes")
    decisions = dict.fromkeys([MAIL, CHILD, DEEP], "done")
    waiting = bench.resume(run.id, decisions=decisions).wait(timeout=60)
    assert [wait.node for wait in waits_of(waiting)] == ["review"]
    run = bench.answer(run.id, "review", "yes").wait(timeout=60)
    assert run.status is RunStatus.COMPLETED
    assert sent(tmp_path) == first


def test_stopping_a_run_that_was_cut_off_ends_its_parts_too(cut_off):
    bench, run = cut_off
    run.stop()
    assert run.status is RunStatus.STOPPED
    parts = bench.store.runs(under=run.id)
    assert len(parts) == 3
    assert {part.status for part in parts} == {RunStatus.STOPPED}


if __name__ == "__main__":
    main()
