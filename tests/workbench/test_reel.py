"""The state at any event is the fold of those up to it, however the film came there."""

import random

import pytest
from hypothesis import given

import agentbench as ab
from agentbench.domain.context import Context
from agentbench.domain.renderer import MimeBundle
from agentbench.workbench.film.index import excerpt
from agentbench.workbench.film.look import look
from agentbench.workbench.film.outline import Outline
from agentbench.workbench.film.reel import Reel
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench
from tests.engine import play
from tests.engine.random_graphs import drawn_graphs
from tests.examples import SEED, examples


@pytest.fixture(scope="module")
def playing(tmp_path_factory):
    home = tmp_path_factory.mktemp("kernel")
    bench = Workbench(Settings(home=home, store_url="memory:", redis_url="local:"))
    play.with_play(bench.blocks)
    yield bench
    bench.close()


def all_of(state):
    """A state and its plan, as plain values that can be compared."""
    own = vars(state) | {"plan": None, "_era": None}
    own["values"] = {n: it for n, it in state.values.items() if n <= state.last_seq}
    plan = vars(state.plan) | {"rules": None, "wiring": None}
    names = ("opened", "head", "pending", "cursor", "latest", "done", "held")
    plan["nodes"] = {
        id: {name: getattr(node, name) or None for name in names}
        for id, node in state.plan.nodes.items()
    }
    return repr((own | {"changed": None}, plan))


def folded(run, at):
    return all_of(run.fold_into(run.new_state(), last=at))


def asked_at_random(run, **distances):
    """Goes back and forth; what was given out before stays as it was."""
    chance, reel, last = random.Random(SEED), Reel(run, **distances), len(run.events)
    given_out = {}
    for turn in range(24):
        if turn == 8:
            assert all_of(reel.now()) == folded(run, last)
        at = chance.randint(1, last)
        state = reel.at(at)
        assert (state.last_seq, all_of(state)) == (at, folded(run, at))
        given_out[at] = state
    gone_on = chance.sample(sorted(given_out), len(given_out) // 2)
    for at in gone_on:
        assert all_of(run.fold_into(given_out[at])) == folded(run, last)
    for at in given_out.keys() - set(gone_on):
        assert all_of(given_out[at]) == folded(run, at)
    assert all_of(reel.still()) == all_of(reel.now()) == folded(run, last)


def looks_alike(run):
    """Each firing by itself looks as it does in the fold of everything."""
    whole, by_firing = run.fold_into(run.new_state()), run.timeline().by_firing
    keys = [(id, n) for id, node in whole.nodes.items() for n in node.firings]
    together = excerpt(run, by_firing, keys)
    for key in keys:
        seen = shown(run, whole, key)
        for part in (excerpt(run, by_firing, [key]), together):
            more = {"of": by_firing.firings(key[0]), "gave": part.gave[key]}
            assert shown(run, part.state, key, **more) == seen


def outlined_alike(run):
    """What a page is told of the whole run is what the fold says."""
    whole, outline = run.fold_into(run.new_state()), Outline(run.graph)
    timeline = run.timeline_with(outline.take_in)
    assert (outline.inputs, outline.reason) == (whole.inputs, whole.reason)
    assert (outline.started, outline.status) == (whole.started, whole.status)
    assert outline.failures == whole.failures
    assert outline.plan.outputs == whole.plan.outputs
    assert outline.statuses == run.node_statuses
    every = [f for node in whole.nodes.values() for f in node.firings.values()]
    every.sort(key=lambda f: (not f.error, f.firing, f.began))
    assert timeline.worst_first() == [(f.node, f.firing) for f in every]
    assert timeline.by_firing.total == len(every)


def drawn_plainly(value):
    return MimeBundle({"text/plain": repr(value)})


def shown(run, state, key, **more):
    return look(state, run.graph, *key, read=run.value, render=drawn_plainly, **more)


@examples(15, soak=600)
@given(drawn_graphs())
def test_any_run_stands_anywhere_as_its_fold(playing, drawn):
    inputs = {
        id: drawn.inputs.get(id, 5)
        for id, block, *_ in drawn.nodes
        if block == "agent.input"
    }
    graph = drawn.build(playing.blocks)
    run = playing.start(graph, inputs).wait(timeout=60)
    asked_at_random(run, stride=2, near=3)
    looks_alike(run)
    outlined_alike(run)


def test_what_is_rare_stands_as_its_fold_too(playing):
    """Attempts, usage, lines, questions and answers, more values than a look shows."""
    failing = ["busy", "late"]

    @ab.block(id="reel.shaky")
    async def shaky(context: Context) -> int:
        context.use(tokens=30, cost=0.25, model="m")
        for number in range(250):
            context.log(f"line {number}")
        if failing:
            raise OSError(failing.pop())
        for number in range(60):
            yield number

    @ab.block(id="reel.ask")
    async def ask(context: Context, number: int) -> str:
        return str(await context.ask(f"Go on with {number}?"))

    graph = ab.Graph("rare", blocks=playing.blocks)
    node = graph.add(shaky, "shaky").set(retries=2, retry_wait=0.01)
    graph.add("play.mix", "mixed", a=node, bad=2)
    asking = graph.add(ask, "asks", number=7)
    graph.output("said", asking)
    run = playing.start(graph, {}).wait(timeout=60)
    assert run.status == "waiting"
    asked_at_random(run, stride=5, near=7)
    looks_alike(run)
    outlined_alike(run)
    playing.answer(run.id, "asks", "yes").wait(timeout=60)
    asked_at_random(run, stride=5, near=7)
    looks_alike(run)
    outlined_alike(run)
    found = shown(run, run.fold_into(run.new_state()), ("shaky", 1))
    assert (len(found.values), found.more_values, len(found.log)) == (40, 20, 200)


def test_a_reel_goes_on_with_its_run(playing):
    graph = ab.Graph("on", blocks=playing.blocks)

    @ab.block(id="reel.ask_again")
    async def ask(context: Context) -> str:
        return str(await context.ask("Go on?"))

    graph.output("said", graph.add(ask, "asks"))
    run = playing.start(graph, {}).wait(timeout=60)
    reel = Reel(run, stride=2, near=2)
    before = reel.still()
    was, at = all_of(before), before.last_seq
    playing.answer(run.id, "asks", "yes").wait(timeout=60)
    assert reel.now().status == "completed"
    assert all_of(before) == was == all_of(reel.at(at))
