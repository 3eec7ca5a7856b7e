"""Runs that record their calls, and replay them: by run, kernel, setting."""

import dataclasses
import time

import pytest

import agentbench as ab
from agentbench.domain.context import Context
from agentbench.domain.errors import BackendError
from agentbench.domain.model import ToolCall
from agentbench.domain.run import RunOptions
from agentbench.llm.scripted import Scripted
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench
from tests.kernels import with_samples
from tests.replay.web import serving


@pytest.fixture(scope="module")
def server():
    with serving() as server:
        yield server


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """A bench that reaches the server."""
    monkeypatch.chdir(tmp_path)
    settings = Settings(
        home=tmp_path / "home",
        store_url="memory:",
        redis_url="local:",
        allowed_hosts=("127.0.0.1",),
    )
    made = Workbench(settings)
    with_samples(made.blocks)
    use_workbench(made)
    yield made
    made.close()


@pytest.fixture
def changed(bench):
    """Another kernel with other settings, on the same files."""
    made = []

    def change(**settings):
        made.append(Workbench(dataclasses.replace(bench.settings, **settings)))
        with_samples(made[-1].blocks)
        use_workbench(made[-1])
        return made[-1]

    yield change
    for one in made:
        one.close()
    use_workbench(bench)


def fetching(server, path="count", name="shop list", **constants):
    graph = ab.Graph(name)
    page = graph.add("web.fetch", "fetch", url=f"{server.url}/{path}", **constants)
    graph.output("body", page["body"])
    return graph


def test_a_run_records_beside_us_and_replays_without_a_network(
    server, bench, changed, tmp_path
):
    made = fetching(server).run_sync(replay="record").raise_on_failure()
    (file,) = (tmp_path / "recordings" / "shop-list").iterdir()
    assert file.name.startswith("fetch.1-web-get-127.0.0.1-count-")
    came = server.count
    changed(offline=True, allowed_hosts=())
    again = fetching(server).run_sync(replay="replay").raise_on_failure()
    assert again.outputs == made.outputs
    assert server.count == came


def test_without_being_told_calls_are_made_and_nothing_is_kept(server, bench, tmp_path):
    first, second = (fetching(server).run_sync()["body"]["n"] for _ in range(2))
    assert second == first + 1
    assert not (tmp_path / "recordings").exists()


def test_parallel_identical_calls_replay_alike_at_any_concurrency(server, bench):
    made = ab.Graph("many")

    @ab.block(id="mine.address")
    def address(number: int) -> str:
        return f"{server.url}/count"

    where = made.add(address, number=made.add("test.numbers", count=12))
    page = made.add("web.fetch", "fetch", url=where)
    made.output("body", page["body"])
    recorded = made.run_sync(replay="record", options=RunOptions(concurrency=12))
    numbers = [body["n"] for body in recorded.outputs["body"]]
    assert len(set(numbers)) == 12
    for concurrency in (1, 12):
        options = RunOptions(concurrency=concurrency)
        replayed = made.run_sync(replay="replay", options=options)
        assert [body["n"] for body in replayed.outputs["body"]] == numbers


def test_retries_replay_too(server, bench):
    server.numbers = iter(range(1, 99))
    graph = fetching(server, "busy")
    said = []
    for mode, wait in (("record", 0.001), ("replay", 60)):  # which nobody waits for
        graph["fetch"].set(retries=3, retry_wait=wait)
        run = graph.run_sync(replay=mode).raise_on_failure()
        said.append((run.outputs, [f.attempts for f in run.firings]))
    assert said[0] == said[1]
    assert said[0][0] == {"body": ["fine"]}


def test_a_miss_fails_the_run_also_where_the_failure_is_handled(server, bench):
    graph = fetching(server, "page")
    graph.run_sync(replay="record").raise_on_failure()
    changed = fetching(server, "image")
    changed["fetch"].set(retries=5, retry_wait=60)
    changed.output("problem", changed["fetch"]["error"])
    began = time.monotonic()
    run = changed.run_sync(replay="replay")
    assert time.monotonic() - began < 30
    assert run.status == "failed"
    assert "/page" in run.reason
    assert "/image" in run.reason
    assert "not recorded in recordings/shop-list" in run.reason


def test_a_sub_agent_is_recorded_with_the_run_that_calls_it(server, bench, changed):
    inner = fetching(server, name="inner")
    bench.agents.hold(inner)
    graph = ab.Graph("outer")
    graph.output("n", graph.add("agent.run", "call", agent="inner"))
    made = graph.run_sync(replay="record").raise_on_failure()
    folder = bench.settings.home.parent / "recordings"
    (file,) = (folder / "outer").iterdir()
    assert file.name.startswith("call.1.inner.fetch.1-web-get")
    assert graph.run_sync(replay="replay").outputs == made.outputs


def test_a_block_in_a_worker_process_is_recorded(server, bench):
    @ab.block(isolation="process")
    async def far(url: str, context: Context) -> str:
        return (await context.outbound.request("GET", url)).text

    graph = ab.Graph("far")
    graph.output("text", graph.add(far, url=f"{server.url}/count"))
    texts = [graph.run_sync(replay=mode)["text"] for mode in ("record", "replay")]
    assert texts[0] == texts[1]


def test_a_run_that_waits_goes_on_with_its_recording(server, bench):
    graph = fetching(server)

    @ab.block
    async def asks(body: dict, context: Context) -> str:
        return await context.ask("Fine?")

    answer = graph.add(asks, "asks", body=graph["fetch"]["body"])

    @ab.block(id="mine.after")
    async def after(answer: str, url: str, context: Context) -> str:
        return (await context.outbound.request("GET", url)).text

    graph.output("text", graph.add(after, answer=answer, url=f"{server.url}/count"))
    texts = []
    for mode in ("record", "replay"):
        run = graph.run_sync(replay=mode)
        assert run.status == "waiting"
        run = bench.answer(run.id, "asks", "yes").wait()
        texts.append((run["text"], run["body"]))
        assert len(bench.replays.used(run.id)) == 2
    assert texts[0] == texts[1]


def test_an_agent_of_a_model_and_tools_replays_without_the_model(
    server, bench, changed
):
    wanted = ToolCall("c1", "shop", {"params": {"q": "tea"}})
    bench.models.add("lab", Scripted([wanted, "There is one."]))

    def run(mode):
        graph = ab.Graph("thinker")
        agent = graph.add("ai.agent", "agent", task="Is there tea?", model="lab:small")
        shop = graph.add("web.fetch", "shop", url=f"{server.url}/count")
        agent["tools"] >> shop["params"]
        graph.output("answer", agent["answer"])
        graph.output("found", shop["body"])
        run = graph.run_sync(replay=mode).raise_on_failure()
        tokens = sum(firing.tokens for firing in run.firings)
        return run.outputs, tokens

    made = run("record")
    assert made[0]["answer"] == ["There is one."]
    folder = bench.settings.home.parent / "recordings" / "thinker"
    assert [file.name.rpartition("-")[0] for file in sorted(folder.iterdir())] == [
        "agent.1-model-chat-lab-small",
        "agent.1-model-chat-lab-small",
        "shop.1-web-get-127.0.0.1-count",
    ]
    changed(offline=True, allowed_hosts=())  # nobody knows a provider `lab` here
    assert run("replay") == made


def test_a_run_goes_before_the_environment_and_that_before_the_notebook(
    server, bench, changed, tmp_path
):
    def folders():
        return sorted(one.name for one in (tmp_path / "calls").glob("*"))

    assert ab.set_replay("record", recordings="calls") == "record"
    fetching(server, name="notebook").run_sync()
    fetching(server, name="run").run_sync(replay="live")
    assert folders() == ["notebook"]
    other = changed(replay="live")
    assert ab.set_replay("record", recordings="calls") == "live"
    fetching(server, name="environment").run_sync()
    assert folders() == ["notebook"]
    assert other.replays.is_from_environment
    fetching(server, name="notebook").run_sync(replay=True, recording="calls/notebook")


def test_what_no_run_used_is_pruned_and_nothing_else(server, bench, tmp_path):
    folder = tmp_path / "calls" / "shop-list"
    fetching(server, "image").run_sync(replay="record", recording=folder)
    fetching(server, "page").run_sync(replay="record", recording=folder)
    (folder / "notes.txt").write_text("mine")
    (folder / "other.json").write_text("{}")
    other = Workbench(bench.settings)
    use_workbench(other)
    fetching(server, "page").run_sync(
        replay="replay", recording=folder
    ).raise_on_failure()
    print(other.replays._used)
    gone = other.replays.prune()
    other.close()
    use_workbench(bench)
    assert sorted(file.suffix for file in gone) == [".json", ".png"]
    left = sorted(file.name for file in folder.iterdir())
    assert left[1:] == ["notes.txt", "other.json"]
    assert left[0].startswith("fetch.1-web-get-127.0.0.1-page-")


def test_a_mode_that_does_not_exist_is_told_at_once(bench):
    with pytest.raises(ValueError, match="live, record, replay, auto"):
        RunOptions(replay="recrod")
    with pytest.raises(BackendError, match="AGENTBENCH_REPLAY"):
        Settings.from_environment({"AGENTBENCH_REPLAY": "recrod"})
