"""The pool: which firing gets which worker, and how a firing looks from the kernel."""

import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

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
from agentbench.workers.questions import InThread, Questions
from agentbench.workers.seats import KEPT, Seat, Seats
from agentbench.workers.wire import (
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
    Used,
)

IDLE = 60.0
"""Seconds that one waits before it ends."""

MOST = max(4, os.cpu_count() or 1)
"""Workers at a time, at most; further firings wait in line."""


class ProcessWorkers:
    """Workers of this kernel, started when they are needed and used again."""

    def __init__(
        self,
        codecs: CodecBook,
        in_thread: InThread,
        command: Sequence[str],
        *,
        masked: Callable[[str], str] = str,
        most: int = MOST,
        kept: int = KEPT,
        idle: float = IDLE,
    ) -> None:
        """`masked` is what becomes of what a block prints."""
        self._codecs, self._in_thread, self._masked = codecs, in_thread, masked
        self._seats = Seats(command, most=most, kept=kept, idle=idle)

    async def run(
        self, block: Block, inputs: Mapping[str, Any], context: Context
    ) -> AsyncIterator[Emission]:
        """Runs one firing in a worker that is free, or in a new one."""
        job = await self._in_thread(_job, block, inputs, context)
        seat = Seat()
        questions = Questions(context, self._codecs, self._in_thread)
        try:
            worker = await self._begun(job, seat)
            while True:
                heard: FromWorker = await self._in_thread(worker.receive, job)
                match heard:
                    case Emitted():
                        yield await self._value(block, heard)
                        worker.send(Taken())
                    case Asked():
                        questions.answer(heard, worker)
                    case Finished():
                        seat.is_clean = True
                        questions.raise_fault()
                        return
                    case Raised() | Unsendable():
                        # It is in order all the same, and `Finished` comes next.
                        await self._in_thread(worker.receive, job)
                        seat.is_clean = True
                        questions.raise_fault()
                        raise _error_of(block, heard)
                    case _:
                        _hear(heard, context, self._masked)
        finally:
            questions.drop()
            await self._in_thread(self._seats.leave, seat)

    def close(self) -> None:
        """Kills every worker."""
        self._seats.close()

    async def _begun(self, job: Job, seat: Seat) -> Worker:
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


def _hear(heard: FromWorker, context: Context, masked: Callable[[str], str]) -> None:
    match heard:
        case Printed():
            stream = sys.stderr if heard.is_error else sys.stdout
            stream.write(masked(heard.text))
        case Logged():
            context.log(heard.text)
        case Used():
            context.use(
                tokens=heard.tokens,
                cost=heard.cost,
                model=heard.model,
                seconds=heard.seconds,
            )
        case Reached():
            context.progress(heard.done, heard.total, heard.text)


def _error_of(block: Block, heard: Raised | Unsendable) -> Exception:
    if isinstance(heard, Raised):
        return BlockRaised.named(heard.kind, heard.message, heard.traceback)
    what, got = f"The output {heard.port!r}", f"a {heard.got}"
    return WorkerValueError(block.id, what, got, heard.reason)
