"""A real model, small and foolish: what counts here is what carries its words."""

import asyncio
import importlib.util
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import pytest

import agentbench as ab
from agentbench.domain.errors import UnknownModel
from agentbench.domain.event import Progressed
from agentbench.domain.graph import Graph
from agentbench.domain.model import ChatRequest, Delta, ModelName, answer, says
from agentbench.domain.run import RunStatus
from agentbench.llm.local import LocalModels
from agentbench.llm.providers import PROVIDERS
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench

SCRIPT = Path(__file__).parents[2] / "scripts" / "weights.py"

pytestmark = [
    pytest.mark.skipif(
        importlib.util.find_spec("xllamacpp") is None, reason="llama.cpp is not here"
    ),
    pytest.mark.timeout(180),
]
PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 20},
        "age": {"type": "integer", "minimum": 0, "maximum": 120},
    },
    "required": ["name", "age"],
    "additionalProperties": False,
}

QUESTION = "What is the average price in each city?"
EXAMPLE = [
    {"role": "user", "content": "How many nights do people stay in each month?"},
    {
        "role": "assistant",
        "parts": [
            {
                "kind": "call",
                "id": "call_1",
                "tool": "average",
                "arguments": {"column": "nights", "by": "month"},
            }
        ],
    },
    {
        "role": "tool",
        "parts": [
            {"kind": "result", "id": "call_1", "tool": "average", "content": "3"}
        ],
    },
    {"role": "assistant", "content": "3 nights."},
]
"""An example is what a small model needs to call a tool."""


@pytest.fixture(scope="module")
def weights():
    found = subprocess.run(
        [sys.executable, str(SCRIPT)], capture_output=True, text=True, check=False
    )
    if found.returncode:
        pytest.skip(found.stderr.strip())
    return found.stdout.strip()


@pytest.fixture
def name(weights, tmp_path):
    (tmp_path / "tiny.gguf").symlink_to(weights)
    return "local:tiny"


def asking(name, text, **settings):
    settings = {"max_tokens": 40, "temperature": 0.0, "timeout": 120.0} | settings
    return ChatRequest(model=name, messages=(says("user", text),), **settings)


async def test_a_model_file_speaks_streams_fits_a_form_and_can_be_cut_off(
    models, catalogue, name
):
    """One test, for the model is loaded once: that and each answer take seconds."""
    assert name in catalogue.suggestions()

    items = [item async for item in models.stream(asking(name, "Tell me of a fox."))]
    *deltas, whole = items
    assert len(deltas) > 5
    assert all(isinstance(item, Delta) for item in deltas)
    assert "".join(delta.text for delta in deltas) == whole.text
    assert whole.usage.input > 0 < whole.usage.output <= 41
    assert whole.finish in ("length", "stop")

    wish = "Extract the person as JSON: Ola Nordmann is 44."
    formed = await answer(models, asking(name, wish, schema=PERSON, max_tokens=60))
    assert set(formed.value) == {"name", "age"}
    assert isinstance(formed.value["age"], int)

    began = time.monotonic()
    long = asking(name, "Write a very long essay on the sea.", max_tokens=2000)
    stream = models.stream(long)
    await anext(stream)
    first_word = time.monotonic() - began
    began = time.monotonic()
    task = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await stream.aclose()
    assert time.monotonic() - began < 5  # the essay takes longer
    assert first_word < 60
    again = await answer(models, asking(name, "Hi", max_tokens=3))
    assert again.usage.output <= 4


@pytest.fixture
def real_server(weights):
    """A model server of its own process, over HTTP, as people have one; its base URL."""
    with subprocess.Popen(
        [sys.executable, str(SCRIPT.with_name("model_server.py")), weights],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        for line in server.stdout:
            if line.startswith("http"):
                break
        yield f"{line.strip()}/v1"
        server.stdin.close()
        server.kill()


async def test_a_run_asks_a_real_server_over_http(real_server, tmp_path):
    """Generates, fits a form, calls a tool by schema, streams, is stopped: one start for all."""
    settings = Settings(
        tools_by_schema=("lab",),
        home=tmp_path,
        store_url="memory:",
        redis_url="local:",
        model_servers={"lab": real_server},
    )
    bench = Workbench(settings)
    use_workbench(bench)
    try:
        names = [info.name for info in ab.models(ready=True)]
        [name] = [name for name in names if name.startswith("lab:")]
        graph = Graph("real", blocks=bench.blocks)

        @ab.block(id="test.average")
        async def average(
            column: Literal["price", "nights"], by: Literal["city", "month"]
        ) -> str:
            """The average of a column."""
            return f"{column} by {by}: 7"

        facts = {"model": name, "temperature": 0.0, "max_tokens": 12}
        said = graph.add("ai.generate", prompt="Hello, fox.", **facts)
        form = {"schema": PERSON, "model": name}
        person = graph.add("ai.answer", prompt="Ola Nordmann is 44.", **form)
        asks = {"task": QUESTION, "conversation": EXAMPLE, "temperature": 0.0}
        agent = graph.add("ai.agent", model=name, rounds=1, **asks)
        tool = graph.add(average)
        agent["tools"] >> tool["column"]
        agent["tools"] >> tool["by"]
        graph.output("average", tool)
        graph.output("said", said["text"])
        graph.output("person", person["answer"])
        run = await graph.run()
        assert run.status is RunStatus.COMPLETED, run.failures
        assert run["said"].strip()
        assert run["average"].endswith(": 7")  # a fitting call, whichever it is
        assert isinstance(run["person"]["age"], int)
        spent = ab.usage(run)[name]
        assert spent.calls == 4
        assert spent.tokens > 20
        assert spent.seconds > 0
        await streams_until_it_is_stopped(bench, name)
    finally:
        await asyncio.to_thread(bench.close)


async def streams_until_it_is_stopped(bench, name):
    """Words come while the server still speaks, and a stop ends the call."""
    told = threading.Event()

    def hear(_, events):
        if sum(isinstance(event, Progressed) for event in events):
            told.set()

    deaf = bench.feed.listen(hear)
    graph = Graph("long", blocks=bench.blocks)
    wish = "Write a very long essay on the sea."
    graph.add("ai.generate", prompt=wish, model=name, max_tokens=2000)
    run = bench.start(graph, {})
    assert await asyncio.to_thread(told.wait, 60)
    assert run.status is RunStatus.RUNNING
    began = time.monotonic()
    run.stop()
    assert (await run.finished()).status is RunStatus.STOPPED
    assert time.monotonic() - began < 5  # the essay takes longer
    deaf()


def test_a_model_that_is_asked_for_by_many_at_once_is_in_memory_once(tmp_path):
    (tmp_path / "one.gguf").touch()
    provider = next(it for it in PROVIDERS if it.family == "local")
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(30):
            models, gate = LocalModels(tmp_path), threading.Barrier(6)

            def ask(models=models, gate=gate):
                gate.wait()
                return models.adapter(provider, ModelName("local", "one"))

            with ThreadPoolExecutor(6) as pool:
                found = {it.result() for it in [pool.submit(ask) for _ in range(6)]}
            assert len(found) == 1
    finally:
        sys.setswitchinterval(before)


async def test_a_file_that_is_not_there_is_named(models, tmp_path):
    with pytest.raises(UnknownModel, match=r"no gone\.gguf in .*which has: none"):
        await answer(models, asking("local:gone", "Hi"))
