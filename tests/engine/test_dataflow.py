"""The semantics of a run, through the public face, over both sets of backends."""

import itertools

from agentbench.domain.event import FiringStarted
from agentbench.domain.run import RunOptions, RunStatus


def streamed(graph, count, start=0):
    return graph.add("test.numbers", count=count, start=start)


def test_a_node_without_links_fires_once(graph):
    graph.output("sum", graph.add("test.add", left=2, right=3))
    assert graph.run_sync().outputs == {"sum": [5]}


def test_each_value_of_a_stream_fires_what_it_feeds(graph):
    graph.output("n", graph.add("test.add", left=streamed(graph, 4), right=10))
    assert graph.run_sync().outputs == {"n": [10, 11, 12, 13]}


def test_two_streams_pair_in_order(graph):
    pairs = graph.add(
        "test.add", left=streamed(graph, 3), right=streamed(graph, 3, 100)
    )
    graph.output("n", pairs)
    assert graph.run_sync().outputs == {"n": [100, 102, 104]}


def test_the_tail_of_a_longer_stream_stays_unfired_and_is_told(graph):
    left, right = streamed(graph, 5), streamed(graph, 3, 100)
    pairs = graph.add("test.add", left=left, right=right)
    graph.output("n", pairs)
    run = graph.run_sync()
    assert run.outputs == {"n": [100, 102, 104]}
    assert run.status is RunStatus.COMPLETED
    assert run.unfired == {pairs.id: 2}


def test_a_sticky_value_serves_every_item_of_a_stream(graph):
    base = graph.input("base", 100, type="whole number")
    graph.output("n", graph.add("test.add", left=streamed(graph, 3), right=base))
    assert graph.run_sync().outputs == {"n": [100, 101, 102]}
    assert graph.run_sync(base=7).outputs == {"n": [7, 8, 9]}


def test_a_late_sticky_value_releases_what_waits(graph):
    late = graph.add("test.blocking", number=50)
    node = graph.add("test.add", left=streamed(graph, 3))
    graph.link(late["result"], node["right"], sticky=True)
    graph.output("n", node)
    assert graph.run_sync().outputs == {"n": [50, 51, 52]}


def test_values_leave_in_firing_order_at_any_concurrency(graph):
    graph.output("n", graph.add("test.slow_if_even", number=streamed(graph, 8)))
    for concurrency in (1, 3, 16):
        run = graph.run_sync(options=RunOptions(concurrency=concurrency))
        assert run.outputs == {"n": list(range(8))}


def test_a_node_may_give_its_values_as_they_come(graph):
    node = graph.add("test.slow_if_even", number=streamed(graph, 6)).set(ordered=False)
    graph.output("n", node)
    given = graph.run_sync().outputs["n"]
    assert sorted(given) == list(range(6))
    assert given.index(1) < given.index(0)


def test_a_cycle_goes_round_until_it_lets_go(graph):
    loop = graph.add("test.countdown")
    start = graph.add("test.add", left=5)
    start["result"] >> loop["number"]
    loop["again"] >> loop["number"]
    graph.output("end", loop["done"])
    run = graph.run_sync()
    assert run.outputs == {"end": [0]}
    assert len(run.nodes[loop.id].firings) == 6


def test_a_note_never_fires_and_an_unlinked_output_of_a_block_is_dropped(graph):
    graph.add("values.note", text="hello")
    graph.add("test.numbers", count=3)
    run = graph.run_sync()
    assert run.status is RunStatus.COMPLETED
    assert len(run.firings) == 1


def test_concurrency_bounds_how_many_firings_overlap(graph):
    node = graph.add("test.blocking", number=streamed(graph, 6)).set(concurrency=1)
    graph.output("n", node)
    run = graph.run_sync()
    times = sorted((f.started, f.seconds) for f in run.firings if f.node == node.id)
    pairs = itertools.pairwise(times)
    assert all(began + took <= after + 0.005 for (began, took), (after, _) in pairs)


def test_firings_that_wait_for_room_start_in_order(bench, graph):
    node = graph.add("test.add", left=streamed(graph, 12)).set(concurrency=2)
    run = graph.run_sync(options=RunOptions(concurrency=3))
    started = [
        event.firing
        for event in bench.store.events(run.id)
        if isinstance(event, FiringStarted) and event.node == node.id
    ]
    assert started == list(range(1, 13))


def test_live_objects_travel_as_they_are(graph):
    graph.output("same", graph.add("test.is_lock", thing=graph.add("test.live")))
    assert graph.run_sync().outputs == {"same": [True]}


def test_a_graph_edited_after_the_start_does_not_touch_the_run(graph):
    slow = graph.add("test.slow_if_even", number=streamed(graph, 4))
    graph.output("n", slow)
    run = graph.start()
    graph.remove(slow)
    assert run.wait().outputs == {"n": [0, 1, 2, 3]}


def test_the_log_of_a_run_is_numbered_without_gaps(bench, graph):
    graph.output("n", graph.add("test.add", left=streamed(graph, 5)))
    run = graph.run_sync()
    events = bench.store.events(run.id)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert bench.store.run(run.id).status is RunStatus.COMPLETED


def test_events_are_committed_before_anyone_hears_of_them(bench, graph):
    heard = []

    def listener(run, events):
        kept = {event.seq for event in bench.store.events(run)}
        heard.append({event.seq for event in events} <= kept)

    bench.feed.listen(listener)
    graph.output("n", graph.add("test.add", left=streamed(graph, 20)))
    graph.run_sync()
    assert heard
    assert all(heard)
