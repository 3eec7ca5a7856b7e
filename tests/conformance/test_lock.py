"""The promises of `agentbench.domain.lock`, held over every backend listed."""

import asyncio
import importlib
import threading
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from agentbench.domain.errors import (
    LockBackendDown,
    LockLost,
    LockReentered,
    LockTimeout,
)
from agentbench.domain.lock import Lease, Locks
from agentbench.embedded.valkey import ValkeyServer
from agentbench.locks import BACKENDS

LEASE = 60.0
"""Seconds; nothing that is to happen at once may wait for it to run out."""

SOON = 20.0
"""Seconds in which happens, on a machine however busy, what waits for no lease."""

SHORT = 5.0
"""Seconds of a lease that a test outlasts, to see that it is renewed."""

SCHEMES = ("local", "sqlite", "unix")
"""One for each class that is listed."""

WORDS = r"Waited \d+\.\d s for the lock 'key': held by kernel 7 for \d+ s, 1 waiting\."
"""What a timeout says."""


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real server."""
    with ValkeyServer(tmp_path_factory.mktemp("run")) as server:
        yield server.start()


class Place:
    """Where locks are kept; whoever opens it shares it, as kernels do."""

    def __init__(self, scheme: str, url: str) -> None:
        module, _, name = BACKENDS[scheme].partition(":")
        self._make: Callable[..., Locks] = getattr(
            importlib.import_module(module), name
        )
        self._url = url
        self.outlast = 1.1 * SHORT if url else 0.1
        self._namespace = uuid.uuid4().hex
        self.opened: list[Locks] = []

    def open(self, lease: float = LEASE) -> Locks:
        if self._url:
            made = self._make(self._url, lease=lease, namespace=self._namespace)
            self.opened.append(made)
        elif not self.opened:
            self.opened.append(self._make())
        return self.opened[-1]


@pytest.fixture(params=SCHEMES)
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    url = ""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/locks.db"
    elif request.param == "unix":
        url = request.getfixturevalue("valkey")
    place = Place(request.param, url)
    yield place
    for locks in place.opened:
        await locks.close()


@pytest.fixture
def ours(place: Place) -> Locks:
    return place.open()


@pytest.fixture
def theirs(place: Place, ours: Locks) -> Locks:
    """Another kernel's locks, or the same where there can be only one kernel."""
    return place.open()


@asynccontextmanager
async def waiting(
    locks: Locks, key: str, owner: str, timeout: float = SOON
) -> AsyncIterator["asyncio.Task[Lease]"]:
    """Somebody in the queue, unless the timeout is over before anybody sees it there."""
    before = await number_waiting(locks, key)
    task = asyncio.create_task(locks.acquire(key, owner=owner, timeout=timeout))

    async def is_there() -> bool:
        return task.done() or await number_waiting(locks, key) > before

    await until(is_there, answer=True)
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def number_waiting(locks: Locks, key: str) -> int:
    with pytest.raises(LockTimeout) as caught:
        await locks.acquire(key, owner="asks", timeout=0)
    return caught.value.waiting


async def until_waiting(locks: Locks, key: str, number: int) -> None:
    await until(lambda: number_waiting(locks, key), number)


async def until(asked: Callable[[], Awaitable[Any]], answer: object) -> None:
    """Asks until that is the answer, for as long as a test may take."""
    while True:
        if await asked() == answer:
            return
        await asyncio.sleep(0.005)


def in_thread(make: Callable[[], object]) -> threading.Thread:
    """Runs a coroutine in a loop of its own, in a thread of its own."""
    thread = threading.Thread(target=lambda: asyncio.run(make()))  # type: ignore[arg-type]
    thread.start()
    return thread


def test_every_backend_is_held_to_the_promises() -> None:
    assert {BACKENDS[scheme] for scheme in SCHEMES} == set(BACKENDS.values())


class TestOneHolder:
    async def test_only_one_holds_a_key_at_a_time(
        self, ours: Locks, theirs: Locks
    ) -> None:
        inside, most, served = 0, 0, 0

        async def work(locks: Locks) -> None:
            nonlocal inside, most, served
            for _ in range(3):
                lease = await locks.acquire("key", owner="one of many")
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0.001)
                inside -= 1
                served += 1
                await lease.release()

        await asyncio.gather(*(work(locks) for locks in (ours, theirs) * 10))
        assert (most, served) == (1, 60)

    async def test_waiters_are_served_first_come_first_served(
        self, ours: Locks, theirs: Locks
    ) -> None:
        first = await ours.acquire("key", owner="first")
        order: list[int] = []

        async def queue(number: int) -> None:
            lease = await (ours, theirs)[number % 2].acquire("key", owner=str(number))
            order.append(number)
            await lease.release()

        async with asyncio.TaskGroup() as group:
            for number in range(8):
                group.create_task(queue(number))
                await until_waiting(ours, "key", number + 1)
            await first.release()
        assert order == list(range(8))

    async def test_a_waiter_is_woken_at_once(self, ours: Locks, theirs: Locks) -> None:
        lease = await ours.acquire("key", owner="holder")
        async with waiting(theirs, "key", "waiter") as task:
            released = time.monotonic()
            await lease.release()
            await (await task).release()
            assert time.monotonic() - released < SOON

    async def test_keys_do_not_wait_for_each_other(
        self, ours: Locks, theirs: Locks
    ) -> None:
        await ours.acquire("one", owner="holder")
        lease = await theirs.acquire("another", owner="holder", timeout=0)
        assert lease.is_valid

    async def test_the_holder_is_named_to_everybody(
        self, ours: Locks, theirs: Locks
    ) -> None:
        assert await theirs.holder("key") == ""
        lease = await ours.acquire("key", owner="kernel: 7, café")
        assert await theirs.holder("key") == "kernel: 7, café"
        await lease.release()
        assert await theirs.holder("key") == ""


class TestLease:
    async def test_it_is_kept_alive_while_it_is_held(self, place: Place) -> None:
        ours, theirs = place.open(lease=SHORT), place.open()
        lease = await ours.acquire("key", owner="holder")
        async with waiting(theirs, "key", "waiter", timeout=place.outlast) as task:
            with pytest.raises(LockTimeout):
                await task
        assert lease.is_valid

    async def test_it_is_kept_alive_while_the_loop_stands_still(
        self, place: Place
    ) -> None:
        ours, theirs = place.open(lease=SHORT), place.open()
        lease = await ours.acquire("key", owner="holder")
        time.sleep(place.outlast)  # noqa: ASYNC251 - the fault of this test
        assert lease.is_valid
        assert await theirs.holder("key") == "holder"

    async def test_closing_tells_the_holder(self, ours: Locks) -> None:
        lease = await ours.acquire("key", owner="holder")
        reasons: list[str] = []
        told = threading.Event()
        lease.on_loss(lambda reason: (reasons.append(reason), told.set()))
        await ours.close()
        assert await asyncio.to_thread(told.wait, SOON)
        assert not lease.is_valid
        lease.on_loss(reasons.append)  # who asks late is told at once
        assert reasons == ["the locks were closed"] * 2

    async def test_nobody_is_told_after_a_release(self, ours: Locks) -> None:
        lease = await ours.acquire("key", owner="holder")
        reasons: list[str] = []
        lease.on_loss(reasons.append)
        await lease.release()
        await ours.close()
        await asyncio.sleep(0.05)
        assert reasons == []
        assert not lease.is_valid

    async def test_closed_locks_give_no_lease(self, ours: Locks) -> None:
        await ours.close()
        with pytest.raises(LockBackendDown, match="closed"):
            await ours.acquire("key", owner="late")

    async def test_closing_wakes_who_waits(self, ours: Locks, theirs: Locks) -> None:
        await ours.acquire("key", owner="holder")
        async with waiting(theirs, "key", "waiter") as task:
            await theirs.close()
            with pytest.raises(LockBackendDown, match="closed"):
                await asyncio.wait_for(task, SOON)


class TestFence:
    async def test_it_rises_from_holder_to_holder(
        self, ours: Locks, theirs: Locks
    ) -> None:
        fences = []
        for locks in (ours, theirs, ours, ours, theirs):
            lease = await locks.acquire("key", owner="holder")
            fences.append(lease.fence)
            await lease.release()
        assert fences == sorted(set(fences))

    async def test_it_is_above_what_the_store_has_seen(
        self, ours: Locks, theirs: Locks
    ) -> None:
        seen = 10**13
        lease = await ours.acquire("key", owner="holder", above=seen)
        assert lease.fence > seen
        await lease.release()
        again = await theirs.acquire("key", owner="holder", above=5)
        assert again.fence > lease.fence

    async def test_a_waiters_fence_is_above_too(
        self, ours: Locks, theirs: Locks
    ) -> None:
        lease = await ours.acquire("key", owner="holder")
        waiter = theirs.acquire("key", owner="waiter", above=lease.fence + 70)
        async with asyncio.TaskGroup() as group:
            task = group.create_task(waiter)
            await asyncio.sleep(0.05)
            await lease.release()
        assert task.result().fence > lease.fence + 70


class TestLeaving:
    async def test_a_timeout_names_the_holder(self, ours: Locks, theirs: Locks) -> None:
        await ours.acquire("key", owner="kernel 7")
        async with waiting(ours, "key", "another"):
            late = theirs.acquire("key", owner="late", timeout=0.1)
            with pytest.raises(LockTimeout, match=WORDS):
                await asyncio.create_task(late)

    async def test_no_timeout_does_not_wait(self, ours: Locks, theirs: Locks) -> None:
        await ours.acquire("key", owner="holder")
        began = time.monotonic()
        with pytest.raises(LockTimeout):
            await theirs.acquire("key", owner="late", timeout=0)
        assert time.monotonic() - began < SOON

    async def test_a_wait_that_ends_leaves_no_place(
        self, ours: Locks, theirs: Locks
    ) -> None:
        lease = await ours.acquire("key", owner="holder")
        async with waiting(theirs, "key", "cancelled"):
            pass
        async with waiting(theirs, "key", "timed out", timeout=0.05) as task:
            with pytest.raises(LockTimeout):
                await task
        await lease.release()
        assert (await theirs.acquire("key", owner="next", timeout=SOON)).is_valid

    @pytest.mark.parametrize("moment", [0, 0.0002, 0.0005, 0.001, 0.003])
    async def test_a_cancelled_wait_leaves_no_holder(
        self, ours: Locks, theirs: Locks, moment: float
    ) -> None:
        lease = await ours.acquire("key", owner="holder")
        async with waiting(theirs, "key", "cancelled") as task:
            await lease.release()
            await asyncio.sleep(moment)
            task.cancel()
            ended = (await asyncio.gather(task, return_exceptions=True))[0]
        if not isinstance(ended, BaseException):
            await ended.release()
        assert (await ours.acquire("key", owner="next", timeout=SOON)).is_valid


class TestRelease:
    async def test_twice_is_no_error(self, ours: Locks, theirs: Locks) -> None:
        first = await ours.acquire("key", owner="first")
        await first.release()
        second = await theirs.acquire("key", owner="second")
        await first.release()
        assert second.is_valid
        assert await ours.holder("key") == "second"

    async def test_after_a_loss_is_no_error(self, ours: Locks) -> None:
        lease = await ours.acquire("key", owner="holder")
        await ours.close()
        await lease.release()
        assert not lease.is_valid

    async def test_a_holder_may_ask_whether_it_still_holds(self, ours: Locks) -> None:
        lease = await ours.acquire("key", owner="holder")
        lease.check()
        await lease.release()
        with pytest.raises(LockLost, match="it was released"):
            lease.check()


class TestEviction:
    async def test_a_holder_that_hangs_can_be_put_out(self, place: Place) -> None:
        ours, theirs = place.open(lease=SHORT), place.open()
        lease = await ours.acquire("key", owner="hangs")
        told = threading.Event()
        lease.on_loss(lambda reason: told.set())
        async with waiting(theirs, "key", "next") as task:
            assert await theirs.evict("key") == "hangs"
            following = await asyncio.wait_for(task, SOON)
        assert following.fence > lease.fence
        assert await asyncio.to_thread(told.wait, SOON)
        with pytest.raises(LockLost):
            lease.check()
        await lease.release()
        following.check()
        assert await ours.holder("key") == "next"

    async def test_with_nobody_waiting_the_lock_is_free(
        self, ours: Locks, theirs: Locks
    ) -> None:
        lease = await ours.acquire("key", owner="hangs")
        assert await theirs.evict("key") == "hangs"
        after = await theirs.acquire("key", owner="next", timeout=0)
        assert after.fence > lease.fence

    async def test_nobody_is_put_out_of_a_free_lock(self, ours: Locks) -> None:
        assert await ours.evict("key") == ""


class TestAnywhere:
    async def test_many_loops_share_the_locks(self, ours: Locks, theirs: Locks) -> None:
        inside: list[int] = []
        fences: list[int] = []

        async def work(number: int) -> None:
            for turn in range(10):
                locks = (ours, theirs)[(number + turn) % 2]
                lease = await locks.acquire("key", owner=f"loop {number}")
                inside.append(number)
                await asyncio.sleep(0.001)
                assert inside.pop() == number
                fences.append(lease.fence)
                await lease.release()

        threads = [in_thread(lambda number=number: work(number)) for number in range(3)]
        await work(3)
        for thread in threads:
            await asyncio.to_thread(thread.join)
        assert fences == sorted(set(fences))
        assert len(fences) == 40

    async def test_another_loop_may_release(self, ours: Locks, theirs: Locks) -> None:
        lease = await ours.acquire("key", owner="holder")
        await asyncio.to_thread(in_thread(lease.release).join)
        assert (await theirs.acquire("key", owner="next", timeout=0)).is_valid

    async def test_a_loop_that_ended_holds_up_nobody(
        self, ours: Locks, theirs: Locks
    ) -> None:
        lease = await ours.acquire("key", owner="holder")

        async def leave_the_loop() -> None:
            wait = theirs.acquire("key", owner="gone").__await__()
            for _ in range(100):
                if (future := next(wait)) is not None:
                    future._asyncio_future_blocking = False
                    await asyncio.sleep(0.01)
                    if not future.done():
                        break

        await asyncio.to_thread(in_thread(leave_the_loop).join)
        await lease.release()
        assert (await ours.acquire("key", owner="next", timeout=SOON)).is_valid

    async def test_a_task_that_waits_for_itself_is_refused(self, ours: Locks) -> None:
        lease = await ours.acquire("key", owner="this task")
        with pytest.raises(LockReentered, match="as this task"):
            await ours.acquire("key", owner="again")
        await lease.release()
        assert (await ours.acquire("key", owner="again", timeout=0)).is_valid


class TestCalls:
    async def test_a_word_reaches_who_listens(self, ours: Locks, theirs: Locks) -> None:
        words: asyncio.Queue[str] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        await ours.listen(
            "key", lambda word: loop.call_soon_threadsafe(words.put_nowait, word)
        )
        for word in ("stop", "stöp again"):
            assert await theirs.call_holder("key", word)
            assert await asyncio.wait_for(words.get(), SOON) == word

    async def test_nobody_listens(self, ours: Locks, theirs: Locks) -> None:
        assert not await theirs.call_holder("key", "stop")
        await ours.listen("another", lambda word: None)
        assert not await theirs.call_holder("key", "stop")

    async def test_who_stops_listening_hears_no_more(
        self, ours: Locks, theirs: Locks
    ) -> None:
        words: list[str] = []
        stop = await ours.listen("key", words.append)
        other = await ours.listen("key", words.append)
        stop()
        stop()
        assert await theirs.call_holder("key", "one")
        while not words:  # noqa: ASYNC110 - it is told in another thread
            await asyncio.sleep(0.01)
        for _ in range(100):  # for who stopped, had it been told as well
            await asyncio.sleep(0)
        other()
        await until(lambda: theirs.call_holder("key", "two"), answer=False)
        assert not await theirs.call_holder("key", "three")
        assert words == ["one"]

    async def test_a_listener_that_fails_stops_no_other(
        self, ours: Locks, theirs: Locks, caplog: pytest.LogCaptureFixture
    ) -> None:
        heard = threading.Event()
        await ours.listen("key", lambda word: 1 / 0)
        await ours.listen("key", lambda word: heard.set())
        assert await theirs.call_holder("key", "stop")
        assert await asyncio.to_thread(heard.wait, SOON)
        assert "A listener" in caplog.text
