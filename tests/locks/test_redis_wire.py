"""Faults between client and server: lost replies, cut lines, cancelled calls."""

import asyncio
import contextlib
import time
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from agentbench.domain.errors import LockTimeout
from tests.locks.gear import SHORT, Loss, Open, hold, queued
from tests.locks.history import History
from tests.locks.proxy import Proxy


class TestWire:
    @pytest.mark.parametrize("number", range(1, 9))
    async def test_t06_a_lost_reply_loses_nothing(
        self, proxy: Proxy, open_locks: Open, number: int
    ) -> None:
        ours, theirs = open_locks(proxy.url), open_locks()
        proxy.cut_reply(number)
        lease = await ours.acquire("key", owner="holder", timeout=25)
        assert lease.is_valid
        assert await theirs.holder("key") == "holder"
        await lease.release()
        assert (await theirs.acquire("key", owner="next", timeout=25)).is_valid

    @pytest.mark.parametrize("number", range(1, 4))
    async def test_t07_a_release_whose_reply_is_lost_is_a_release(
        self, proxy: Proxy, open_locks: Open, number: int
    ) -> None:
        ours, theirs = open_locks(proxy.url), open_locks()
        lease = await ours.acquire("key", owner="holder")
        async with queued(theirs, "next") as task:
            proxy.cut_reply(number)
            await lease.release()
            assert (await asyncio.wait_for(task, 25)).is_valid

    @pytest.mark.parametrize("step", range(4))
    async def test_t08_a_cancel_at_any_await_leaves_nothing(
        self, proxy: Proxy, open_locks: Open, admin: Any, namespace: str, step: int
    ) -> None:
        ours, theirs = open_locks(proxy.url), open_locks()
        proxy.delay = 0.05
        with contextlib.suppress(asyncio.CancelledError):
            lease = await cancelled_at(step, ours.acquire("key", owner="cancelled"))
            await cancelled_at(0, lease.release())
        assert (await theirs.acquire("key", owner="next", timeout=25)).is_valid
        proxy.delay = 0
        assert await ours.holder("key") == "next"
        assert not admin.exists(f"{namespace}:queue:key")

    @pytest.mark.parametrize("step", range(5))
    async def test_t08_a_waiter_cancelled_at_any_await_leaves_nothing(
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
        assert (await theirs.acquire("key", owner="next", timeout=25)).is_valid
        assert not admin.exists(f"{namespace}:queue:key")

    @pytest.mark.parametrize("step", range(6))
    async def test_t08_a_holder_cancelled_at_any_await_leaves_nothing(
        self, proxy: Proxy, open_locks: Open, admin: Any, namespace: str, step: int
    ) -> None:
        lease = 2 * SHORT
        ours, theirs = open_locks(proxy.url, lease=lease), open_locks()
        proxy.delay = 0.05

        async def use() -> None:
            async with hold(ours):
                # What is cancelled later has gone through a renewal.
                await asyncio.sleep(0.4 * lease if step > 3 else 0.02)
                await asyncio.sleep(0)

        try:
            await cancelled_at(step, use())
        except asyncio.CancelledError:
            pass
        else:
            assert step > 3, "the cancellation was swallowed"
        assert (await theirs.acquire("key", owner="next", timeout=25)).is_valid
        proxy.delay = 0
        assert await ours.holder("key") == "next"  # no answer was taken for another's
        assert not admin.exists(f"{namespace}:queue:key")

    async def test_t05_a_partition_ends_the_lease_before_another_gets_in(
        self,
        url: str,
        tmp_path: Path,
        proxy: Proxy,
        open_locks: Open,
        history: History,
    ) -> None:
        with Proxy(url, path=tmp_path / "second.sock") as second:
            ours, theirs = open_locks(proxy.url, lease=SHORT), open_locks(second.url)
            lease = await ours.acquire("key", owner="cut off")
            loss = Loss(lease)
            assert await history.write(lease, "enters")
            async with queued(theirs, "next") as task:
                proxy.freeze()
                following = await task
                let_in = time.monotonic()
            assert loss.at
            assert loss.at < let_in
            await history.visit(following)
            assert not await history.write(lease, "leaves")
            assert not await history.write(lease, "leaves")
            assert history.refused == 2
            proxy.thaw()
            await following.release()
            back = await ours.acquire("key", owner="back", timeout=25)
            assert back.fence > following.fence
            await history.visit(back)
            history.check(visits=2)

    async def test_a_broken_line_is_not_a_lost_lease(
        self, proxy: Proxy, open_locks: Open
    ) -> None:
        ours = open_locks(proxy.url, lease=6.0)
        lease = await ours.acquire("key", owner="holder")
        async with queued(ours, "waiter") as task:
            for _ in range(3):  # through a renewal
                proxy.cut()
                await asyncio.sleep(1.0)
            assert lease.is_valid
            await lease.release()
            assert (await asyncio.wait_for(task, 25)).is_valid


async def cancelled_at(step: int, coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Runs a coroutine, but cancels it the so-manyth time that it waits."""

    class Steps:
        def __await__(self) -> Iterator[Any]:
            for waits in range(1000):
                try:
                    waited = coroutine.send(None)
                except StopIteration as done:
                    return done.value
                if waits == step:  # what it waits for then, to clean up, it gets
                    waited = coroutine.throw(asyncio.CancelledError())
                yield waited
            return None

    return await Steps()
