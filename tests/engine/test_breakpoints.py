"""Breakpoints and steps: a firing is held before it begins, in the log like any question."""

import pytest

import agentbench as ab
from agentbench.domain.edit import SetOption
from agentbench.domain.errors import EditRefused
from agentbench.domain.run import RunOptions, RunStatus
from agentbench.workbench.ownership import lock_of


@pytest.fixture
def chain(bench, graph):
    """Three nodes in a row that note that they ran; the middle one has a breakpoint."""
    ran = []

    @ab.block(id="test.note")
    async def note(value: int, name: str) -> int:
        ran.append(name)
        return value + 1

    first = graph.add(note, "first", value=1, name="first")
    middle = graph.add(note, "middle", value=first, name="middle")
    graph.output("out", graph.add(note, "last", value=middle, name="last"))
    graph.ran = ran
    return graph


def test_a_firing_is_held_at_a_breakpoint_and_goes_on(bench, chain):
    chain["middle"].set(breakpoint=True)
    run = chain.run_sync()
    assert (run.status, chain.ran) == (RunStatus.WAITING, ["first"])
    (wait,) = bench.waits(bench.store.run(run.id))
    assert (wait.node, wait.choices) == ("middle", ("go on", "step"))
    run = bench.answer(run.id, "middle", "go on").wait(timeout=60)
    assert (run.status, run.outputs) == (RunStatus.COMPLETED, {"out": [4]})
    assert chain.ran == ["first", "middle", "last"]


def test_a_step_holds_the_next_firing_until_it_goes_on(bench, chain):
    run = chain.run_sync(options=RunOptions(step=True))
    assert (run.status, chain.ran) == (RunStatus.WAITING, [])
    run = bench.answer(run.id, "first", "step").wait(timeout=60)
    assert (run.status, chain.ran) == (RunStatus.WAITING, ["first"])
    run = bench.answer(run.id, "middle", "go on").wait(timeout=60)
    assert (run.status, run.outputs) == (RunStatus.COMPLETED, {"out": [4]})


def test_what_is_pinned_is_not_held_and_a_held_run_can_be_stopped(bench, chain):
    chain["middle"].set(breakpoint=True, pinned={"result": 7})
    assert chain.run_sync().outputs == {"out": [8]}
    chain.apply(SetOption(id="middle", option="pinned"))
    run = chain.run_sync()
    run.stop()
    assert run.wait(timeout=60).status is RunStatus.STOPPED


def test_a_held_run_is_stopped_though_its_calls_are_still_heard(bench, chain):
    """Whoever carried it out has let go, and is called in vain for a moment longer."""
    chain["middle"].set(breakpoint=True)
    run = chain.run_sync()
    heard = []
    listening = bench.lock_server.locks.listen(lock_of(run.id), heard.append)
    leave = bench.loop.submit(listening).result(timeout=60)
    try:
        run.stop()
        assert run.wait(timeout=60).status is RunStatus.STOPPED
    finally:
        leave()
    assert heard == []


def test_a_breakpoint_is_on_or_off(chain):
    with pytest.raises(EditRefused, match="'breakpoint' takes true or false"):
        chain["middle"].set(breakpoint="yes")
    with pytest.raises(ValueError, match="step takes true or false"):
        RunOptions(step=1)
