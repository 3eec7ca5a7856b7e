"""Same graph, inputs and block results: same outputs, same order, same events per node.

Random graphs, run at any concurrency and cut off anywhere, against the interpreter.
"""

import random

import msgspec
import pytest
from hypothesis import event as seen
from hypothesis import given
from hypothesis import strategies as st

from agentbench.domain.event import FiringCompleted, FiringFailed, FiringStarted
from agentbench.domain.run import RunOptions
from agentbench.domain.store import RunRecord
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench
from tests.engine import play
from tests.engine.interpreter import Interpreter
from tests.engine.random_graphs import drawn_graphs
from tests.engine.story import arrivals, check_log, told
from tests.examples import examples

concurrencies = st.sampled_from([1, 2, 3, 16])


def kernel(home, store="memory:"):
    bench = Workbench(Settings(home=home, store_url=store, redis_url="local:"))
    play.with_play(bench.blocks)
    return bench


@pytest.fixture(scope="module")
def kernels(tmp_path_factory):
    """Two workbenches that share nothing."""
    made = [kernel(tmp_path_factory.mktemp("kernel")) for _ in range(2)]
    yield made
    for bench in made:
        bench.close()


def run_of(bench, graph, inputs, concurrency):
    options = RunOptions(concurrency=concurrency)
    return bench.start(graph, inputs, options).wait(timeout=60)


def defined(drawn):
    """The inputs of a run of it: what was drawn, else the default."""
    return {
        id: drawn.inputs.get(id, 5)
        for id, block, *_ in drawn.nodes
        if block == "agent.input"
    }


def is_as_foretold(bench, graph, drawn, run):
    """Holds a finished run against the interpreter; says whether anything raced."""
    events = bench.store.events(run.id)
    check_log(events)
    story = told(graph, events)
    assert dict(run.outputs) == story.outputs
    free = Interpreter(graph, play.outcome, defined(drawn))
    by_the_text = free.run()
    came = arrivals(graph, events)
    as_recorded = Interpreter(graph, play.outcome, defined(drawn), recorded=came).run()
    assert story == as_recorded
    if not free.races():
        assert story == by_the_text
    return bool(free.races())


@examples(150, soak=5_000)
@given(drawn_graphs(races=False), concurrencies)
def test_a_run_is_what_the_interpreter_foretells(kernels, drawn, concurrency):
    bench = kernels[0]
    graph = drawn.build(bench.blocks)
    run = run_of(bench, graph, drawn.inputs, concurrency)
    raced = is_as_foretold(bench, graph, drawn, run)
    seen(f"something raced: {raced}")


@examples(150, soak=5_000)
@given(drawn_graphs(), concurrencies)
def test_where_links_race_the_recorded_order_decides(kernels, drawn, concurrency):
    bench = kernels[0]
    graph = drawn.build(bench.blocks)
    run = run_of(bench, graph, drawn.inputs, concurrency)
    raced = is_as_foretold(bench, graph, drawn, run)
    seen(f"something raced: {raced}")


@examples(100, soak=3_000)
@given(drawn_graphs(), st.integers(0, 2**32))
def test_the_interpreter_itself_does_not_depend_on_its_schedule(kernels, drawn, seed):
    graph = drawn.build(kernels[0].blocks)
    first = Interpreter(graph, play.outcome, defined(drawn))
    second = Interpreter(
        graph, play.outcome, defined(drawn), choose=random.Random(seed).choice
    )
    stories = first.run(), second.run()
    assert bool(first.races()) == bool(second.races())
    if not first.races():
        assert stories[0] == stories[1]


def cut(here, there, run, at):
    """The run as a crash after event number `at` leaves it, in another kernel's store."""
    events = here.store.events(run.id)[:at]
    record = here.store.run(run.id)
    id = f"{run.id}-cut-{at}"
    document = there.store.put_document(here.store.document(record.graph))
    kept = RunRecord(
        id=id, agent=record.agent, graph=document, status=record.status.RUNNING,
        started=record.started, owner=record.owner, fence=record.fence,
    )  # fmt: skip
    events[0] = msgspec.structs.replace(events[0], run=id)
    there.store.create_run(kept)
    there.store.append(id, events, fence=record.fence).result()
    return id, events


@examples(150, soak=5_000)
@given(drawn_graphs(), concurrencies, st.floats(0, 1, exclude_max=True))
def test_a_run_cut_off_anywhere_goes_on_as_if_nothing_had_been(
    kernels, drawn, concurrency, where
):
    here, there = kernels
    graph = drawn.build(here.blocks)
    run = run_of(here, graph, drawn.inputs, concurrency)
    last = len(here.store.events(run.id))
    id, before = cut(here, there, run, 1 + int(where * (last - 1)))
    resumed = there.resume(id).wait(timeout=60)
    events = there.store.events(id)
    assert events[: len(before)] == before
    raced = is_as_foretold(there, graph, drawn, resumed)
    seen(f"something raced: {raced}")
    if not raced:
        assert dict(resumed.outputs) == dict(run.outputs)
    ended = {
        (e.node, e.firing)
        for e in before
        if isinstance(e, (FiringCompleted, FiringFailed))
    }
    begun = {(e.node, e.firing) for e in events if isinstance(e, FiringStarted)}
    for node, firing in begun:
        expected = (node, firing) not in ended and graph.node(node).block.startswith(
            "play."
        )
        assert play.executed[id, node, firing] == expected


@examples(40, soak=1_000)
@given(drawn_graphs(), concurrencies)
def test_folding_the_log_from_disk_gives_the_state_that_was_seen_live(
    tmp_path_factory, drawn, concurrency
):
    home = tmp_path_factory.mktemp("disk")
    url = f"sqlite:///{home}/bench.db"
    here = kernel(home, url)
    heard = []
    here.feed.listen(lambda run, events: heard.extend(events))
    graph = drawn.build(here.blocks)
    run = run_of(here, graph, drawn.inputs, concurrency)
    live = run.new_state()
    for event in heard:
        live.apply(event)
    outputs = dict(run.outputs)
    here.close()
    there = kernel(home, url)
    try:
        read = there.run(run.id)
        state = read.fold_into(read.new_state())
        assert state.nodes == live.nodes
        assert (state.status, state.unfired) == (live.status, live.unfired)
        assert (state.failures, state.values) == (live.failures, live.values)
        assert dict(read.outputs) == outputs
    finally:
        there.close()
