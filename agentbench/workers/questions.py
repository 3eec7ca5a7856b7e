"""Questions: what a block in a worker calls that only the kernel has."""

import asyncio
import functools
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from agentbench.domain.codec import CodecBook
from agentbench.domain.context import Context
from agentbench.domain.credential import Secret
from agentbench.domain.errors import CodecError
from agentbench.domain.rate import Rate
from agentbench.workers.far_models import asked_from_afar
from agentbench.workers.process import Worker
from agentbench.workers.wire import PARKED, Answered, Asked

_Way = Callable[..., Coroutine[Any, Any, Any]]
_ASYNC = ("ask", "run_agent", "sleep")
"""The context's own coroutines that a worker may call."""


class InThread(Protocol):
    """Calls a blocking function in a thread; the call goes on when nobody waits any more."""

    async def __call__(self, function: Any, *args: Any) -> Any: ...


class Questions:
    """What one firing asks; several questions may be open at a time."""

    def __init__(
        self, context: Context, codecs: CodecBook, in_thread: InThread
    ) -> None:
        self._context, self._codecs, self._in_thread = context, codecs, in_thread
        self._open: set[asyncio.Task[None]] = set()
        self._fault: BaseException | None = None

    def answer(self, asked: Asked, worker: Worker) -> None:
        """Looks for the answer, and sends it when it is there."""
        # No task group: it may not be open across the `yield` of a generator.
        task = asyncio.ensure_future(self._answer(asked, worker))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    def raise_fault(self) -> None:
        """Raises what ends the firing in another way than the block knows, if anything does."""
        if self._fault is not None:
            raise self._fault

    def drop(self) -> None:
        """Gives up what is still open."""
        for task in self._open:
            task.cancel()

    async def _answer(self, asked: Asked, worker: Worker) -> None:
        try:
            answered = Answered(asked.id, *await self._found(asked))
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - it is the block that wants to know
            answered = Answered(
                asked.id, error=type(error).__name__, message=str(error)
            )
        except BaseException as fault:  # noqa: BLE001 - the engine's own, such as parking
            self._fault = fault
            answered = Answered(asked.id, error=PARKED)
        try:
            await self._in_thread(worker.send, answered)
        except ValueError as error:  # without an answer the block would wait for ever
            message = f"The answer to {asked.what!r} cannot be sent: {error}"
            refused = Answered(asked.id, error=CodecError.__name__, message=message)
            await self._in_thread(worker.send, refused)

    async def _found(self, asked: Asked) -> tuple[str, bytes]:
        facts = await self._in_thread(self._codecs.decode, asked.codec, asked.data)
        found = await self._way(asked.what)(**facts)
        encoded: tuple[str, bytes] | None
        encoded = await self._in_thread(self._codecs.encode, found)
        if encoded is None:
            raise CodecError(f"No codec takes the answer to {asked.what!r}.")
        return encoded

    def _way(self, what: str) -> _Way:
        own: dict[str, _Way] = {
            "addresses": self._addresses,
            "credential": self._credential,
            "find_file": self._find_file,
            "folders": self._folders,
            "keep": self._keep,
            "kept": self._kept,
            "model": functools.partial(asked_from_afar, self._context),
            "request": self._request,
            "take": self._take,
            "workspace": self._workspace,
        }
        if what in own:
            return own[what]
        if what not in _ASYNC:
            raise ValueError(f"Nothing answers {what!r}.")
        found: _Way = getattr(self._context, what)
        return found

    async def _addresses(self, host: str, port: int) -> list[str]:
        return list(await self._context.outbound.addresses(host, port))

    async def _find_file(self, path: str) -> str:
        return str(self._context.find_file(path).resolve())

    async def _folders(self) -> list[str]:
        return [str(folder.resolve()) for folder in self._context.folders]

    async def _workspace(self) -> str:
        return str(self._context.workspace.resolve())

    async def _kept(self, step: str) -> list[Any]:
        """What a step gave, alone in a list; nothing in it when the step was not done yet."""

        async def missing() -> Any:
            raise LookupError(step)

        try:
            return [await self._context.once(step, missing)]
        except LookupError:
            return []

    async def _keep(self, step: str, value: Any) -> None:
        async def given() -> Any:
            return value

        await self._context.once(step, given)

    async def _credential(self, name: str) -> dict[str, Any]:
        found = vars(await self._context.credential(name))
        return {
            fact: given.reveal() if isinstance(given, Secret) else given
            for fact, given in found.items()
        }

    async def _request(self, method: str, url: str, **facts: Any) -> dict[str, Any]:
        response = await self._context.outbound.request(method, url, **facts)
        return {**vars(response), "headers": dict(response.headers)}

    async def _take(self, key: str, limit: int, seconds: float, **facts: Any) -> float:
        return await self._context.take(key, Rate(limit, seconds), **facts)
