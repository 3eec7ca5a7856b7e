"""What has to run in a process of its own does, whoever wrote the agent that asks for it."""

import asyncio
import os
import sys
from urllib.parse import parse_qs, urlsplit

import pytest

from agentbench.domain.context import Context
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.formats.base import Native
from tests.blocks.test_database import _on_tcp


def where() -> int:
    """The number of the process that it runs in."""
    return os.getpid()


class Apart(FunctionBlock):
    """Needs a process by what its node holds, as templates do."""

    def isolation_of(self, constants):
        return "process"


def test_an_agent_from_elsewhere_takes_no_block_out_of_its_process(place, graph, bench):
    node = place(where)
    node.set(isolation="thread")
    own = bench.start(graph, {}).wait(timeout=60).raise_on_failure()
    assert own.values(node.id, "result") == [os.getpid()]
    sent = Graph.from_json(graph.to_json(), blocks=bench.blocks)
    ran = bench.start(sent, {}).wait(timeout=60).raise_on_failure()
    assert ran.values(node.id, "result") != [os.getpid()]


def test_nor_does_a_block_that_has_another_do_its_work(graph, bench):
    bench.blocks.register(Apart(where, id="test.where"))

    async def stands_for(context: Context) -> int:
        native = Native(bench.blocks, context)
        return (await native.all("test.where"))["result"]

    block = FunctionBlock(stands_for, id="test.stands_for")
    bench.blocks.register(block)
    graph.add(block, "it")
    ran = bench.start(graph, {}).wait(timeout=60).raise_on_failure()
    assert ran.values("it", "result") != [os.getpid()]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_t46_a_query_takes_no_memory_of_the_kernel(graph, bench):
    """The size of one row is known when it is there; the whole of it would be two gigabytes."""
    columns = ", ".join(f"randomblob(199000000) AS c{at}" for at in range(10))
    graph.add("database.query", "it", database=":memory:", sql=f"SELECT {columns}")
    [failure] = bench.start(graph, {}).wait(timeout=60).failures
    assert "more memory than it may have" in failure.message


def test_rows_are_counted_as_they_come(graph, bench):
    endless = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n FROM c)"
    sql = f"{endless} SELECT zeroblob(50000000) AS z FROM c"
    graph.add("database.query", "it", database=":memory:", sql=sql)
    [failure] = bench.start(graph, {}).wait(timeout=60).failures
    assert "ask for fewer" in failure.message


async def test_postgresql_is_asked_from_a_process(
    graph, bench, postgresql, monkeypatch
):
    """What may be dialled, and the password, come from the kernel."""
    url = urlsplit(postgresql.url())
    facts = {name: values[0] for name, values in parse_qs(url.query).items()}
    user = url.username or facts.get("user", "postgres")
    for name, value in {"": "pw", "_USER": user, "_HOSTS": "127.0.0.1"}.items():
        monkeypatch.setenv(f"AGENTBENCH_CREDENTIAL_PG{name}", value)
    async with _on_tcp(f"{facts['host']}/.s.PGSQL.5432") as port:
        graph.add(
            "database.query",
            "it",
            kind="postgresql",
            host="127.0.0.1",
            port=port,
            credential="pg",
            database=url.path.strip("/") or "postgres",
            sql="SELECT 1 AS n, DATE '2024-01-31' AS day",
        )
        refused = await asyncio.to_thread(bench.start(graph, {}).wait, timeout=60)
        assert refused.failures[0].error == "OutboundRefused"
        bench.outbound.allow("127.0.0.1")
        ran = await asyncio.to_thread(bench.start(graph, {}).wait, timeout=60)
    assert ran.failures == []
    assert ran.values("it", "rows") == [[{"n": 1, "day": "2024-01-31"}]]
