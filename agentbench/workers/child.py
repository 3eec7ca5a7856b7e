"""The child: the other end of a worker, which runs one firing after the other."""

import asyncio
import concurrent.futures
import contextlib
import faulthandler
import io
import itertools
import linecache
import os
import queue
import signal
import socket
import threading
import traceback
from types import FrameType, TracebackType
from typing import Any, NoReturn

from agentbench.domain.annotation import type_name
from agentbench.domain.block import Block
from agentbench.domain.codec import CodecBook
from agentbench.domain.errors import CodecError, CredentialError, OutboundRefused
from agentbench.workers import lifeline
from agentbench.workers.afar import FarContext
from agentbench.workers.modules import OwnModules
from agentbench.workers.parcel import name_cell, unpack
from agentbench.workers.quota import quota
from agentbench.workers.wire import (
    PARKED,
    WINDOW,
    Answered,
    Asked,
    Begun,
    Cancelled,
    Channel,
    Emitted,
    Finished,
    Job,
    Printed,
    Raised,
    Taken,
    ToWorker,
    Unsendable,
    plain,
)

_ERRORS = {
    kind.__name__: kind
    for kind in (
        FileNotFoundError,
        ConnectionRefusedError,
        ConnectionError,
        CredentialError,
        OutboundRefused,
    )
} | {
    "CredentialRefused": OutboundRefused,
    "CredentialsUnreadable": CredentialError,
    "Offline": OutboundRefused,
    "UnknownCredential": CredentialError,
}
_OWN = ("agentbench.workers.", "agentbench.domain.function_block", "asyncio.")


def serve(codecs: CodecBook, *, channel: int, line: int) -> NoReturn:
    """Serves the kernel at the other end of two sockets until it hangs up."""
    lifeline.hold(socket.socket(fileno=line))
    faulthandler.enable(all_threads=False)
    # What comes past Python's own streams must not be lost in a buffer by a crash.
    os.dup2(2, 1)
    Child(codecs, Channel(socket.socket(fileno=channel), ToWorker)).run()


class Child:
    """Runs firings in the main thread, while another thread listens to the kernel."""

    def __init__(self, codecs: CodecBook, channel: "Channel[ToWorker]") -> None:
        self._codecs, self._channel = codecs, channel
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._room = threading.Semaphore(WINDOW)
        self._answers: dict[int, concurrent.futures.Future[Any]] = {}
        self._numbers = itertools.count(1)
        self._modules = OwnModules()
        self._is_firing = False

    def run(self) -> NoReturn:
        """Takes job after job; the lifeline ends it."""
        signal.signal(signal.SIGINT, self._interrupted)
        threading.Thread(target=self._listen, name="kernel", daemon=True).start()
        while True:
            self._carry_out(self._jobs.get())

    def send(self, message: Any) -> None:
        """Says something to the kernel; without one there is nothing left to do."""
        try:
            self._channel.send(message)
        except OSError:
            lifeline.end_group()

    def ask(self, what: str, **facts: Any) -> "concurrent.futures.Future[Any]":
        """Calls something that only the kernel has.

        Raises:
            CodecError: an argument is of no kind that may go there.
        """
        encoded = self._codecs.encode(facts)
        if encoded is None:
            raise CodecError(f"No codec takes what {what!r} was given.")
        id = next(self._numbers)
        answer = self._answers[id] = concurrent.futures.Future()
        self.send(Asked(id, what, *encoded))
        return answer

    # ---- listening ---------------------------------------------------------

    def _listen(self) -> None:
        try:
            while True:
                self._hear(self._channel.receive())
        except (EOFError, OSError, ValueError):
            lifeline.end_group()

    def _hear(self, heard: ToWorker) -> None:
        match heard:
            case Job():
                self._jobs.put(heard)
            case Taken():
                self._room.release()
            case Answered():
                self._settle(self._answers.pop(heard.id), heard)
            case Cancelled():
                main = threading.main_thread().ident
                if main is not None:
                    signal.pthread_kill(main, signal.SIGINT)

    def _settle(
        self, answer: "concurrent.futures.Future[Any]", heard: Answered
    ) -> None:
        if not answer.set_running_or_notify_cancel():
            return  # the block gave up waiting for it
        if heard.error == PARKED:
            answer.set_exception(_Parked())
        elif heard.error:
            answer.set_exception(_ERRORS.get(heard.error, RuntimeError)(heard.message))
        else:
            try:
                answer.set_result(self._codecs.decode(heard.codec, heard.data))
            except CodecError as error:
                answer.set_exception(error)

    def _interrupted(self, _number: int, _frame: FrameType | None) -> None:
        if self._is_firing:
            raise KeyboardInterrupt

    # ---- firing ------------------------------------------------------------

    def _carry_out(self, job: Job) -> None:
        self.send(Begun())
        self._room = threading.Semaphore(WINDOW)
        with contextlib.suppress(FileNotFoundError):
            os.chdir(job.folder)
        self._modules.prepare(job.path)
        failure: Raised | Unsendable | None = None
        out, err = _Printer(self, is_error=False), _Printer(self, is_error=True)
        try:
            self._is_firing = True
            with (
                contextlib.redirect_stdout(out),
                contextlib.redirect_stderr(err),
                quota(job.memory, job.cpu),
            ):
                asyncio.run(self._fire(job))
        except _Unsendable as error:
            failure = error.message
        except BaseException as error:  # noqa: BLE001 - a block may even call sys.exit
            failure = _raised(error, job.memory)
        finally:
            self._is_firing = False
        for printer in (out, err):
            printer.flush()
        if failure is not None:
            self.send(failure)
        self._modules.note()
        self.send(Finished())

    async def _fire(self, job: Job) -> None:
        block, inputs = unpack(job.parcel)
        name_cell(block, job.file)
        lines = job.text.splitlines(keepends=True)
        linecache.cache[job.file] = (len(job.text), None, lines, job.file)
        stream: Any = block.run(inputs, FarContext(self, job, block))
        async with contextlib.aclosing(stream):
            async for port, value in stream:
                self._room.acquire()
                self.send(self._emitted(block, port, value))

    def _emitted(self, block: Block, port: str, value: Any) -> Emitted:
        try:
            encoded = self._codecs.encode(value)
            reason = "there is no codec for it."
        except (CodecError, RecursionError) as error:
            encoded, reason = None, str(error)
        if encoded is None:
            encoded = self._as_plain(block, port, value)
        if encoded is None:
            raise _Unsendable(Unsendable(str(port), type_name(type(value)), reason))
        return Emitted(str(port), *encoded)

    def _as_plain(
        self, block: Block, port: str, value: Any
    ) -> tuple[str, bytes] | None:
        """A model or data class as plain data, of which its port makes the same again."""
        import pydantic

        kinds = {one.name: one.annotation for one in block.outputs({})}
        try:
            kind = pydantic.TypeAdapter(kinds[port])
            plain = kind.dump_python(value, warnings=False)
            encoded = self._codecs.encode(plain)
            is_same = encoded and kind.validate_python(plain) == value
        except Exception:  # noqa: BLE001 - whatever the classes of others raise
            return None
        return encoded if is_same else None


class _Unsendable(Exception):
    def __init__(self, message: Unsendable) -> None:
        self.message = message
        super().__init__(message.reason)


class _Parked(BaseException):
    """The answer comes another day. Not for blocks to catch."""


class _Printer(io.TextIOBase):
    """Takes what a block prints, and sends it line by line."""

    def __init__(self, child: Child, *, is_error: bool) -> None:
        self._child, self._is_error = child, is_error
        self._parts: list[str] = []

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._parts.append(text)
        if "\n" in text:
            self.flush()
        return len(text)

    def flush(self) -> None:
        parts, self._parts = self._parts, []
        if text := "".join(parts):
            self._child.send(Printed(plain(text), self._is_error))


def _raised(error: BaseException, memory: int | None) -> Raised:
    try:
        message = str(error)
    except Exception:  # noqa: BLE001 - a message may fail as well
        message = ""
    if isinstance(error, MemoryError) and memory is not None:
        limit = f"The limit is {memory / 1e6:,.0f} MB over what its process needs."
        message = f"{message or 'it asked for more memory than it may use'}. {limit}"
    kind = type(error).__name__
    try:
        trace = _from_the_block(error.__traceback__)
        lines = "".join(traceback.format_exception(error.with_traceback(trace)))
    except Exception:  # noqa: BLE001 - so may whatever it is made of
        lines = "".join(traceback.format_tb(error.__traceback__))
    return Raised(kind, plain(message or kind), plain(lines))


def _from_the_block(trace: TracebackType | None) -> TracebackType | None:
    first = trace
    while first is not None:
        name = f"{first.tb_frame.f_globals.get('__name__')}."
        if not name.startswith(_OWN):
            break
        first = first.tb_next
    return first or trace
