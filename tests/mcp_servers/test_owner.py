"""The one connection to a server: given up while it opens, closed for good, closed for idling."""

import asyncio
import contextlib
import os
import sys
import threading

import pytest

from agentbench.domain.errors import McpServerDown
from agentbench.mcp_servers.block import ToolBlock
from agentbench.mcp_servers.owner import Owner
from agentbench.mcp_servers.settings import McpServer
from agentbench.mcp_servers.tool import Tool
from agentbench.mcp_servers.written import Written

mcp = pytest.importorskip("mcp")

MUTE = """
import os, sys, time
with open(sys.argv[1], "w") as told:
    told.write(str(os.getpid()))
time.sleep(120)
"""


def test_who_gives_up_while_a_server_starts_does_not_wait_for_it(fresh, tmp_path):
    """A server that never says a word has a minute to start; a stop has two seconds."""
    fifo = tmp_path / "started"
    os.mkfifo(fifo)
    command = (sys.executable, "-c", MUTE, str(fifo))
    servers = fresh.mcp_servers
    servers.keep(McpServer(name="mute", command=command), allow=True)
    looking = fresh.loop.submit(servers.look("mute"))
    child = int(fifo.read_text())
    looking.cancel()
    fresh.loop.submit(servers.close("mute")).result(timeout=40)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


@pytest.fixture
def written():
    made = Written()
    yield made
    made.close()


class Opened:
    """Connections to a real server in this process; leaving one takes until `may_end`."""

    def __init__(self):
        self.count = 0
        self.is_ending, self.may_end = asyncio.Event(), asyncio.Event()

    @contextlib.asynccontextmanager
    async def connect(self):
        async def list_tools(context, params):
            return mcp.types.ListToolsResult(tools=[])

        server = mcp.server.Server("demo", on_list_tools=list_tools)
        self.count += 1
        async with mcp.Client(server) as client:
            yield client
        self.is_ending.set()
        await self.may_end.wait()


async def test_a_connection_that_was_closed_stays_closed(written):
    """Somebody may still have the owner of a server that was removed meanwhile."""
    opened = Opened()
    opened.may_end.set()
    owner = Owner("demo", opened.connect, written)
    async with owner.session(fresh=0.0):
        pass
    await owner.close()
    with pytest.raises(McpServerDown, match="was closed"):
        async with owner.session(fresh=0.0):
            pass
    assert opened.count == 1


async def test_a_connection_that_is_closing_for_want_of_use_is_used_no_more(written):
    opened = Opened()
    owner = Owner("demo", opened.connect, written, idle=0.02)
    async with owner.session(fresh=0.0) as session:
        first = session.client
    async with asyncio.timeout(60):
        await opened.is_ending.wait()
        async with owner.session(fresh=60.0) as session:
            assert session.client is not first
        opened.may_end.set()
        await owner.close()
    assert opened.count == 2


class Watched(dict):
    """A result that notes in which thread it is looked at."""

    def __init__(self, *given):
        super().__init__(*given)
        self.threads = set()

    def get(self, *given):
        self.threads.add(threading.get_ident())
        return super().get(*given)


async def test_what_a_tool_sends_is_decoded_beside_the_loop():
    """A large picture takes a second, in which no other run could go on."""
    result = Watched({"content": [{"type": "text", "text": "x"}]})

    async def call(*_):
        return result

    block = ToolBlock("demo", Tool(name="t", input_schema={"type": "object"}), call)
    given = [emission.value async for emission in block.run({}, None)]
    assert given == ["x"]
    assert result.threads
    assert threading.get_ident() not in result.threads
