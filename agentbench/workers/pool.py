"""The pool: which firing gets which worker, and how a firing looks from the kernel."""

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from agentbench.domain.block import Block, Emission
from agentbench.domain.codec import CodecBook
from agentbench.domain.context import Context
from agentbench.domain.errors import (
    BlockRaised,
    CodecError,
    WorkerLost,
    WorkerValueError,
)
from agentbench.workers.modules import folders_of
from agentbench.workers.parcel import cell_of, pack
from agentbench.workers.process import Worker
from agentbench.workers.wire import (
    Answered,
    Asked,
    Emitted,
    Finished,
    FromWorker,
    Job,
    Logged,
    Printed,
    Raised,
    Reached,
    Taken,
    Unsendable,
)

KEPT = 2
"""Workers that wait for more to do, at most."""

IDLE = 60.0
"""Seconds that one waits before it ends."""

MOST = max(4, os.cpu_count() or 1)
"""Workers at a time, at most; further firings wait in line."""


class InThread(Protocol):
    """Calls a blocking function in a thread; the call goes on when nobody waits any more."""

    async def __call__(self, function: Any, *args: Any) -> Any: ...


class ProcessWorkers:
    """Workers of this kernel, started when they are needed and used again."""

    def __init__(
        self,
        codecs: CodecBook,
        in_thread: InThread,
        command: Sequence[str],
        *,
        most: int = MOST,
        kept: int = KEPT,
        idle: float = IDLE,
    ) -> None:
        self._codecs, self._in_thread = codecs, in_thread
        self._seats = _Seats(command, most=most, kept=kept, idle=idle)

    async def run(
        self, block: Block, inputs: Mapping[str, Any], context: Context
    ) -> AsyncIterator[Emission]:
        """Runs one firing in a worker that is free, or in a new one."""
        job = await self._in_thread(_job, block, inputs, context)
        seat = _Seat()
        questions = _Questions(context)
        try:
            worker = await self._begun(job, seat)
            while True:
                heard: FromWorker = await self._in_thread(worker.receive, job)
                match heard:
                    case Emitted():
                        yield await self._value(block, heard)
                        worker.send(Taken())
                    case Asked():
                        questions.answer(heard, worker, self._in_thread)
                    case Finished():
                        seat.is_clean = True
                        return
                    case Raised() | Unsendable():
                        # It is in order all the same, and `Finished` comes next.
                        await self._in_thread(worker.receive, job)
                        seat.is_clean = True
                        raise _error_of(block, heard)
                    case _:
                        _hear(heard, context)
        finally:
            questions.drop()
            await self._in_thread(self._seats.leave, seat)

    def close(self) -> None:
        """Kills every worker."""
        self._seats.close()

    async def _begun(self, job: Job, seat: "_Seat") -> Worker:
        """A worker that has the job. One that died while it waited is no loss."""
        for chance in range(KEPT + 1, 0, -1):
            worker: Worker = await self._in_thread(self._seats.take, seat)
            try:
                await self._in_thread(worker.send, job)
                await self._in_thread(worker.receive, job)
            except WorkerLost:
                if chance == 1:
                    raise
                await self._in_thread(self._seats.swap, seat)
            else:
                break
        return worker

    async def _value(self, block: Block, heard: Emitted) -> Emission:
        try:
            value = await self._in_thread(self._codecs.decode, heard.codec, heard.data)
        except CodecError as error:
            what, got = f"The output {heard.port!r}", "not to be read"
            raise WorkerValueError(block.id, what, got, f"{error}") from error
        return Emission(heard.port, value)


class _Seat:
    """A firing's claim to a worker. `is_clean` when the worker can be used again."""

    def __init__(self) -> None:
        self.worker: Worker | None = None
        self.is_clean = False
        self.has_left = False


class _Seats:
    """Who has a worker, who waits for one, and which workers wait."""

    def __init__(
        self, command: Sequence[str], *, most: int, kept: int, idle: float
    ) -> None:
        self._command, self._most, self._kept, self._idle = command, most, kept, idle
        self._change = threading.Condition()
        self._free: list[tuple[Worker, threading.Timer]] = []
        self._every: set[Worker] = set()
        self._starting = 0
        self._is_closed = False

    def take(self, seat: _Seat) -> Worker:
        """Gives the seat a worker; blocks until there is one.

        Raises:
            RuntimeError: nobody needs it any more.
        """
        with self._change:
            self._change.wait_for(lambda: seat.has_left or self._has_room())
            if seat.has_left or self._is_closed:
                raise RuntimeError("The firing has ended.")
            if (worker := self._free_one()) is not None:
                seat.worker = worker
                return worker
            self._starting += 1
        worker = None
        try:
            worker = Worker(self._command)
        finally:
            with self._change:
                self._starting -= 1
                if worker is not None:
                    self._every.add(worker)
                    seat.worker = worker
                is_late = seat.has_left or self._is_closed
                self._change.notify_all()
        if is_late:  # it was left while the worker started
            self.leave(seat)
            raise RuntimeError("The firing has ended.")
        return worker

    def leave(self, seat: _Seat) -> None:
        """Takes the worker back, or ends it with what runs in it; returns when that is done."""
        with self._change:
            seat.has_left = True
            worker, seat.worker = seat.worker, None
            self._change.notify_all()
            if worker is None:
                return
            is_kept = seat.is_clean and len(self._free) < self._kept
            if is_kept and not self._is_closed:
                timer = threading.Timer(self._idle, self._retire, [worker])
                timer.daemon = True
                timer.start()
                self._free.append((worker, timer))
                return
        self._end(worker)

    def swap(self, seat: _Seat) -> None:
        """Takes a dead worker from a seat that goes on."""
        with self._change:
            worker, seat.worker = seat.worker, None
        if worker is not None:
            self._end(worker)

    def close(self) -> None:
        """Kills every worker, at once."""
        with self._change:
            self._is_closed = True
            every = list(self._every)
            for _, timer in self._free:
                timer.cancel()
            self._free.clear()
            self._change.notify_all()
        for worker in every:
            worker.kill()
        for worker in every:
            self._end(worker)

    def _has_room(self) -> bool:
        used = len(self._every) - len(self._free) + self._starting
        return self._is_closed or used < self._most

    def _free_one(self) -> Worker | None:
        """A worker that waits, the one used last; those that died meanwhile are dropped."""
        while self._free:
            worker, timer = self._free.pop()
            timer.cancel()
            if worker.is_alive:
                return worker
            self._every.discard(worker)
            worker.end()
        return None

    def _retire(self, worker: Worker) -> None:
        with self._change:
            left = [pair for pair in self._free if pair[0] is not worker]
            is_free = len(left) < len(self._free)
            self._free = left
        if is_free:
            self._end(worker)

    def _end(self, worker: Worker) -> None:
        worker.end()
        with self._change:
            self._every.discard(worker)
            self._change.notify_all()


class _Questions:
    """What the block asks of the kernel: several may be open at a time."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._open: set[asyncio.Task[None]] = set()

    def answer(self, asked: Asked, worker: Worker, in_thread: InThread) -> None:
        """Looks for the answer, and sends it when it is there."""
        # No task group: it may not be open across the `yield` of a generator.
        task = asyncio.ensure_future(self._answer(asked, worker, in_thread))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    def drop(self) -> None:
        """Gives up what is still open."""
        for task in self._open:
            task.cancel()

    async def _answer(self, asked: Asked, worker: Worker, in_thread: InThread) -> None:
        ways: dict[str, Callable[..., Coroutine[Any, Any, Any]]] = {
            "find_file": self._find_file,
            "request": self._request,
        }
        try:
            found = await ways[asked.what](**asked.facts)
            answered = Answered(asked.id, found)
        except Exception as error:  # noqa: BLE001 - it is the block that wants to know
            answered = Answered(asked.id, None, type(error).__name__, str(error))
        with contextlib.suppress(ValueError):
            await in_thread(worker.send, answered)

    async def _find_file(self, path: str) -> str:
        return str(self._context.find_file(path).resolve())

    async def _request(self, method: str, url: str, **facts: Any) -> dict[str, Any]:
        response = await self._context.outbound.request(method, url, **facts)
        return {**vars(response), "headers": dict(response.headers)}


def _job(block: Block, inputs: Mapping[str, Any], context: Context) -> Job:
    file, text = cell_of(block)
    return Job(
        block=block.id,
        parcel=pack(block, inputs),
        run=context.run_id,
        node=context.node,
        firing=context.firing,
        folder=str(Path.cwd()),
        path=folders_of(sys.path),
        file=file,
        text=text,
        memory=block.limits.memory,
        cpu=block.limits.cpu,
    )


def _hear(heard: FromWorker, context: Context) -> None:
    match heard:
        case Printed():
            stream = sys.stderr if heard.is_error else sys.stdout
            stream.write(heard.text)
        case Logged():
            context.log(heard.text)
        case Reached():
            context.progress(heard.done, heard.total, heard.text)


def _error_of(block: Block, heard: Raised | Unsendable) -> Exception:
    if isinstance(heard, Raised):
        return BlockRaised.named(heard.kind, heard.message, heard.traceback)
    what, got = f"The output {heard.port!r}", f"a {heard.got}"
    return WorkerValueError(block.id, what, got, heard.reason)
