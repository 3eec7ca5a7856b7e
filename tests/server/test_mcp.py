"""`agentbench serve mcp`, called by the official client: over streams and over HTTP."""

import asyncio
import os
import subprocess
import sys
import threading

import pytest
from mcp import Client, StdioServerParameters
from mcp.types import ElicitResult

from agentbench.server.loopback import TokenNeeded
from agentbench.server.tools import AgentTools
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home with five agents in its library."""
    home = tmp_path_factory.mktemp("home")
    store = f"sqlite:///{home / 'agentbench.db'}"
    bench = Workbench(Settings(home=home, store_url=store, redis_url="local:"))
    use_workbench(bench)

    greet = bench.agents.new("Greet people")
    greet.description = "Says hello."
    name = greet.input("name", type="text")
    greet.output(
        "greeting", greet.add("text.template", template="Hello {{ name }}!", name=name)
    )
    bench.save(greet)

    ask = bench.agents.new("ask")
    ask.output("said", ask.add("human.ask", question="Which one?"))
    bench.save(ask)

    gate = bench.agents.new("gate")
    asked = gate.add("human.approve", value="draft", question="Send it?")
    gate.output("sent", asked.approved)
    gate.output("why", asked.comment)
    bench.save(gate)

    slow = bench.agents.new("slow")
    slow.output("done", slow.add("logic.wait", seconds=1.9, value="done"))
    bench.save(slow)

    broken = bench.agents.new("broken")
    broken.output("never", broken.add("data.parse_json", text="{"))
    bench.save(broken)
    bench.close()
    return home


def environment(home):
    return {
        "AGENTBENCH_HOME": str(home),
        "AGENTBENCH_REDIS_URL": "local:",
        "AGENTBENCH_SERVE_TOKEN": "the-token",
    }


def command(*words):
    return [sys.executable, "-m", "agentbench", "serve", "mcp", *words]


async def test_agents_are_tools_over_streams(home):
    words = command()
    server = StdioServerParameters(
        command=words[0], args=words[1:], env=environment(home)
    )
    async with Client(server) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert sorted(tools) == ["Greet_people", "ask", "broken", "gate", "slow"]
        greet = tools["Greet_people"]
        assert greet.description == "Says hello.\n\nGives: greeting."
        assert greet.input_schema["required"] == ["name"]
        assert greet.input_schema["properties"]["name"]["type"] == "string"

        gave = await client.call_tool("Greet_people", {"name": "Ada"})
        assert not gave.is_error
        assert gave.content[0].text == "Hello Ada!"
        assert gave.structured_content == {"greeting": "Hello Ada!"}

        for name, arguments, said in (
            ("Greet_people", {}, "'name' is missing"),
            ("Greet_people", {"nam": "Ada"}, "Did you mean 'name'?"),
            ("broken", {}, "is failed: parse-json"),
            ("nobody", {}, "no tool 'nobody'"),
            ("ask", {}, "waits for a person: ask asks: Which one?"),
        ):
            gave = await client.call_tool(name, arguments)
            assert gave.is_error
            assert said in gave.content[0].text

        told = []

        async def progress(done, total, words):
            told.append((done, total, words))

        gave = await client.call_tool("slow", {}, progress_callback=progress)
        assert gave.structured_content == {"done": "done"}
        assert told == sorted(told)
        assert ("now wait" in told[0][2], told[-1][0] > told[0][0]) == (True, True)


async def test_what_a_run_asks_is_asked_of_the_caller(home):
    asked = []

    async def person(context, params):
        asked.append((params.message, params.requested_schema["properties"]))
        content = {"answer": "approve", "comment": "Fine."}
        return ElicitResult(action="accept", content=content)

    words = command("gate")
    server = StdioServerParameters(
        command=words[0], args=words[1:], env=environment(home)
    )
    async with Client(server, elicitation_callback=person) as client:
        gave = await client.call_tool("gate", {})
        assert gave.structured_content == {"sent": "draft", "why": "Fine."}
    [(message, fields)] = asked
    assert message == "Send it?"
    assert fields["answer"]["enum"] == ["approve", "reject"]
    assert list(fields) == ["answer", "comment"]


async def test_a_cancelled_call_stops_the_run(home):
    words = command("slow", "ask")
    server = StdioServerParameters(
        command=words[0], args=words[1:], env=environment(home)
    )
    async with Client(server) as client:
        assert len((await client.list_tools()).tools) == 2
        started = asyncio.Event()

        async def progress(*_):
            started.set()

        call = asyncio.create_task(
            client.call_tool("slow", {}, progress_callback=progress)
        )
        await asyncio.wait_for(started.wait(), 60)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        await client.call_tool("nobody", {})  # the server goes on
    assert "stopped" in await asyncio.to_thread(runs_of, home, "slow")


def runs_of(home, agent):
    ran = subprocess.run(
        [sys.executable, "-m", "agentbench", "runs", "--agent", agent, "--limit", "1"],
        env={**os.environ, **environment(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout


async def test_t55_over_http_it_takes_the_token_and_our_own_address(home):
    import httpx2
    from mcp.client.streamable_http import streamable_http_client

    process = await asyncio.create_subprocess_exec(
        *command("Greet people", "--http"),
        env={**os.environ, **environment(home)},
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        line = (await asyncio.wait_for(process.stderr.readline(), 60)).decode()
        url = line.split()[-1]
        assert url.startswith("http://127.0.0.1:")
        token = {"Authorization": "Bearer the-token"}
        place = url.split("/")[2]
        port = place.partition(":")[2]
        async with httpx2.AsyncClient() as plain:
            for headers, status in (
                ({}, 401),
                ({"Authorization": "Bearer another"}, 401),
                ({"Authorization": "bearer the-token"}, 401),
                ({"Authorization": "Bearer the-token-and-more"}, 401),
                ({**token, "Origin": "https://evil.example"}, 403),
                ({**token, "Origin": "null"}, 403),
                ({**token, "Origin": f"http://127.0.0.1.evil.example:{port}"}, 403),
                ({**token, "Origin": f"https://{place}"}, 403),
                ({**token, "Host": "evil.example"}, 421),
                ({**token, "Host": f"evil.example:{port}"}, 421),
                ({**token, "Host": f"127.0.0.1.evil.example:{port}"}, 421),
                ({**token, "Host": "127.0.0.1:1"}, 421),
            ):
                gave = await plain.post(url, json={}, headers=headers)
                assert gave.status_code == status, headers
            for method in ("GET", "PUT", "DELETE", "OPTIONS", "HEAD"):
                for path in ("/mcp", "/", "/docs", "/openapi.json", "//mcp"):
                    gave = await plain.request(method, f"http://{place}{path}")
                    assert gave.status_code == 401, (method, path)
        assert await upgraded(place) in (b"401", b"403")
        async with (
            httpx2.AsyncClient(headers=token) as http,
            Client(streamable_http_client(url, http_client=http)) as client,
        ):
            gave = await client.call_tool("Greet_people", {"name": "Bo"})
            assert gave.structured_content == {"greeting": "Hello Bo!"}
    finally:
        process.terminate()
        await process.wait()


async def upgraded(place):
    """The status that who asks for a web socket without the token is given."""
    host, _, port = place.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    asked = [
        "GET /mcp HTTP/1.1",
        f"Host: {place}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
    writer.write(("\r\n".join(asked) + "\r\n\r\n").encode())
    line = await asyncio.wait_for(reader.readline(), 60)
    writer.close()
    return line.split()[1]


@pytest.mark.parametrize(
    ("kind", "said"), [("http", 401), ("websocket", 1008), ("new", 0)]
)
async def test_t55_nothing_passes_without_the_token_but_the_start(kind, said):
    """Whatever protocol a server below is made to speak."""
    reached, sent = [], []

    async def app(scope, receive, send):
        reached.append(scope["type"])

    async def send(message):
        sent.append(message)

    door = TokenNeeded(app, "the-token")
    await door({"type": "lifespan"}, None, send)
    await door({"type": kind, "headers": []}, None, send)
    assert reached == ["lifespan"]
    assert [it.get("status", it.get("code")) for it in sent[:1]] == (
        [said] if said else []
    )
    headers = [(b"authorization", b"Bearer the-token")]
    await door({"type": kind, "headers": headers}, None, send)
    assert reached == ["lifespan", kind]


async def test_a_call_that_is_cancelled_while_its_run_begins_stops_the_run(tmp_path):
    """The run begins in a thread, which nobody can cancel."""
    bench = Workbench(Settings(home=tmp_path, store_url="memory:", redis_url="local:"))
    use_workbench(bench)
    waits = bench.agents.new("waits")
    waits.output("done", waits.add("logic.wait", seconds=60, value="done"))
    bench.save(waits)
    begins, may_begin, runs = threading.Event(), threading.Event(), []

    def hold(_, run):
        runs.append(run)
        begins.set()
        may_begin.wait(60)

    bench.on_start.append(hold)

    async def report(*_):
        pass

    try:
        call = asyncio.create_task(AgentTools(bench).call("waits", {}, report))
        assert await asyncio.to_thread(begins.wait, 60)
        call.cancel()
        may_begin.set()
        with pytest.raises(asyncio.CancelledError):
            await call
        async with asyncio.timeout(60):
            await runs[0].finished()
        assert runs[0].status == "stopped"
    finally:
        bench.close()
