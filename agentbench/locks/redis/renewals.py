"""Keeps leases alive, from a thread that no event loop can hold up."""

import contextlib
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from agentbench.locks.base import CLOSED, HeldLease, clock
from agentbench.locks.redis.scripts import RENEW
from agentbench.locks.redis.wire import Command, Wire, WireDown


@dataclass(eq=False, slots=True, kw_only=True)
class Kept:
    """A lease, what the server calls it, and when it is renewed next."""

    lease: HeldLease
    entry: str
    keys: tuple[str, str]
    due: float
    since: int = field(default_factory=lambda: int(time.time() * 1000))
    trouble: str = ""


class Renewals:
    """One thread and one connection that renew every lease at a third of its time.

    Once in a lease it also has the server `sweep`, as the janitor.
    """

    def __init__(
        self,
        wire: Wire,
        *,
        lease: float,
        margin: float,
        say: Callable[[str], str],
        sweep: Command,
    ) -> None:
        self._wire, self._lease, self._margin, self._say = wire, lease, margin, say
        self._sweep, self._sweeps = sweep, -math.inf
        self._kept: dict[str, Kept] = {}
        self._wakes = math.inf
        self._is_closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(
            target=self._run, name="lock renewals", daemon=True
        )

    def lease_of(self, key: str) -> HeldLease | None:
        """The lease that we have on a key."""
        kept = self._kept.get(key)
        return kept.lease if kept else None

    def until(self, sent: float) -> float:
        """When a lease ends for us that was taken or renewed by a call sent then."""
        return sent + self._lease - self._margin

    def keep(self, kept: Kept) -> None:
        """Renews the lease from now on."""
        with self._changed:
            before = self._kept.get(kept.lease.key)
            self._kept[kept.lease.key] = kept
            if not self._thread.ident:
                self._thread.start()
            elif kept.due < self._wakes:
                self._changed.notify()
        if before:
            before.lease.lose("its time was up")

    def drop(self, lease: HeldLease) -> None:
        """Renews the lease no longer."""
        with self._changed:
            kept = self._kept.get(lease.key)
            if kept and kept.lease is lease:
                del self._kept[lease.key]

    def close(self) -> None:
        """Ends; whoever still holds a lease is told."""
        with self._changed:
            self._is_closed = True
            left, self._kept = list(self._kept.values()), {}
            self._changed.notify()
        for kept in left:
            kept.lease.lose(CLOSED)

    def join(self, timeout: float) -> None:
        """Waits until it has ended."""
        if self._thread.ident:
            self._thread.join(timeout)

    def _run(self) -> None:
        while (due := self._wait()) is not None:
            over = [kept for kept in due if not kept.lease.is_valid]
            for kept in over:
                self._lose(kept, kept.trouble or kept.lease.stall)
            self._renew([kept for kept in due if kept.lease.is_valid])
            self._clean()
        self._wire.drop()

    def _wait(self) -> list[Kept] | None:
        """Those to renew now, perhaps none; waits until it is time. None at the end."""
        with self._changed:
            while not self._is_closed:
                dues = [kept.due for kept in self._kept.values()]
                # Never longer than a new lease can wait: to wake us for each would cost
                # its taker more than all else that it does here.
                no_later = clock() + self._lease / 3
                self._wakes = min([*dues, self._sweeps, no_later])
                left = self._wakes - clock()
                if left <= 0:
                    soon = clock() + self._lease / 12  # so that one call serves many
                    return [kept for kept in self._kept.values() if kept.due <= soon]
                self._changed.wait(left)
        return None

    def _renew(self, due: list[Kept]) -> None:
        if not due:
            return
        sent = clock()
        try:
            answers = self._wire.call([self._command(kept) for kept in due])
        except WireDown as down:
            for kept in due:
                self._try_again(kept, down.reason)
            return
        for kept, answer in zip(due, answers, strict=True):
            self._settle(kept, answer, sent)

    def _clean(self) -> None:
        if clock() >= self._sweeps:
            self._sweeps = clock() + self._lease
            with contextlib.suppress(WireDown):  # another time
                self._wire.call([self._sweep])

    def _command(self, kept: Kept) -> list[Any]:
        lease = round(self._lease * 1000)
        words = (kept.entry, kept.lease.fence, lease, kept.since)
        return [RENEW, len(kept.keys), *kept.keys, *words]

    def _settle(self, kept: Kept, answer: Any, sent: float) -> None:
        if isinstance(answer, Exception):
            self._try_again(kept, str(answer))
        elif answer != kept.entry:
            holder = self._say(answer)
            self._lose(
                kept, f"{holder} has it now" if holder else "others had it since"
            )
        elif kept.lease.extend(self.until(sent)):
            kept.due, kept.trouble = sent + self._lease / 3, ""
        else:
            self._lose(kept, "it was renewed too late")

    def _try_again(self, kept: Kept, reason: str) -> None:
        kept.trouble = f"the lock server does not answer ({reason})"
        if kept.lease.is_valid:
            kept.due = clock() + min(0.5, self._margin / 8)
        else:
            self._lose(kept, kept.trouble)

    def _lose(self, kept: Kept, reason: str) -> None:
        self.drop(kept.lease)
        kept.lease.lose(reason)
