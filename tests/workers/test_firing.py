"""A block in a worker process does what it does in the kernel."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from agentbench.domain.block import Emission
from agentbench.domain.errors import BlockRaised
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.domain.run import RunStatus
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench
from agentbench.workers import wire
from agentbench.workers.parcel import address_of
from tests.workers import blocks
from tests.workers.conftest import Bystander


def test_it_runs_elsewhere_and_gives_its_value(graph, place):
    graph.output("process", place(blocks.process))
    graph.output("double", place(blocks.double, number=21))
    graph.output("later", place(blocks.double_later, number=4))
    outputs = graph.run_sync().outputs
    assert outputs["process"] != [os.getpid()]
    assert (outputs["double"], outputs["later"]) == ([42], [8])


def test_a_node_may_ask_for_a_process_of_its_own(graph, place):
    node = place(blocks.process, isolation="thread").set(isolation="process")
    graph.output("process", node)
    assert graph.run_sync().outputs["process"] != [os.getpid()]


def test_a_function_of_a_cell_goes_along_with_what_it_needs(graph, place):
    factor = 3

    class Local:
        value = 5

    def scaled(number: int) -> int:
        return number * factor * Local.value

    graph.output("scaled", place(scaled, number=2))
    assert graph.run_sync().outputs == {"scaled": [30]}


def test_an_installed_block_is_found_by_its_address(bench):
    block = bench.blocks.block("text.template")
    assert address_of(block) == "agentbench.blocks.text.writing:template"
    inputs = {"template": "{{ a }}!", "values": {}, "a": "hello"}

    async def fired():
        return [e async for e in bench.workers.run(block, inputs, Bystander(bench))]

    emitted = bench.loop.submit(fired()).result(timeout=60)
    assert emitted == [Emission("result", "hello!")]


def test_a_model_comes_back_as_a_model(graph, place):
    graph.output("point", place(blocks.moved, point=blocks.Point(x=1)))
    assert graph.run_sync().outputs == {"point": [blocks.Point(x=2)]}


def test_a_stream_comes_value_by_value_and_waits_for_whoever_takes_it(
    bench, graph, place, tmp_path
):
    file = tmp_path / "reached"

    async def taken(number: int) -> int:
        return number

    graph.output("numbers", place(blocks.count, most=50))
    assert graph.run_sync().outputs == {"numbers": [*range(50)]}
    block = place(blocks.count, most=10_000, file=str(file)).id
    stream = bench.workers.run(
        graph.block_of(block), {"most": 10_000, "file": str(file)}, Bystander(bench)
    )

    async def first_of_it():
        first = await anext(stream)
        await asyncio.sleep(0.5)
        reached = int(file.read_text())
        await stream.aclose()
        return first.value, reached

    first, reached = bench.loop.submit(first_of_it()).result(timeout=60)
    assert first == 0
    assert reached < 20


def test_what_it_says_is_heard(bench, graph, place, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here.txt").write_text("found")
    heard = []
    bench.feed.listen(lambda run, events: heard.extend(events))
    node = place(blocks.talk)
    graph.output("text", node)
    run = graph.run_sync()
    assert run.outputs == {"text": ["found"]}
    assert run.nodes[node.id].firings[1].log == ["logged"]
    assert [e.text for e in heard if type(e).__name__ == "Progressed"] == ["half"]
    assert capsys.readouterr().out == "printed\n"


def test_it_asks_people_and_waits_without_a_process(bench, graph, place):
    node = place(blocks.review)
    graph.output("said", node)
    run = graph.run_sync()
    assert run.status is RunStatus.WAITING
    asked = run.nodes[node.id].firings[1].question
    assert (asked.question, asked.choices) == ("Good?", ("yes", "no"))
    run = bench.answer(run.id, node.id, "yes").wait(timeout=60)
    assert run.outputs == {"said": ["it is yes"]}


def test_it_sleeps_and_runs_agents(bench, graph, place):
    inner = Graph("doubler", blocks=bench.blocks)
    place(blocks.double, number=1)
    number = inner.input("number", type="whole number")
    inner.output("double", inner.add("test.double", number=number))
    bench.agents.hold(inner)
    graph.output("rested", place(blocks.nap))
    graph.output("called", place(blocks.call, agent="doubler"))
    assert graph.run_sync().outputs == {"rested": ["rested"], "called": [[8]]}


def test_an_answer_that_nobody_waits_for_any_more_does_no_harm(bench, graph, place):
    def late() -> int:
        time.sleep(0.5)
        return 1

    bench.blocks.register(FunctionBlock(late, id="test.late"))
    inner = Graph("late", blocks=bench.blocks)
    inner.output("late", inner.add("test.late"))
    bench.agents.hold(inner)
    graph.output("numbers", place(blocks.impatient, agent="late"))
    run = graph.start().wait(timeout=60)
    assert run.outputs == {"numbers": [*range(20)]}


def test_an_answer_that_does_not_fit_the_line_is_an_error(
    bench, graph, place, monkeypatch
):
    class Asked(Bystander):
        async def run_agent(self, agent, inputs, *, version, part):
            monkeypatch.setattr(wire, "MOST_BYTES", 1000)
            return {"double": "x" * 5000}

    block = graph.block_of(place(blocks.call, agent="large").id)

    async def work():
        async with asyncio.timeout(60):
            stream = bench.workers.run(block, {"agent": "large"}, Asked(bench))
            return [given async for given in stream]

    with pytest.raises(
        BlockRaised, match="The answer to 'run_agent' cannot be sent: it has more"
    ):
        bench.loop.submit(work()).result()


class Greeter(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_):
        pass


def test_the_network_is_reached_through_the_one_door_only(tmp_path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Greeter)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    place = f"127.0.0.1:{server.server_port}"
    outcomes = []
    for allowed in ((place,), ()):
        settings = Settings(
            home=tmp_path,
            store_url="memory:",
            redis_url="local:",
            allowed_hosts=allowed,
        )
        bench = Workbench(settings)
        use_workbench(bench)
        outcomes.append(_fetched(bench, f"http://{place}/"))
        bench.close()
    server.shutdown()
    server.server_close()
    assert outcomes[0].outputs == {"text": ["hello"]}
    assert outcomes[1].failures[0].error == "OutboundRefused"
    assert "not asked" in outcomes[1].failures[0].message or "allow" in (
        outcomes[1].failures[0].message
    )


def _fetched(bench, url):

    block = FunctionBlock(blocks.fetch, id="test.fetch", isolation="process")
    bench.blocks.register(block)
    graph = Graph("fetching", blocks=bench.blocks)
    graph.output("text", graph.add(block, url=url))
    return graph.run_sync()


def test_a_failure_comes_with_its_name_and_its_place(graph, place):
    node = place(blocks.refuse, number=3)
    run = graph.run_sync()
    assert [(f.error, f.message) for f in run.failures] == [("KeyError", "'not 3'")]
    trace = run.nodes[node.id].firings[1].traceback
    assert "blocks.py" in trace
    assert "raise KeyError(message)" in trace
    assert "agentbench/workers" not in trace


def test_a_block_that_calls_exit_fails(graph, place):
    place(blocks.leave)
    assert [f.error for f in graph.run_sync().failures] == ["SystemExit"]


def test_a_value_that_cannot_travel_is_named(graph, place):
    place(blocks.give_lock)
    place(blocks.take, thing=threading.Lock())
    said = sorted(f.message for f in graph.run_sync().failures)
    assert "The input 'thing' of 'test.take' is a lock" in said[0]
    assert "The output 'result' of 'test.give_lock' is a lock" in said[1]


def test_a_worker_is_used_again_and_starts_anew_when_it_has_to(graph, place):
    node = place(blocks.process)
    graph.output("process", node)
    first, again = (graph.run_sync().outputs["process"][0] for _ in range(2))
    assert first == again
    os.kill(first, 9)
    run = graph.run_sync()
    assert run.status is RunStatus.COMPLETED
    assert run.outputs["process"][0] != first


def test_more_firings_than_workers_wait_in_line(bench, graph, place):
    numbers = graph.add("logic.step", items=[*range(30)])
    several = place(blocks.double, number=numbers["item"])
    graph.output("doubled", several)
    assert graph.run_sync().outputs == {"doubled": [n * 2 for n in range(30)]}


def test_a_module_that_changes_is_read_again(graph, place, tmp_path, monkeypatch):
    (tmp_path / "changing.py").write_text("VALUE = 1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))

    def value() -> int:
        import changing

        return changing.VALUE

    graph.output("value", place(value))
    assert graph.run_sync().outputs == {"value": [1]}
    (tmp_path / "changing.py").write_text("VALUE = 20\n")
    assert graph.run_sync().outputs == {"value": [20]}


def test_files_of_the_working_folder_are_not_taken_for_modules(
    graph, place, tmp_path, monkeypatch
):
    for name in ("re", "msgspec", "pydantic", "sitecustomize", "redis", "colorsys"):
        (tmp_path / f"{name}.py").write_text(f"open('{name}.seen', 'w').close()\n")
    monkeypatch.chdir(tmp_path)

    def look() -> str:
        import colorsys

        return colorsys.__file__

    graph.output("file", place(look))
    run = graph.run_sync()
    assert run.status is RunStatus.COMPLETED
    assert [path.name for path in tmp_path.glob("*.seen")] == []


def test_a_worker_gets_no_address_of_ours(graph, place, monkeypatch):
    monkeypatch.setenv("AGENTBENCH_STORE_URL", "sqlite:////tmp/password-in-here.db")

    def seen() -> list[str]:
        return [n for n in os.environ if n.startswith("AGENTBENCH_") and "URL" in n]

    graph.output("seen", place(seen))
    assert graph.run_sync().outputs == {"seen": [[]]}


def test_only_a_worker_costs_cloudpickle():
    code = "import sys, agentbench as ab; ab.new; print('cloudpickle' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "False"


def test_credentials_reach_a_worker_by_name_only(tmp_path, monkeypatch):
    seen = []

    class Repeats(Greeter):
        def do_GET(self):
            seen.append(self.headers["Authorization"])
            super().do_GET()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Repeats)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    place = f"127.0.0.1:{server.server_port}"
    monkeypatch.setenv("AGENTBENCH_CREDENTIAL_OWN", "canary-42")
    monkeypatch.setenv("AGENTBENCH_CREDENTIAL_OWN_HOSTS", place)
    settings = Settings(
        home=tmp_path, store_url="memory:", redis_url="local:", allowed_hosts=(place,)
    )
    bench = Workbench(settings)
    use_workbench(bench)
    graph = Graph("asks")
    for id, function, more in (
        ("fetched", blocks.fetch_with, {"url": f"http://{place}/", "name": "own"}),
        ("revealed", blocks.reveal, {"name": "own"}),
        ("lost", blocks.reveal, {"name": "lost"}),
    ):
        made = FunctionBlock(function, id=f"far.{id}", isolation="process")
        bench.blocks.register(made)
        graph.output(id, graph.add(made, **more))
    run = graph.run_sync()
    bench.close()
    server.shutdown()
    server.server_close()
    assert seen == ["Bearer canary-42"]
    assert run.outputs["fetched"] == ["hello"]
    assert run.outputs["revealed"] == [["own", "", [place], "24-yranac"]]
    assert "There is no credential 'lost'" in run.failures[0].message
