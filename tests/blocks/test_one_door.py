"""T44, every block: where a block takes an address, a closed one is not dialled."""

import asyncio
import contextlib
import dataclasses
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from agentbench.domain.block import Block
from agentbench.domain.port import MISSING, Port
from agentbench.network.outbound import HttpxOutbound
from agentbench.workbench.plugins import Plugins
from tests.blocks.conftest import fired
from tests.network.audit import dialled

WORDS = (
    "address",
    "base",
    "endpoint",
    "archive",
    "file",
    "files",
    "image",
    "host",
    "path",
    "server",
    "source",
    "url",
)
"""What ports are called that take an address, or a path which might be taken for one."""


def _takes_address(port: Port) -> bool:
    words = set(port.name.lower().split("_"))
    return not {"text", "any"}.isdisjoint(port.types) and not words.isdisjoint(WORDS)


BLOCKS = [
    block
    for block in Plugins().blocks()
    if any(_takes_address(port) for port in block.inputs({}))
]
STAYS_HERE = {
    "encode.build_url", "encode.parse_url", "files.delete", "files.info", "files.write",
    "files.write_spreadsheet", "files.zip", "web.html_to_text",
}  # fmt: skip
"""What takes an address for a text or a name of a file, and goes nowhere."""
SAMPLES: dict[str, Any] = {
    "text": "x", "number": 1, "whole number": 1, "boolean": True, "list": [], "dictionary": {},
}  # fmt: skip
FILLED = {"texts": ["x"], "chunks": ["x"], "vectors": [[1.0]]}
"""By name, where nothing is asked for nothing."""


@pytest.fixture
def listener() -> Iterator[tuple[int, list[Any]]]:
    """A port of this machine, and who came to it."""
    came: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    connection, who = server.accept()
                except OSError:
                    return
                came.append(who)
                connection.close()

        threading.Thread(target=listen, daemon=True).start()
        yield server.getsockname()[1], came


def test_there_are_blocks_that_take_addresses() -> None:
    listed = {block.id for block in BLOCKS}
    wanted = {
        "web.fetch",
        "web.send",
        "web.request",
        "web.feed",
        "mail.send",
        "mail.read",
    }
    assert wanted | STAYS_HERE <= listed
    assert {"slack.send", "github.issue", "files.read", "image.open"} <= listed


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.id)
async def test_t44_no_block_reaches_this_machine(
    block: Block, context: Any, listener: tuple[int, list[Any]]
) -> None:
    port, came = listener
    closed = dataclasses.replace(context, outbound=HttpxOutbound())
    for address in (f"http://127.0.0.1:{port}/x.csv", f"127.0.0.1:{port}"):
        constants = {
            one.name: address if _takes_address(one) else _sample(one)
            for one in block.inputs({})
            if _takes_address(one) or one.default is MISSING
        }
        ends: Any = contextlib.suppress(Exception)
        if block.id not in STAYS_HERE:
            ends = pytest.raises(Exception)  # noqa: PT011
        with dialled() as seen, ends:
            await asyncio.wait_for(_through(block, constants, closed), 60)
        assert (came, seen) == ([], [])


def _sample(port: Port) -> Any:
    return FILLED.get(port.name, SAMPLES.get(port.types[0], "x"))


async def _through(block: Block, inputs: dict[str, Any], context: Any) -> None:
    async for _ in fired(block, inputs, context):
        pass


async def test_a_query_reads_no_address(
    context: Any, listener: tuple[int, list[Any]]
) -> None:
    pandas = pytest.importorskip("pandas")
    port, came = listener
    block = next(block for block in Plugins().blocks() if block.id == "table.query")
    sql = f"SELECT * FROM read_csv('http://127.0.0.1:{port}/x.csv')"
    inputs = {"table": pandas.DataFrame({"a": [1]}), "sql": sql}
    with pytest.raises(Exception, match=r"(?i)disabled"):
        await _through(block, inputs, context)
    assert came == []


def test_a_picture_of_a_chart_reads_no_address(listener: tuple[int, list[Any]]) -> None:
    altair = pytest.importorskip("altair")
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("vl_convert")
    from agentbench.renderers.chart import AltairRenderer

    port, came = listener
    chart = altair.Chart(f"http://127.0.0.1:{port}/x.csv").mark_bar().encode(x="a:Q")
    image = altair.Chart(pandas.DataFrame({"u": [f"http://127.0.0.1:{port}/x.png"]}))
    for drawn in (chart, image.mark_image().encode(url="u"), chart & chart):
        AltairRenderer().render(drawn, {})
    assert came == []
