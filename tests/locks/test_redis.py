"""Locks on a real server: several processes, prices, and what is shown to whom."""

import asyncio
import functools
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agentbench.domain.errors import LockBackendDown
from tests.locks.gear import Open, queued
from tests.locks.proxy import Proxy


class TestCost:
    async def test_who_waits_sends_nothing(self, open_locks: Open, admin: Any) -> None:
        ours, theirs = open_locks(lease=30), open_locks(lease=30)
        lease = await ours.acquire("key", owner="holder")
        async with queued(theirs, "waiter"):
            before = admin.info("stats")["total_commands_processed"]
            await asyncio.sleep(0.6)
            after = admin.info("stats")["total_commands_processed"]
        assert after - before <= 1  # our own question
        await lease.release()

    async def test_a_crowd_is_served_in_order_at_a_low_price(
        self, open_locks: Open, admin: Any
    ) -> None:
        ours, order = open_locks(lease=30), []

        async def visit(number: int) -> None:
            lease = await ours.acquire("key", owner=str(number))
            order.append((number, lease.fence))
            await lease.release()

        before = admin.info("stats")["total_commands_processed"]
        async with asyncio.TaskGroup() as group:
            for number in range(300):
                group.create_task(visit(number))
        after = admin.info("stats")["total_commands_processed"]
        assert order == sorted(order)
        assert [fence for _, fence in order] == sorted({fence for _, fence in order})
        assert len(order) == 300
        assert (after - before) / 300 < 15

    async def test_nothing_remains_but_fences(
        self, open_locks: Open, admin: Any, namespace: str
    ) -> None:
        ours = open_locks()
        leases = [await ours.acquire(f"key {n}", owner="holder") for n in range(3)]
        for lease in leases:
            await lease.release()
        kinds = {name.split(":")[1] for name in admin.scan_iter(f"{namespace}:*")}
        assert kinds == {"fence", "memory"}


class TestPlace:
    async def test_an_unreadable_url_is_not_repeated(self, open_locks: Open) -> None:
        ours = open_locks("redis://:hun#ter2@host:port/0")
        with pytest.raises(LockBackendDown, match="not understood") as caught:
            await ours.acquire("key", owner="holder")
        assert "ter2" not in f"{ours.url} {caught.value!r}"

    @pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
    @pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
    async def test_a_fork_must_open_its_own(self, open_locks: Open) -> None:
        ours = open_locks()
        child = os.fork()
        if child == 0:
            try:
                ours.acquire("key", owner="child").send(None)
            except LockBackendDown:
                os._exit(7)
            os._exit(1)
        _, status = await asyncio.to_thread(os.waitpid, child, 0)
        assert os.waitstatus_to_exitcode(status) == 7


IN_NO_TIME = """
import asyncio, sys
from agentbench.domain.errors import LockBackendDown
from agentbench.domain.rate import Rate
from agentbench.locks.redis.rates import RedisRates

async def ask():
    rates = RedisRates("unix:///nowhere.sock", patience=0.0)
    try:
        await rates.take("key", Rate(1, 1.0))
    except LockBackendDown:
        print("redis.connection" in sys.modules)

asyncio.run(ask())
"""


def test_what_loads_the_client_is_no_server_that_does_not_answer() -> None:
    command = [sys.executable, "-c", IN_NO_TIME]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout == "True\n"


async def test_it_speaks_tcp(url: str, open_locks: Open) -> None:
    with Proxy(url) as proxy:
        ours = open_locks(f"{proxy.url}/0")
        lease = await ours.acquire("key", owner="holder")
        assert await open_locks().holder("key") == "holder"
        await lease.release()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
async def test_it_speaks_tls(url: str, tmp_path: Path, open_locks: Open) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    run = functools.partial(subprocess.run, check=True, capture_output=True)
    await asyncio.to_thread(run, [*shlex.split(make), *names, *files])
    with Proxy(url, tls=(certificate, key)) as proxy:
        at = proxy.url.replace("127.0.0.1", "localhost")
        ours = open_locks(f"{at}?ssl_ca_certs={certificate}")
        lease = await ours.acquire("key", owner="holder")
        assert await open_locks().holder("key") == "holder"
        await lease.release()
