"""The promises of `agentbench.domain.rate`, held over every backend listed."""

import asyncio
import importlib
import json
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from agentbench.domain.errors import LockBackendDown, RateExceeded
from agentbench.domain.rate import Rate, Rates, Taken, when
from agentbench.embedded.valkey import ValkeyServer
from agentbench.locks import RATES

ROOT = Path(__file__).parent.parent.parent
SCHEMES = ("local", "sqlite", "unix")
"""One for each class that is listed."""

NEVER = 1000.0
"""Seconds that no test waits."""

PROCESS = """
import asyncio, json, sys, time
from agentbench.locks.base import clock
from tests.conformance.test_rate import Rate, make_rates

async def use(url, namespace, limit, seconds, turns):
    rates = make_rates(url, namespace=namespace)
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(turns):
        asked = clock()
        waited = await rates.take("key", Rate(limit, seconds), timeout=None)
        print(asked + waited, clock(), flush=True)
    await rates.close()

asyncio.run(use(*json.loads(sys.argv[1])))
"""


def make_rates(url: str, **options: object) -> Rates:
    """Rates at a URL, as a workbench would open them."""
    module, _, name = RATES[url.partition(":")[0]].partition(":")
    rates: Rates = getattr(importlib.import_module(module), name)(url, **options)
    return rates


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with ValkeyServer(tmp_path_factory.mktemp("run")) as server:
        yield server.start()


@pytest.fixture(params=SCHEMES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "unix":
        at: str = request.getfixturevalue("valkey")
        return at
    return "local:" if request.param == "local" else f"sqlite:///{tmp_path}/locks.db"


@pytest.fixture
def namespace() -> str:
    return uuid.uuid4().hex


@pytest.fixture
async def open_rates(url: str, namespace: str) -> AsyncIterator[Callable[[], Rates]]:
    """Opens rates as one more kernel would, or the same where there is only one."""
    opened: list[Rates] = []

    def open_rates() -> Rates:
        if url != "local:" or not opened:
            options = {} if url == "local:" else {"namespace": namespace}
            opened.append(make_rates(url, **options))
        return opened[-1]

    yield open_rates
    for rates in opened:
        await rates.close()


@pytest.fixture
def ours(open_rates: Callable[[], Rates]) -> Rates:
    return open_rates()


@pytest.fixture
def theirs(ours: Rates, open_rates: Callable[[], Rates]) -> Rates:
    return open_rates()


async def in_line(rates: Rates, key: str, rate: Rate, before: float) -> float:
    """Waits until one more has a place; returns the delay of the next."""
    for _ in range(10_000):
        if (delay := await rates.delay(key, rate)) > before + rate.seconds / 2:
            return delay
        await asyncio.sleep(0.005)
    pytest.fail("nobody took a place")


def test_every_backend_is_held_to_the_promises() -> None:
    assert {RATES[scheme] for scheme in SCHEMES} == set(RATES.values())


class TestWhen:
    def test_what_fits_may_be_used_at_once(self) -> None:
        assert when([Taken(9.0, 2)], rate=Rate(3, 10), units=1, now=10.0) == 10.0

    def test_what_does_not_fit_waits_until_enough_is_old(self) -> None:
        rate = Rate(3, 10)
        newest = [Taken(9.0, 1), Taken(8.0, 1), Taken(7.0, 1)]
        assert when(newest, rate=rate, units=1, now=10.0) == 7.0 + rate.span
        assert when(newest, rate=rate, units=2, now=10.0) == 8.0 + rate.span

    def test_nobody_goes_before_who_asked_earlier(self) -> None:
        assert when([Taken(25.0, 1)], rate=Rate(3, 10), units=1, now=10.0) == 25.0


class TestLimit:
    async def test_the_limit_is_free_then_it_costs_time(
        self, ours: Rates, theirs: Rates
    ) -> None:
        rate = Rate(3, NEVER)
        for rates in (ours, theirs, ours):
            await rates.take("key", rate, timeout=20)
        assert NEVER * 0.9 < await theirs.delay("key", rate) <= rate.span
        await theirs.take("another", rate, timeout=20)

    async def test_who_would_wait_too_long_is_told_at_once(
        self, ours: Rates, theirs: Rates
    ) -> None:
        rate = Rate(1, NEVER)
        await ours.take("key", rate)
        began = time.monotonic()
        with pytest.raises(RateExceeded, match="Try again then") as caught:
            await theirs.take("key", rate, timeout=60)
        assert time.monotonic() - began < 30
        assert NEVER * 0.9 < caught.value.delay <= rate.span
        assert await theirs.delay("key", rate) <= rate.span  # and took no place

    async def test_units_count(self, ours: Rates, theirs: Rates) -> None:
        rate = Rate(1000, NEVER)
        await ours.take("key", rate, units=600)
        assert await theirs.delay("key", rate, units=400) == 0
        assert await theirs.delay("key", rate, units=401) > NEVER * 0.9
        for units in (0, 1001):
            with pytest.raises(ValueError, match="1 to 1000 units"):
                await ours.take("key", rate, units=units)

    async def test_what_was_used_already_counts_however_much_it_is(
        self, ours: Rates, theirs: Rates
    ) -> None:
        rate = Rate(1000, NEVER)
        await ours.take("key", rate, units=100)
        began = time.monotonic()
        await ours.spend("key", rate, units=300)
        assert await theirs.delay("key", rate, units=600) == 0
        assert await theirs.delay("key", rate, units=601) > NEVER * 0.9
        await theirs.spend("key", rate, units=2500)
        assert time.monotonic() - began < 30
        assert await ours.delay("key", rate, units=1) > NEVER * 1.9

    async def test_it_waits_for_as_long_as_it_said(self, ours: Rates) -> None:
        rate = Rate(2, 1.5)
        for _ in range(2):
            await ours.take("key", rate)
        began = time.monotonic()
        said = await ours.delay("key", rate)
        waited = await ours.take("key", rate)
        took = time.monotonic() - began
        assert 0 < said <= rate.span
        assert said - 0.1 < took
        assert waited <= took + 0.1

    @pytest.mark.timeout(120)
    async def test_processes_never_exceed_it_together(
        self, url: str, namespace: str
    ) -> None:
        if url == "local:":
            pytest.skip("these are shared with no other process")
        limit, seconds, turns = 6, 1.5, 4
        words = json.dumps([url, namespace, limit, seconds, turns])
        pipe = subprocess.PIPE
        command = [sys.executable, "-c", PROCESS, words]
        kernels = [
            subprocess.Popen(  # noqa: ASYNC220 - returns at once
                command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True
            )
            for _ in range(5)
        ]
        try:
            for kernel in kernels:
                assert kernel.stdout
                assert await asyncio.to_thread(kernel.stdout.readline) == "ready\n"
            outputs = await asyncio.gather(
                *(asyncio.to_thread(kernel.communicate, "go\n") for kernel in kernels)
            )
        finally:
            for kernel in kernels:
                kernel.kill()
                kernel.wait()
        # A process may be held up between its turn and its look at the clock: each
        # says since when at the earliest, and until when at the latest, it had its turn.
        lines = [line.split() for out, _ in outputs for line in out.splitlines()]
        earliest = sorted(float(early) for early, _ in lines)
        latest = sorted(float(late) for _, late in lines)
        assert len(lines) == 5 * turns
        for first, over in zip(earliest, latest[limit:], strict=False):
            assert over - first > seconds


class TestOrder:
    async def test_who_asks_first_is_served_first(
        self, ours: Rates, theirs: Rates
    ) -> None:
        # Who oversleeps by more than the slack asks again, behind the others: on a busy
        # machine it takes another look.
        for key in map(str, range(10)):
            order = await self._order(ours, theirs, key)
            if order == list(range(4)):
                break
        assert order == list(range(4))

    async def _order(self, ours: Rates, theirs: Rates, key: str) -> list[int]:
        """In which order four are served that ask one after the other."""
        rate, order = Rate(1, 0.3), list[int]()
        await ours.take(key, rate)

        async def use(number: int) -> None:
            await (ours, theirs)[number % 2].take(key, rate)
            order.append(number)

        async with asyncio.TaskGroup() as group:
            delay = 0.0
            for number in range(4):
                before = await ours.delay(key, rate)
                group.create_task(use(number))
                delay = await in_line(ours, key, rate, before - 0.15)
        assert delay > 0
        return order

    async def test_who_is_cancelled_gives_its_place_back(
        self, ours: Rates, theirs: Rates
    ) -> None:
        rate = Rate(1, NEVER)
        await ours.take("key", rate)
        waits = asyncio.create_task(theirs.take("key", rate, timeout=None))
        assert await in_line(ours, "key", rate, NEVER) > 1.5 * NEVER
        waits.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waits
        for _ in range(1000):
            if await ours.delay("key", rate) <= rate.span:
                break
            await asyncio.sleep(0.01)
        assert await ours.delay("key", rate) <= rate.span

    async def test_after_the_end_nothing_is_given(self, ours: Rates) -> None:
        await ours.close()
        with pytest.raises(LockBackendDown, match="closed"):
            await ours.take("key", Rate(1, 1.0))


async def test_keys_on_a_server_expire(valkey: str, namespace: str) -> None:
    import redis

    rates = make_rates(valkey, namespace=namespace)
    await rates.take("key", Rate(5, 2.0))
    with redis.Redis.from_url(valkey, decode_responses=True) as admin:
        names = list(admin.scan_iter(f"{namespace}:*"))
        assert sorted(name.split(":")[1] for name in names) == ["rate", "rate-seen"]
        assert all(0 < admin.pttl(name) <= 2200 for name in names)
    await rates.close()
