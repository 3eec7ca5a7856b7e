"""The attempts of a firing: from its first try to the event that ends it."""

import asyncio
import contextlib
import functools
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Any

from agentbench.domain.block import ERROR, Emission
from agentbench.domain.errors import BlockTimeout, LockLost
from agentbench.domain.event import (
    AttemptFailed,
    FiringCompleted,
    FiringFailed,
    FiringParked,
    FiringStarted,
    ValueEmitted,
)
from agentbench.domain.replay import ReplayMode
from agentbench.domain.value import InlineValue, ValueRef
from agentbench.engine.chronicle import Chronicle
from agentbench.engine.exclusive import alone
from agentbench.engine.firing import (
    LINE_CHARACTERS,
    checked,
    emissions,
    plain,
    said,
)
from agentbench.engine.gear import Gear
from agentbench.engine.intake import Intake
from agentbench.engine.parked import Parked
from agentbench.engine.plan import Ready
from agentbench.engine.recollection import Recollection
from agentbench.engine.site import Site, Sites
from agentbench.engine.stand_in import StandIn, bypassed, disabled, pinned
from agentbench.engine.tenure import Tenure
from agentbench.engine.traces import lines_of, own_line
from agentbench.engine.trail import GO_ON, PAUSE, STEP, Past
from agentbench.engine.values import inlined

TRACEBACK_CHARACTERS = 20_000
_NOT_LOST: Sequence[str] = ()


class Attempts:
    """Carries out firings. Each outcome is one event; nothing is raised to the executor."""

    def __init__(
        self,
        gear: Gear,
        *,
        sites: Sites,
        book: Chronicle,
        intake: Intake,
        recollection: Recollection | None,
        fail_run: Callable[[str], None],
        breathe: Callable[[bool], Awaitable[None]],
        tenure: Tenure,
    ) -> None:
        """`fail_run` ends the run at once, as failed, for a reason.

        `breathe` is awaited between the values of a stream, and told whether others may
        hold it up.
        """
        self._breathe = breathe
        self._recollection = recollection
        self._recalled: dict[tuple[str, int], StandIn] = {}
        self._sites, self._book, self._intake = sites, book, intake
        self._gear, self._fail_run, self._tenure = gear, fail_run, tenure
        self.unsure: set[tuple[str, int]] = set()
        """Firings that may be what took the last kernel down: each start is kept first."""

    def why_again(self, ready: Ready) -> str:
        """Why a firing that could be taken from an earlier run is done; empty otherwise."""
        if self._recollection is None:
            return ""
        try:
            site = self._sites[ready.node]
        except Exception:  # noqa: BLE001 - `fire` tells what a block's ports raise
            return ""
        found = self._recollection.decide(site, ready, self._book.trail)
        if isinstance(found, str):
            return found
        self._recalled[ready[:2]] = found
        return ""

    async def fire(self, ready: Ready) -> None:
        """Carries out a firing that has been recorded as started."""
        past = self._book.trail.past(ready.node, ready.firing)
        past.began = time.monotonic()
        try:
            site = self._sites[ready.node]
        except Exception as error:  # noqa: BLE001 - whatever a block's ports raise
            self.fail(ready, error)
            return
        if not self._tenure.is_certain and self._tenure.holds_back(site.block):
            await self._tenure.certain()
            past.began = time.monotonic()
        if site.exclusive:
            await self._fire_alone(ready, site, past)
        elif site.timeout is not None:
            await self._try_again(
                ready,
                site,
                past,
                _NOT_LOST,
                await self._try(ready, site, past, _NOT_LOST),
            )
        else:  # most: not in a coroutine of its own, which each block would pay for
            try:
                await self.work(ready, site, past)
            except BaseException as error:  # noqa: BLE001 - a block may even call sys.exit
                failed = await self._came_of(ready, error, _NOT_LOST)
                await self._try_again(ready, site, past, _NOT_LOST, failed)

    async def _fire_alone(self, ready: Ready, site: Site, past: Past) -> None:
        fail = functools.partial(self.fail, ready)
        async with alone(self._gear, site.exclusive, fail) as lost:
            if lost is None:
                return
            try:
                failed = await self._try(ready, site, past, lost)
                await self._try_again(ready, site, past, lost, failed)
            except asyncio.CancelledError:
                if not lost:
                    raise
                self.fail(ready, LockLost(f"key:{site.exclusive}", lost[0]))

    async def _try_again(
        self,
        ready: Ready,
        site: Site,
        past: Past,
        lost: Sequence[str],
        error: BaseException | None,
    ) -> None:
        """Tries again after an error, as long as the node's options say so."""
        while error is not None:
            wait = site.wait_after(error, failed=past.failed)
            if wait is None:
                self.fail(ready, error)
                return
            recorder = self._gear.recorder
            if recorder is not None and recorder.mode == ReplayMode.REPLAY:
                wait = 0.0  # no server has to come to rest
            self._book.record(
                AttemptFailed,
                node=ready.node,
                firing=ready.firing,
                attempt=past.attempts,
                seconds=self.seconds_of(ready),
                error=type(error).__name__,
                message=said(error),
                wait=wait,
            )
            await asyncio.sleep(wait)
            await self._book.journal.room.there()
            if self._book.end is not None:
                return
            self._book.record(
                FiringStarted,
                node=ready.node,
                firing=ready.firing,
                attempt=past.attempts + 1,
                inputs=ready.inputs,
            )
            past.began = time.monotonic()
            error = await self._try(ready, site, past, lost)

    async def _try(
        self, ready: Ready, site: Site, past: Past, lost: Sequence[str]
    ) -> BaseException | None:
        """One attempt; gives the error it ended in, or None when its end is recorded."""
        try:
            if site.timeout is None:
                await self.work(ready, site, past)
            else:
                async with asyncio.timeout(site.timeout) as deadline:
                    with self._book.journal.room.stopping(deadline):
                        await self.work(ready, site, past)
        except BaseException as error:  # noqa: BLE001 - a block may even call sys.exit
            failed = await self._came_of(ready, error, lost)
            if failed is error and site.timeout is not None and deadline.expired():
                return BlockTimeout(ready.node, site.timeout)
            return failed
        return None

    async def _came_of(
        self, ready: Ready, error: BaseException, lost: Sequence[str]
    ) -> BaseException | None:
        """The error that an attempt failed by; None where it parked, or the run is over."""
        if isinstance(error, Parked):
            await self._park(ready, error)
            return None
        is_over = self._book.end is not None
        if isinstance(error, asyncio.CancelledError):
            if lost or is_over:
                raise error
            return RuntimeError("The block was cancelled.")
        return None if is_over else error

    async def work(self, ready: Ready, site: Site, past: Past) -> None:
        """Does a firing's work; the watch knows by this frame whose code the loop is in."""
        if site.has_stand_in or self._recalled:
            stand_in = await self._stand_in(ready, site)
            if stand_in is not None:
                await self._give(ready, stand_in)
                return
        if site.has_breakpoint or self._book.trail.is_stepping:
            self._hold(past)
        intake = self._intake
        inputs = intake.at_hand(site, ready)
        if inputs is None:
            inputs = await intake.gathered(site, ready)
        if site.block.effects == "sends" or (self.unsure and ready[:2] in self.unsure):
            await self._book.settled()
        context = self._intake.context(ready, past)
        # What a failed or cut-off attempt had given stands: it is not given again.
        given = len(past.emitted)
        if site.gives_at_once:
            values = await site.block.give(inputs, context)
            for port, value in values[given:] if given else values:
                fit = checked(site, port, value)
                if not (
                    self._emit_now(ready, port, fit)
                    or await self._emit(ready, port, fit)
                ):
                    return
        elif not await self._stream(
            ready, site, emissions(site, inputs, context), given
        ):
            return
        self._complete(ready, past)

    async def _stream(
        self,
        ready: Ready,
        site: Site,
        values: AsyncGenerator[Emission, None],
        given: int,
    ) -> bool:
        """Records what a block gives one by one, but for the first `given`; false once it is over."""
        async with contextlib.aclosing(values):
            async for port, value in values:
                if given:
                    given -= 1
                    continue
                fit = checked(site, port, value)
                if not (
                    self._emit_now(ready, port, fit)
                    or await self._emit(ready, port, fit)
                ):
                    return False
                await self._breathe(site.may_be_held_back)
        return True

    def _complete(self, ready: Ready, past: Past) -> None:
        book = self._book
        if book.end is None:
            book.enter(
                FiringCompleted(
                    seq=book.journal.next_seq,
                    at=time.time(),
                    node=ready.node,
                    firing=ready.firing,
                    seconds=time.monotonic() - past.began,
                )
            )

    def _hold(self, past: Past) -> None:
        """Parks a firing at a breakpoint, or for a step, until it is let go on."""
        if all(part != PAUSE for part, _ in past.answers):
            raise Parked("Held before it begins.", choices=(GO_ON, STEP), part=PAUSE)

    async def _stand_in(self, ready: Ready, site: Site) -> StandIn | None:
        if site.is_disabled:
            return disabled()
        if site.is_bypassed:
            return bypassed(site, await self._intake.linked(ready))
        if site.pinned is not None:
            return pinned(site)
        return self._recalled.pop(ready[:2], None)

    async def _give(self, ready: Ready, stand_in: StandIn) -> None:
        done = len(self._book.trail.emitted(ready.node, ready.firing))
        for given in stand_in.given[done:]:
            seq = await self._emit(ready, given.port, given.value, given.ref)
            if self._recollection is not None:
                self._recollection.note(seq, given)
        self._end(ready, stand_in.end, **stand_in.facts)

    async def _emit(
        self, ready: Ready, port: str, value: Any, ref: ValueRef | None = None
    ) -> int:
        """Records a value; gives its number, or 0 when the run is over."""
        book = self._book
        room = book.journal.room
        if ref is None:
            value = self._gear.redaction.value(value)
            ref = await room.keep(lambda: self._keep(value))
        if room.is_lacking:  # what a stream gives meanwhile would only fill the memory
            await room.there()
        if book.end is not None:
            return 0
        seq = self._give_out(ready, port, ref)
        if type(ref) is not InlineValue:
            book.trail.remember(seq, value)
        return seq

    def _emit_now(self, ready: Ready, port: str, value: Any) -> int | None:
        """The same for a small plain value; None where something has to be waited for."""
        book = self._book
        if book.end is not None or book.journal.room.is_lacking:
            return None
        ref = inlined(self._gear.redaction.value(value))
        return None if ref is None else self._give_out(ready, port, ref)

    def _give_out(self, ready: Ready, port: str, ref: ValueRef) -> int:
        event = ValueEmitted(
            seq=self._book.journal.next_seq,
            at=time.time(),
            node=ready.node,
            firing=ready.firing,
            port=port,
            value=ref,
        )
        self._book.enter(event)
        return event.seq

    async def _keep(self, value: Any) -> ValueRef:
        return await self._gear.keeper.keep(value)

    async def _park(self, ready: Ready, parked: Parked) -> None:
        about = None
        if parked.about is not None:
            room = self._book.journal.room
            about = await room.keep(lambda: self._keep(parked.about))
        self._end(
            ready,
            FiringParked,
            question=plain(parked.question),
            choices=parked.choices,
            until=parked.until,
            about=about,
            part=parked.part,
            terms=parked.terms,
        )

    def fail(self, ready: Ready, error: BaseException) -> None:
        """Ends a firing in an error."""
        if self._book.end is not None:
            return
        on_error = self._on_error(ready)
        has_route = bool(self._book.plan.routes(ready.node, ERROR.name))
        masked = self._gear.redaction.text
        message = masked(said(error))
        past = self._book.trail.past(ready.node, ready.firing)
        if has_route and past.last_port != ERROR.name:  # told before it was cut off
            event = self._book.record(
                ValueEmitted,
                node=ready.node,
                firing=ready.firing,
                port=ERROR.name,
                value=InlineValue(message),
            )
            self._book.trail.remember(event.seq, message)
        is_told = self._book.calls.is_awaited(ready.node, ready.firing)
        is_handled = has_route or is_told or on_error == "ignore"
        self._end(
            ready,
            FiringFailed,
            seconds=self.seconds_of(ready),
            error=type(error).__name__,
            message=message,
            traceback=masked(plain(lines_of(error)))[-TRACEBACK_CHARACTERS:],
            is_handled=is_handled,
            line=masked(plain(own_line(error)))[:LINE_CHARACTERS],
        )
        if on_error == "stop" and not is_handled:
            self._fail_run(
                f"The node {ready.node!r} failed, and is set to stop the run."
            )

    def _on_error(self, ready: Ready) -> str:
        try:
            return self._sites[ready.node].on_error
        except Exception:  # noqa: BLE001 - a block nobody knows has no say
            return "fail"

    def _end(self, ready: Ready, make: Any, **facts: Any) -> None:
        if self._book.end is None:
            self._book.record(make, node=ready.node, firing=ready.firing, **facts)

    def seconds_of(self, ready: Ready) -> float:
        """How long the attempt that runs has taken."""
        began = self._book.trail.past(ready.node, ready.firing).began
        return time.monotonic() - began if began else 0.0
