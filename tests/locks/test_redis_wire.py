"""Faults between client and server: lost replies, cut lines, cancelled calls."""

import asyncio
import contextlib
import time
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest

from agentbench.domain.errors import LockTimeout
from tests.locks.gear import LEASE, Loss, Open, queued
from tests.locks.proxy import Proxy


class TestWire:
    @pytest.mark.parametrize("number", range(1, 9))
    async def test_a_lost_reply_loses_nothing(
        self, proxy: Proxy, open_locks: Open, number: int
    ) -> None:
        ours, theirs = open_locks(proxy.url), open_locks()
        proxy.cut_reply(number)
        lease = await ours.acquire("key", owner="holder", timeout=2)
        assert lease.is_valid
        assert await theirs.holder("key") == "holder"
        await lease.release()
        assert (await theirs.acquire("key", owner="next", timeout=0.5)).is_valid

    @pytest.mark.parametrize("number", range(1, 4))
    async def test_a_release_whose_reply_is_lost_is_a_release(
        self, proxy: Proxy, open_locks: Open, number: int
    ) -> None:
        ours, theirs = open_locks(proxy.url), open_locks()
        lease = await ours.acquire("key", owner="holder")
        async with queued(theirs, "next") as task:
            proxy.cut_reply(number)
            await lease.release()
            assert (await asyncio.wait_for(task, LEASE / 2)).is_valid

    @pytest.mark.parametrize("step", range(4))
    async def test_a_cancel_at_any_await_leaves_nothing(
        self, proxy: Proxy, open_locks: Open, admin: Any, namespace: str, step: int
    ) -> None:
        ours, theirs = open_locks(proxy.url), open_locks()
        proxy.delay = 0.05
        with contextlib.suppress(asyncio.CancelledError):
            lease = await cancelled_at(step, ours.acquire("key", owner="cancelled"))
            await cancelled_at(0, lease.release())
        assert (await theirs.acquire("key", owner="next", timeout=1)).is_valid
        proxy.delay = 0
        assert await ours.holder("key") == "next"
        assert not admin.exists(f"{namespace}:queue:key")

    @pytest.mark.parametrize("step", range(5))
    async def test_a_waiter_cancelled_at_any_await_leaves_nothing(
        self, proxy: Proxy, open_locks: Open, admin: Any, namespace: str, step: int
    ) -> None:
        ours, theirs = open_locks(proxy.url), open_locks()
        holder = await theirs.acquire("key", owner="holder")
        proxy.delay = 0.02
        with contextlib.suppress(asyncio.CancelledError, LockTimeout):
            await cancelled_at(
                step, ours.acquire("key", owner="cancelled", timeout=0.1)
            )
        await holder.release()
        proxy.delay = 0
        assert (await theirs.acquire("key", owner="next", timeout=1)).is_valid
        assert not admin.exists(f"{namespace}:queue:key")

    async def test_a_partition_ends_the_lease_before_another_gets_in(
        self, proxy: Proxy, open_locks: Open
    ) -> None:
        ours, theirs = open_locks(proxy.url), open_locks()
        lease = await ours.acquire("key", owner="cut off")
        loss = Loss(lease)
        async with queued(theirs, "next") as task:
            proxy.freeze()
            following = await task
            let_in = time.monotonic()
        assert loss.at
        assert loss.at < let_in
        proxy.thaw()
        await following.release()
        assert (
            await ours.acquire("key", owner="back", timeout=2)
        ).fence > following.fence

    async def test_a_broken_line_is_not_a_lost_lease(
        self, proxy: Proxy, open_locks: Open
    ) -> None:
        ours = open_locks(proxy.url)
        lease = await ours.acquire("key", owner="holder")
        async with queued(ours, "waiter") as task:
            for _ in range(3):
                proxy.cut()
                await asyncio.sleep(LEASE / 3)
            assert lease.is_valid
            await lease.release()
            assert (await asyncio.wait_for(task, 1)).is_valid


async def cancelled_at(step: int, coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Runs a coroutine, but cancels it the so-manyth time that it waits."""

    class Steps:
        def __await__(self) -> Iterator[Any]:
            for waits in range(1000):
                try:
                    waited = coroutine.send(None)
                except StopIteration as done:
                    return done.value
                if waits == step:
                    coroutine.throw(asyncio.CancelledError())
                yield waited
            return None

    return await Steps()
