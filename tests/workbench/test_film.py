"""The film of a run: its timeline, its windows, runs held against each other."""

import base64
import itertools
import json
import random
import re

import pytest

import agentbench as ab
from agentbench.domain.context import Context
from agentbench.domain.errors import UnknownNode, UnknownRun
from agentbench.domain.event import (
    DecisionNeeded,
    FiringAnswered,
    FiringCompleted,
    FiringFailed,
    FiringParked,
    FiringStarted,
    LineLogged,
    RunFinished,
    RunResumed,
)
from agentbench.domain.value import InlineValue
from agentbench.workbench.film.columns import FAILED, WORDS
from agentbench.workbench.film.lanes import Lanes
from agentbench.workbench.film.spans import Spans
from tests.workbench.kept import LARGE, every_store, mixed_graph, open_bench, store_url
from tests.workbench.kept import bench as kept_bench

__all__ = ["kept_bench", "open_bench", "store_url"]


BAD = {"error": "E", "message": "m", "traceback": "", "is_handled": False}


def trying(bench, failing):
    """A graph whose node fails, is tried again, asks and logs."""

    @ab.block(id="test.shaky")
    async def shaky(context: Context) -> int:
        context.use(tokens=30, cost=0.25)
        if failing:
            raise OSError(failing.pop())
        return 1

    @ab.block(id="test.ask")
    async def ask(context: Context) -> str:
        return str(await context.ask("Go on?"))

    graph = ab.Graph("trying", blocks=bench.blocks)
    node = graph.add(shaky, "shaky").set(retries=2, retry_wait=0.01)
    graph.add(ask, "asks")
    graph.output("n", node)
    return graph


def counted(bench, count=4, left=1):
    graph = ab.Graph("counted", blocks=bench.blocks)
    stream = graph.add("test.numbers", "stream", count=count)
    graph.output("sum", graph.add("test.add", "added", left=left, right=stream))
    return graph


@every_store
def test_a_timeline_has_every_firing_of_the_run(open_bench, store_url):
    bench = open_bench(store_url)
    run = mixed_graph(bench, LARGE).run_sync()
    timeline = run.timeline()
    firings = {(it.node, it.number): it for it in run.firings}
    own = [span for span in timeline if "/" not in span.node]
    assert {(span.node, span.number) for span in own} == set(firings)
    for span in own:
        fired = firings[span.node, span.number]
        assert (span.status, span.started) == (fired.status, fired.started)
        assert span.ended == fired.ended
        assert span.queued >= 0
    [failed] = [span for span in timeline if span.status == "failed"]
    assert failed.error == "ValueError: 2 is bad"
    tracks = {track.node: track for track in timeline.tracks}
    assert (tracks["tried"].firings, tracks["tried"].failed) == (4, 1)
    frame = timeline.to_frame()
    assert list(frame["node"]) == [span.node for span in timeline]
    assert str(frame["started"].dt.tz) == "UTC"
    assert (timeline[-1], timeline[:2]) == (list(timeline)[-1], list(timeline)[:2])


def test_attempts_rests_and_waits_are_spans_of_their_own(bench):
    run = trying(bench, ["later", "busy"]).run_sync()
    timeline = run.timeline()
    shaky = [span for span in timeline if span.node == "shaky"]
    assert [span.status for span in shaky] == [
        "tried", "retry", "tried", "retry", "completed",
    ]  # fmt: skip
    assert [span.attempt for span in shaky] == [1, 1, 2, 2, 3]
    assert shaky[0].error == "OSError: busy"
    for before, after in itertools.pairwise(shaky):
        assert before.ended <= after.started
    assert shaky[1].seconds >= 0.009
    track = next(it for it in timeline.tracks if it.node == "shaky")
    assert (track.firings, track.tokens, track.cost) == (1, 90, 0.75)
    assert timeline[-1].ended == 0.0 or run.status == "waiting"
    [_, waits] = [span for span in timeline if span.node == "asks"]
    assert (waits.status, waits.ended) == ("waiting", 0.0)
    assert [mark.text for mark in timeline.marks] == ["waits for an answer"]

    bench.answer(run.id, "asks", "yes").wait()
    assert timeline.renew()
    asks = [span.status for span in timeline if span.node == "asks"]
    assert asks == ["completed", "waiting", "completed"]
    assert not timeline.renew()


@ab.block(id="test.spends")
async def spends(context: Context, n: int) -> int:
    context.use(tokens=10, cost=0.5)
    return n + 1


def test_what_called_agents_did_lies_below_the_node_that_called_them(bench):
    inner = ab.Graph("inner", blocks=bench.blocks)
    given = inner.input("n", type="whole number")
    inner.output("m", inner.add(spends, "spends", n=given))
    bench.agents.hold(inner)
    outer = ab.Graph("outer", blocks=bench.blocks)
    outer.add("agent.map", "each", agent="inner", items=[1, 2, 3], concurrency=2)
    outer.add(spends, "last", n=4)
    run = outer.run_sync()
    timeline = run.timeline()
    tracks = {track.node: track for track in timeline.tracks}
    order = [track.node for track in timeline.tracks]
    assert order.index("each") < order.index("each/spends") < order.index("each/m")
    assert tracks["each/spends"].firings == 3
    assert (tracks["each"].depth, tracks["each/spends"].depth) == (0, 1)
    assert (tracks["each"].tokens, tracks["each"].cost) == (30, 1.5)
    assert (tracks["last"].tokens, tracks["last"].cost) == (10, 0.5)
    # Each is a firing of a run of its own, and what lies in one lane does not overlap.
    places = {timeline.origin("each/spends", n) for n in (1, 2, 3)}
    assert {id for id, _, _ in places} == {child.id for child in run.children}
    for place, track in timeline.rows():
        bars = timeline.window(width=10**6, nodes=[place]).bars
        assert len(bars) >= track.firings
        for lane in range(track.lanes):
            row = sorted((bar.start, bar.end) for bar in bars if bar.lane == lane)
            for before, after in itertools.pairwise(row):
                assert before[1] <= after[0] + 1e-6
    lines = timeline.gantt(100).splitlines()
    assert any(line.startswith("  spends") for line in lines)
    assert not timeline.renew()


def test_the_beginning_of_a_long_run_is_there_before_the_rest_is_read(bench):
    run = counted(bench, count=6_000).run_sync()
    timeline = run.timeline()
    assert timeline.read_on(0.0)
    seen = len(timeline)
    assert 0 < seen < 12_001
    first = timeline.window(width=500)
    assert sum(bar.count for bar in first.bars) == seen
    while timeline.read_on(0.0):
        pass
    assert len(timeline) == 12_001
    assert sum(bar.count for bar in timeline.window(width=500).bars) == 12_001
    assert list(timeline)[:50] == list(run.timeline())[:50]


def logged(*events):
    """Spans of events given as their class, their time and the rest of their fields."""
    spans = Spans()
    spans.take_in(
        kind(seq=seq, at=at, **facts) for seq, (kind, at, facts) in enumerate(events, 1)
    )
    return spans


def stays(spans):
    columns = spans.columns
    return [
        (WORDS[status], started, ended)
        for status, started, ended in zip(
            columns.status, columns.started, columns.ended, strict=True
        )
    ]


def test_a_kernel_that_died_is_not_shown_as_at_work():
    """Its firing ends with the last that was heard, not when another kernel goes on."""
    n = {"node": "n", "firing": 1}
    spans = logged(
        (FiringStarted, 100.0, {**n, "attempt": 1, "inputs": {}}),
        (LineLogged, 103.0, {**n, "text": "the last that was heard"}),
        (RunResumed, 500.0, {"owner": "other", "fence": 2}),
        (FiringStarted, 501.0, {**n, "attempt": 1, "inputs": {}}),
        (FiringCompleted, 502.0, {**n, "seconds": 1.0}),
    )
    assert stays(spans) == [("stopped", 100.0, 103.0), ("completed", 501.0, 502.0)]
    assert spans.columns.queued == [0.0, 1.0]


def test_the_time_until_somebody_decided_is_waiting():
    n = {"node": "n", "firing": 1}
    spans = logged(
        (FiringStarted, 100.0, {**n, "attempt": 1, "inputs": {}}),
        (LineLogged, 103.0, {**n, "text": "sending"}),
        (DecisionNeeded, 400.0, {"firings": {"n": [1]}}),
        (DecisionNeeded, 450.0, {"firings": {"n": [1]}}),
        (RunResumed, 500.0, {"owner": "other", "fence": 2}),
        (FiringFailed, 501.0, {**n, "seconds": 0.0, **BAD}),
    )
    assert stays(spans) == [
        ("stopped", 100.0, 103.0), ("waiting", 400.0, 501.0), ("failed", 501.0, 501.0),
    ]  # fmt: skip


def test_what_a_person_took_to_answer_is_no_queueing():
    n = {"node": "n", "firing": 1}
    spans = logged(
        (FiringStarted, 100.0, {"node": "m", "firing": 1, "attempt": 1, "inputs": {}}),
        (FiringStarted, 101.0, {**n, "attempt": 1, "inputs": {"a": 1}}),
        (FiringParked, 102.0, {**n, "question": "?"}),
        (FiringAnswered, 900.0, {**n, "answer": InlineValue(1), "by": "x"}),
        (FiringStarted, 900.5, {**n, "attempt": 1, "inputs": {"a": 1}}),
    )
    assert stays(spans)[2] == ("waiting", 102.0, 900.0)
    assert spans.columns.queued == [0.0, 1.0, 0.0, 0.5]


def test_a_window_counts_together_what_is_too_short_to_see():
    """Whatever the window: every span in it is in one bar, and the worst is seen."""
    random.seed(7)
    spans, at, seq, events = Spans(), 100.0, 0, []
    failed = set(random.sample(range(1, 30_001), 20))
    for number in range(1, 30_001):
        at += random.expovariate(2_000)
        seq += 1
        events.append(
            FiringStarted(seq=seq, at=at, node="n", firing=number, attempt=1, inputs={})
        )
        at += 0.4 if number % 5_000 == 0 else 0.0002
        seq += 1
        given = {"seq": seq, "at": at, "node": "n", "firing": number, "seconds": 0.0002}
        events.append(
            FiringFailed(**given, **BAD)
            if number in failed
            else FiringCompleted(**given)
        )
    seq += 1
    events.append(
        RunFinished(seq=seq, at=at, status="failed", seconds=at - 100, unfired={})
    )
    spans.take_in(events)
    lanes, total = Lanes(spans), spans.end - spans.started

    whole = lanes.window(0.0, total, 800)
    assert len(whole.bars) < 1_200
    assert sum(bar.count for bar in whole.bars) == 30_000
    assert sum(bar.status == FAILED for bar in whole.bars) <= 20
    assert any(bar.status == FAILED for bar in whole.bars)
    assert sum(bar.count == 1 and bar.end - bar.start > 0.3 for bar in whole.bars) == 6
    starts = [bar.start for bar in whole.bars]
    assert starts == sorted(starts)

    columns = spans.columns
    for _ in range(40):
        start = random.uniform(0, total)
        end = start + total * 10 ** random.uniform(-4, 0)
        window = lanes.window(start, end, 1_000)
        assert len(window.bars) < 1_500
        inside = {
            number
            for number, begun, left in zip(
                columns.number, columns.started, columns.ended, strict=True
            )
            if begun - spans.started < end and left - spans.started >= start
        }
        shown = sum(bar.count for bar in window.bars)
        # At both edges a cell may hold some that are just outside.
        spare = max((bar.count for bar in window.bars), default=0)
        assert len(inside) <= shown + 1
        assert shown <= len(inside) + 2 * spare
    assert len(lanes.window(0.0, total, 10**9, most=500).bars) <= 500


@pytest.mark.parametrize("count", [3, 3_000])
def test_what_begins_at_the_very_end_of_a_window_is_in_it(count):
    """Times since 1970 are too coarse for sums of them to come out even."""
    random.seed(11)
    for _ in range(20):
        at, events = 1_764_370_000 + random.random(), []
        for number in range(1, count + 1):
            at += random.random() / count
            given = {"at": at, "node": "n", "firing": number}
            seq = 2 * number
            events.append(FiringStarted(seq=seq - 1, attempt=1, inputs={}, **given))
            events.append(FiringCompleted(seq=seq, seconds=0.0, **given))
        spans = Spans()
        spans.take_in(events)
        whole = Lanes(spans).window(0.0, spans.end - spans.started, 800)
        assert sum(bar.count for bar in whole.bars) == count


def test_firings_that_overlap_have_lanes_of_their_own(bench):
    graph = ab.Graph("wide", blocks=bench.blocks)
    stream = graph.add("test.numbers", "stream", count=6)
    graph.add("test.slow_if_even", "slow", number=stream)
    timeline = graph.run_sync().timeline()
    [slow] = [track for track in timeline.tracks if track.node == "slow"]
    assert slow.lanes >= 3
    bars = [bar for bar in timeline.window(width=10_000).bars if bar.node == 1]
    for lane in range(slow.lanes):
        row = [bar for bar in bars if bar.lane == lane]
        for before, after in itertools.pairwise(row):
            assert before.end <= after.start + 1e-6


def test_a_timeline_is_drawn_in_text(bench):
    run = mixed_graph(bench, LARGE).run_sync()
    lines = run.timeline().gantt(90).splitlines()
    assert len({len(line) for line in lines[1:-1]}) == 1
    assert len(lines[1]) <= 90
    tried = next(line for line in lines if line.startswith("tried"))
    assert "X" in tried
    assert tried.endswith("| 4")
    assert "X failed" in lines[-1]
    hostile = ab.Graph("h", blocks=bench.blocks)
    hostile.add("test.add", left=1)
    [id] = hostile.nodes
    hostile.apply(ab.domain.edit.SetTitle(id=id, title="\x1b[2J\nred" * 9))
    drawn = hostile.run_sync().timeline().gantt(60)
    assert "\x1b" not in drawn
    assert len(drawn.splitlines()) == 3


def test_a_timeline_in_a_cell_is_the_same_each_time(bench):
    texts = {str(counted(bench).run_sync().timeline()) for _ in range(3)}
    assert len(texts) == 1
    assert "added" in texts.pop()


def test_the_history_of_a_node(bench):
    run = mixed_graph(bench, LARGE).run_sync()
    history = run.firings.of_node("tried")
    assert [it.number for it in history] == [1, 2, 3, 4]
    assert list(history.to_frame()["status"]).count("failed") == 1
    with pytest.raises(UnknownNode, match="tired"):
        run.firings.of_node("tired")


def test_the_history_of_a_node_goes_over_runs(bench):
    runs = [trying(bench, list(failing)).run_sync() for failing in ("", ["busy"], "")]
    history = bench.runs(agent="trying").history("shaky")
    assert [it.run for it in history] == [run.id for run in reversed(runs)]
    assert [it.attempts for it in history] == [1, 2, 1]
    assert [it.tokens for it in history] == [30, 60, 30]
    assert (history[1].status, history[1].error) == ("completed", "OSError: busy")
    assert history[1].waited >= 0.009
    assert list(history.to_frame()["run"]) == [it.run for it in history]
    with pytest.raises(UnknownNode, match="shak"):
        bench.runs().history("shak")


def test_runs_are_found_by_words_of_their_inputs(bench):
    graph = ab.Graph("asked", blocks=bench.blocks)
    graph.output("said", graph.input("city", type="text"))
    oslo, bergen = graph.run_sync(city="Oslo, in rain"), graph.run_sync(city="Bergen")
    assert [it.id for it in bench.runs(text="rain oslo")] == [oslo.id]
    assert [it.id for it in bench.runs(text="ASKED", limit=1)] == [bergen.id]
    assert [it.id for it in bench.runs(text=bergen.id)] == [bergen.id]
    assert not bench.runs(text="Trondheim")


# ---- two runs ---------------------------------------------------------------------


def test_the_same_run_twice_differs_in_nothing_but_time(bench):
    one, two = counted(bench).run_sync(), counted(bench).run_sync()
    diff = one.diff(two)
    assert diff.is_same
    assert diff.first is None
    assert diff.to_frame().empty
    nodes = diff.nodes_frame().set_index("node")
    assert nodes.loc["added", "firings_before"] == nodes.loc["added", "firings_after"]
    assert "the same graph, inputs, firings and outputs" in str(diff)


def test_the_first_difference_is_shown_with_what_it_came_of(bench):
    one, two = counted(bench).run_sync(), counted(bench, count=5).run_sync()
    diff = one.diff(two.id)
    first = diff.first
    assert (first.what, first.node, first.firing) == ("output", "stream", 1)
    assert (first.before, first.after) == ("", "4")
    assert first.why == "the node was changed: `count`"
    assert [str(it) for it in diff.differences if it.what == "graph"] == [
        "graph stream, count: 4 → 5"
    ]
    shown = diff._repr_mimebundle_()
    assert "First difference" in shown["text/html"]
    assert one.id not in shown["text/plain"]
    assert one.id in str(diff)
    with pytest.raises(UnknownRun):
        one.diff("run-none")


def test_what_flows_on_from_a_difference_says_so(bench):
    one, two = counted(bench).run_sync(), counted(bench, left=2).run_sync()
    by = {(it.node, it.firing): it for it in one.diff(two).differences if it.firing}
    assert by["added", 1].why == "the node was changed: `left`"
    assert by["sum", 1].why == "it got another value on `value`"
    assert ("stream", 1) not in by


def test_what_a_run_was_given_is_why_its_inputs_differ(bench):
    graph = ab.Graph("given", blocks=bench.blocks)
    graph.output("n", graph.input("count", 1, type="whole number"))
    diff = graph.run_sync(count=2).diff(graph.run_sync(count=5))
    assert (diff.first.node, diff.first.why) == (
        "count", "the run was given another `count`",
    )  # fmt: skip


def test_a_block_that_is_not_repeatable_is_found_out(bench):
    drawn = iter(range(10))

    @ab.block(id="test.dice")
    async def dice() -> int:
        return next(drawn)

    graph = ab.Graph("dice", blocks=bench.blocks)
    graph.output("n", graph.add(dice, "dice"))
    diff = graph.run_sync().diff(graph.run_sync())
    assert diff.first.node == "dice"
    assert diff.first.why == "it did otherwise with the same inputs"
    assert (diff.first.before, diff.first.after) == ("0", "1")


def test_inputs_failures_nodes_and_links_are_compared(bench):
    graph = ab.Graph("asked", blocks=bench.blocks)
    number = graph.input("number", type="whole number")
    graph.output("good", graph.add("test.fail_on", "tried", number=number))
    fine = graph.run_sync(number=1)
    bad = graph.run_sync(number=2)
    diff = fine.diff(bad)
    [given] = [it for it in diff.differences if it.what == "input"]
    assert (given.port, given.before, given.after) == ("number", "1", "2")
    [ended] = [it for it in diff.differences if it.after.startswith("failed")]
    assert (ended.node, ended.before) == ("tried", "completed")
    assert diff.statuses == ("completed", "failed")
    graph.add("test.add", "more", left=number)
    found = {it.node: it for it in fine.diff(graph.run_sync(number=1)).differences}
    assert found["more"].after in ("test.add", "completed") or found["more"].what
    assert any(
        it.after.endswith("-> more.left")
        for it in fine.diff(graph.run_sync(number=1)).differences
    )


def test_a_fork_is_compared_with_what_it_came_from(bench):
    run = counted(bench).run_sync()
    fork = run.fork(set={"stream.result": 40}).wait()
    diff = run.diff(fork)
    assert diff.first.node == "stream"
    assert "40" in diff.first.after


def test_both_graphs_are_drawn_with_marks_where_the_runs_differ(bench):
    one = counted(bench).run_sync()
    graph = counted(bench, count=5)
    graph.add("test.add", "zone", left=1)
    diff = one.diff(graph.run_sync())
    assert diff.marks == {
        "stream": "first_difference", "added": "differs", "sum": "differs",
        "zone": "added",
    }  # fmt: skip
    html = diff._repr_mimebundle_()["text/html"]
    before, after = [
        base64.b64decode(data).decode()
        for data in re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', html)
    ]
    assert "First difference" in before
    assert "Added" not in before
    assert "Added" in after
    same = one.diff(counted(bench).run_sync())
    assert same.marks == {}
    assert "<img" not in same._repr_mimebundle_()["text/html"]


def test_what_runs_said_is_text_in_a_comparison(bench):
    hostile = "<img src=x onerror=alert(1)>`<b>`"
    graph = ab.Graph("<script>alert(1)</script>", blocks=bench.blocks)
    talk = graph.add("test.talk", "talk", text="calm")
    graph.output(hostile, talk)
    one = graph.run_sync()
    talk["text"] = hostile
    shown = one.diff(graph.run_sync())._repr_mimebundle_()["text/html"]
    assert "&lt;img src=x" in shown
    assert not re.search("<(img src|script|b>`)", shown.replace("<b>First", ""))


def test_any_recorded_value_is_changed_by_its_event(bench):
    run = counted(bench).run_sync()
    second = [seq for output, seq in run.firings.of_node("stream")[0].given][1]
    fork = run.fork(set={second: 40}).wait()
    assert fork.outputs["sum"] == [1, 41, 3, 4]
    by = {(it.node, it.number): it for it in fork.firings}
    assert by["added", 2].status == "completed"
    assert {by["added", n].status for n in (1, 3, 4)} == {"reused"}
    assert (
        run.fork(at=len(run.events) - 2, set={second: 40}).wait().outputs
        == fork.outputs
    )
    with pytest.raises(LookupError, match="Event 1 of this run brought no value"):
        run.fork(set={1: 40})
    with pytest.raises(LookupError, match="Event 999 "):
        run.fork(set={999: 40})


# ---- a page of its own ------------------------------------------------------------

DATA = re.compile(r'<script type="application/json" id="run">(.*?)</script>', re.DOTALL)


def shared(path):
    return json.loads(DATA.search(path.read_text())[1])


def test_a_page_holds_the_run_and_a_policy(bench, tmp_path):
    run = trying(bench, ["busy"]).run_sync()
    path = run.share(tmp_path)
    assert path == tmp_path / f"{run.id}.run.html"
    text = path.read_text()
    head = text.partition("<style>")[0]
    assert "default-src 'none'" in head
    assert "unsafe" not in head
    assert not re.search(r"""(src|href)=["'](?!data:)""", text.partition("<script")[0])
    held = shared(path)
    assert held["total"] == held["held"] == len(run.firings)
    look = held["firings"]["shaky#1"]
    assert (look["tokens"], look["tries"]) == (60, ["OSError: busy"])
    assert [it["text"] for it in look["values"]] == ["1"]
    assert "shaky" in text.partition("<pre>")[2].partition("</pre>")[0]


def test_a_page_holds_the_libraries_that_its_values_are_drawn_by(bench, tmp_path):
    graph = ab.Graph("drawn", blocks=bench.blocks)
    graph.output("law", graph.add("text.template", template="$$E = mc^2$$"))
    graph.output("way", graph.add("text.template", template="digraph { a -> b }"))
    path = graph.run_sync().share(tmp_path)
    text = path.read_text()
    held = re.findall(r'<script type="application/gzip" id="stage-(\w+)">', text)
    assert held == ["graphviz", "latex"]
    policy = text.partition("script-src")[2].partition(";")[0]
    assert policy.count("'sha256-") == 3
    drawn = {it["port"]: (it["stage"], it["staged"]) for it in shared(path)["outputs"]}
    assert drawn["law"] == ("latex", "$$E = mc^2$$")
    assert drawn["way"] == ("graphviz", "digraph { a -> b }")


def test_a_page_of_many_firings_is_bounded_and_says_so(bench, tmp_path):
    run = counted(bench, count=1_200).run_sync()
    held = shared(run.share(tmp_path / "many.html"))
    assert held["total"] == len(run.firings) > held["held"] == 1_500
    assert sum(held["bars"]["count"]) == held["total"]


def test_a_page_shows_values_as_they_are_kept(bench, tmp_path):
    """A live object may hold what no file may: the page has what the log has."""
    graph = ab.Graph("live", blocks=bench.blocks)
    graph.add("test.live", "live")
    run = graph.run_sync()
    [value] = [
        it
        for it in shared(run.share(tmp_path))["firings"]["live#1"]["values"]
        if it["side"] == "output"
    ]
    assert value["text"] == ""
    assert "live only" in value["note"]


def test_a_page_holds_what_called_agents_did(bench, tmp_path):
    held = shared(mixed_graph(bench, LARGE).run_sync().share(tmp_path / "mixed.html"))
    assert held["total"] == held["held"] == sum(held["bars"]["count"])
    look = held["firings"]["calls/add#1"]
    assert (look["node"], look["number"], look["status"]) == (
        "calls/add", 1, "completed",
    )  # fmt: skip
    assert {it["side"] for it in look["values"]} == {"input", "output"}
