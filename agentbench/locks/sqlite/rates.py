"""Rates in a SQLite file: shared by the kernels of one machine."""

import asyncio
import functools
import os

from agentbench.domain.errors import LockBackendDown
from agentbench.domain.rate import Rate
from agentbench.locks.base import WaitingRates
from agentbench.locks.sqlite import tables
from agentbench.locks.sqlite.address import file_of
from agentbench.locks.sqlite.desk import Desk

KEEP = 30.0
"""Seconds that giving back is tried; then what was taken just grows old."""


class SqliteRates(WaitingRates):
    """Rates for all the kernels of one machine that open one file."""

    def __init__(
        self, url: str, *, namespace: str = "agentbench", patience: float = 5.0
    ) -> None:
        path = file_of(url)
        self.url = f"sqlite:///{path}"
        self._namespace, self._patience = namespace, patience
        self._process = os.getpid()
        self._is_closed = False
        self._desk = Desk(path, where=self.url, keep=KEEP, look=lambda *_: None)

    async def close(self) -> None:
        self._is_closed = True
        self._desk.close()
        await asyncio.to_thread(self._desk.join, 2.0)

    async def _reserve(
        self, key: str, entry: str, rate: Rate, units: int, most: float
    ) -> float:
        if self._is_closed or self._process != os.getpid():
            raise LockBackendDown(self.url, "it was closed, or opened before a fork")
        reserve = functools.partial(
            tables.reserve,
            key=f"{self._namespace}:{key}",
            entry=entry,
            rate=rate,
            units=units,
            most=most,
        )
        return await self._desk.ask(reserve, wait=self._patience)

    def _give_back(self, key: str, entry: str, units: int) -> None:
        if not self._is_closed:
            self._desk.post(functools.partial(tables.take_back, entry=entry))
