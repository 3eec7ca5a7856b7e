"""Same graph, inputs and block results: same outputs, same order, same events per node.

Random graphs, run at any concurrency and cut off anywhere, against the interpreter.
"""

import random

import msgspec
import pytest
from hypothesis import event as seen
from hypothesis import given
from hypothesis import strategies as st

from agentbench.domain.event import FiringFailed
from agentbench.domain.graph import Graph
from agentbench.domain.run import RunOptions
from agentbench.domain.store import RunRecord
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench
from tests.engine import play
from tests.engine.interpreter import Interpreter
from tests.engine.random_graphs import drawn_graphs
from tests.engine.story import ENDS, arrivals, check_log, told
from tests.examples import IS_SOAK, SEED, examples

pytestmark = pytest.mark.timeout(1800 if IS_SOAK else 120)
concurrencies = st.sampled_from([1, 2, 3, 16])


def kernel(home, store="memory:"):
    bench = Workbench(Settings(home=home, store_url=store, redis_url="local:"))
    play.with_play(bench.blocks)
    return bench


@pytest.fixture(scope="module")
def kernels(tmp_path_factory):
    """Two workbenches that share nothing."""
    print(f"AGENTBENCH_SEED={SEED}")
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


@examples(150, soak=2_000)
@given(drawn_graphs(races=False), concurrencies)
def test_a_run_is_what_the_interpreter_foretells(kernels, drawn, concurrency):
    bench = kernels[0]
    graph = drawn.build(bench.blocks)
    run = run_of(bench, graph, drawn.inputs, concurrency)
    raced = is_as_foretold(bench, graph, drawn, run)
    seen(f"something raced: {raced}")


@examples(150, soak=2_000)
@given(drawn_graphs(), concurrencies)
def test_where_links_race_the_recorded_order_decides(kernels, drawn, concurrency):
    bench = kernels[0]
    graph = drawn.build(bench.blocks)
    run = run_of(bench, graph, drawn.inputs, concurrency)
    raced = is_as_foretold(bench, graph, drawn, run)
    seen(f"something raced: {raced}")


@examples(100, soak=2_000)
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
    there.store.create_run(kept).result()
    there.store.append(id, events, fence=record.fence).result()
    return id, events


@examples(150, soak=2_000)
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
    check_executions(graph, id, before, events)


def check_executions(graph, id, before, events):
    """What had ended was not executed again, what had not was, once for each attempt."""
    ended = {(e.node, e.firing) for e in before if isinstance(e, ENDS)}
    for event in events:
        if isinstance(event, ENDS):
            key, options = (event.node, event.firing), graph.node(event.node).options
            is_real = graph.node(event.node).block.startswith("play.")
            is_run = is_real and not options.keys() & {"disabled", "pinned"}
            times = play.executed[id, *key]
            if key in ended or not is_run:
                assert times == 0
            else:
                fails = isinstance(event, FiringFailed)
                assert 1 <= times <= 1 + (fails and options.get("retries", 0))


def test_a_run_cut_off_at_every_event_in_turn_comes_out_the_same(kernels):
    here, there = kernels
    graph = Graph("every", blocks=here.blocks)
    base = graph.input("base", 5, type="whole number")
    stream = graph.add("play.stream", count=4)
    burst = graph.add("play.burst", a=stream, b=base, bad=2, naps=2)
    graph.output("trouble", burst["error"])
    graph.output("sum", graph.add("play.mix_in_thread", a=burst, b=stream))
    graph.add("play.mix", a=stream, bad=3).set(retries=1, retry_wait=0.001)
    loop = graph.add("play.loop", a=graph.add("play.step", a=3))
    loop["again"] >> loop["a"]
    graph.output("end", loop["done"])
    run = run_of(here, graph, {}, 16)
    whole = here.store.events(run.id)
    assert len(whole) > 80
    for at in range(1, len(whole)):
        id, before = cut(here, there, run, at)
        resumed = there.resume(id).wait(timeout=60)
        events = there.store.events(id)
        check_log(events)
        assert told(graph, events) == told(graph, whole)
        assert dict(resumed.outputs) == dict(run.outputs)
        check_executions(graph, id, before, events)


def test_a_failure_cut_off_before_its_end_is_told_once(kernels):
    here, there = kernels
    graph = Graph("once", blocks=here.blocks)
    graph.output("trouble", graph.add("play.mix", a=2, b=0, c=0, bad=2)["error"])
    run = run_of(here, graph, {}, 16)
    events = here.store.events(run.id)
    end = next(e.seq for e in events if isinstance(e, FiringFailed))
    id, _ = cut(here, there, run, end - 1)
    assert there.resume(id).wait(timeout=60).outputs == {"trouble": ["14 is bad"]}


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
