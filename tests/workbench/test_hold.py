"""`ab.lock`: a lock for the length of a `with`, in plain code and in coroutines."""

import asyncio
import contextlib
import threading

import pytest

import agentbench as ab
from agentbench.domain.errors import LockLost, LockReentered, LockTimeout


def of(bench, awaitable):
    """What the bench's own loop makes of it."""
    return bench.loop.submit(awaitable).result(timeout=60)


def take_away(bench, key):
    assert of(bench, bench.lock_server.locks.evict(f"key:{key}"))


class TestPlainCode:
    def test_it_is_held_for_the_block(self, bench):
        with ab.lock("printer") as first:
            assert of(bench, bench.lock_server.locks.holder("key:printer"))
            first.check()
        assert not of(bench, bench.lock_server.locks.holder("key:printer"))
        with ab.lock("printer") as second:
            assert second.fence > first.fence

    def test_it_is_given_back_whatever_happens(self, bench):
        with pytest.raises(KeyError), ab.lock("printer"):
            raise KeyError
        with ab.lock("printer", timeout=0):
            pass

    def test_another_thread_waits_its_turn(self, bench):
        order, is_in = [], threading.Event()

        def use():
            is_in.set()
            with ab.lock("printer", timeout=30):
                order.append("second")

        thread = threading.Thread(target=use)
        with ab.lock("printer"):
            thread.start()
            is_in.wait()
            with pytest.raises(LockTimeout):
                of(bench, self.asked_from_elsewhere())
            order.append("first")
        thread.join()
        assert order == ["first", "second"]

    async def asked_from_elsewhere(self):
        async with ab.lock("printer", timeout=0):
            pass

    def test_a_thread_that_waits_for_itself_is_refused(self, bench):
        with (
            ab.lock("printer"),
            pytest.raises(LockReentered, match="This thread already holds"),
            ab.lock("printer"),
        ):
            pass

    def test_a_loss_is_raised_where_it_is_asked_for_and_at_the_end(self, bench):
        hold = ab.lock("printer")
        with pytest.raises(LockLost, match="taken away"), hold as lease:  # noqa: PT012
            take_away(bench, "printer")
            with pytest.raises(LockLost):
                lease.check()
            assert not lease.is_valid

    def test_a_loss_hides_no_other_exception(self, bench):
        with pytest.raises(KeyError), ab.lock("printer"):  # noqa: PT012
            take_away(bench, "printer")
            raise KeyError

    def test_it_is_refused_on_the_engine_s_loop(self, bench):
        async def block():
            with ab.lock("printer"):
                pass

        with pytest.raises(RuntimeError, match=r"async with ab\.lock"):
            of(bench, block())

    def test_a_hold_is_for_one_block(self, bench):
        hold = ab.lock("printer")
        with hold:
            pass
        with pytest.raises(RuntimeError, match="ask for a new one"), hold:
            pass


class TestCoroutines:
    async def test_it_is_held_for_the_block(self, bench):
        async with ab.lock("printer") as lease:
            assert lease.is_valid
            with pytest.raises(LockReentered):
                async with ab.lock("printer"):
                    pass
        assert not lease.is_valid
        async with ab.lock("printer", timeout=0):
            pass

    async def test_a_loss_cuts_the_holder_off(self, bench):
        async def use():
            async with ab.lock("printer"):
                await asyncio.to_thread(take_away, bench, "printer")
                await asyncio.sleep(60)

        with pytest.raises(LockLost, match="taken away"):
            await use()
        assert asyncio.current_task().cancelling() == 0
        await asyncio.sleep(0)

    async def test_a_loss_hides_no_other_exception(self, bench):
        async def use():
            async with ab.lock("printer"):
                try:
                    await asyncio.to_thread(take_away, bench, "printer")
                    await asyncio.sleep(60)
                except asyncio.CancelledError:
                    raise KeyError from None

        with pytest.raises(KeyError):
            await use()

    async def test_a_cancellation_stays_one(self, bench):
        is_in = asyncio.Event()

        async def use():
            async with ab.lock("printer"):
                is_in.set()
                await asyncio.sleep(60)

        task = asyncio.create_task(use())
        await is_in.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with ab.lock("printer", timeout=30):
            pass

    async def test_a_body_that_swallows_it_learns_of_the_loss_at_the_end(self, bench):
        async def use():
            async with ab.lock("printer"):
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.to_thread(take_away, bench, "printer")
                    await asyncio.sleep(60)

        with pytest.raises(LockLost):
            await use()


def test_a_node_with_that_exclusive_key_waits_for_it(bench):
    graph = ab.Graph("x")
    node = graph.add("values.constant", value=1)
    node.set(exclusive="printer")
    graph.output("n", node)
    with ab.lock("printer"):
        run = bench.start(graph, {})
        with pytest.raises(TimeoutError):
            run.done.result(timeout=0.3)
    run.wait(timeout=60)
    assert run.outputs == {"n": [1]}
