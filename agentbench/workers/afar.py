"""Afar: the context of a firing in a worker, whose other half is in the kernel."""

import asyncio
import concurrent.futures
import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn, Protocol

from agentbench.domain.block import Block
from agentbench.domain.credential import Credential, Secret
from agentbench.domain.errors import RunError
from agentbench.domain.model import Models
from agentbench.domain.outbound import Door, Layer, Response
from agentbench.domain.rate import Rate
from agentbench.domain.replay import LIVE_CALLS, Calls
from agentbench.workers.far_models import FarModels
from agentbench.workers.wire import Job, Logged, Reached, Used, plain


class Asking(Protocol):
    """What speaks with the kernel."""

    def send(self, message: Any) -> None: ...

    def ask(self, what: str, **facts: Any) -> "concurrent.futures.Future[Any]": ...


class FarContext:
    """The `Context` of a firing in a worker: what it cannot do itself, the kernel does."""

    def __init__(self, child: Asking, job: Job, block: Block) -> None:
        self.run_id, self.node, self.firing = job.run, job.node, job.firing
        self.outbound: Door = FarDoor(child)
        self.models: Models = FarModels(child)
        self.calls: Calls = LIVE_CALLS
        self._child = child
        function = getattr(block, "function", None)
        self._is_plain = not (
            inspect.iscoroutinefunction(function)
            or inspect.isasyncgenfunction(function)
        )

    @property
    def memory(self) -> NoReturn:
        raise _not_from_here("memory")

    @property
    def workspace(self) -> Path:
        return Path(self._child.ask("workspace").result())

    @property
    def folders(self) -> tuple[Path, ...]:
        return tuple(map(Path, self._child.ask("folders").result()))

    def progress(self, done: float, total: float = 1.0, text: str = "") -> None:
        self._child.send(Reached(float(done), float(total), plain(str(text))))

    def log(self, text: str) -> None:
        self._child.send(Logged(plain(str(text))))

    def use(
        self, *, tokens: int = 0, cost: float = 0.0, model: str = "", seconds: float = 0
    ) -> None:
        self._child.send(Used(int(tokens), float(cost), str(model), float(seconds)))

    async def once(self, step: str, make: Callable[[], Awaitable[Any]]) -> Any:
        kept = await asyncio.wrap_future(self._child.ask("kept", step=step))
        if kept:
            return kept[0]
        value = await make()
        await asyncio.wrap_future(self._child.ask("keep", step=step, value=value))
        return value

    def tools(self) -> NoReturn:
        raise _not_from_here("tools")

    async def call_tool(self, *_: Any, **__: Any) -> NoReturn:
        raise _not_from_here("call_tool")

    async def ask(
        self,
        question: str,
        *,
        choices: Sequence[str] = (),
        about: Any = None,
        **terms: Any,
    ) -> Any:
        facts = {
            "question": question,
            "choices": list(choices),
            "about": about,
            **terms,
        }
        return await asyncio.wrap_future(self._child.ask("ask", **facts))

    async def sleep(self, seconds: float) -> None:
        await asyncio.wrap_future(self._child.ask("sleep", seconds=float(seconds)))

    async def take(
        self, key: str, rate: Rate, *, units: int = 1, timeout: float | None = None
    ) -> float:
        facts = {"limit": rate.limit, "seconds": rate.seconds, "timeout": timeout}
        asked = self._child.ask("take", key=key, units=units, **facts)
        return float(await asyncio.wrap_future(asked))

    async def run_agent(
        self,
        agent: str,
        inputs: Mapping[str, Any],
        *,
        version: int | None = None,
        part: str = "",
    ) -> dict[str, list[Any]]:
        facts = {"agent": agent, "version": version, "part": part}
        asked = self._child.ask("run_agent", **facts, inputs=dict(inputs))
        outputs: dict[str, list[Any]] = await asyncio.wrap_future(asked)
        return outputs

    def find_file(self, path: str) -> Path:
        return Path(self._child.ask("find_file", path=str(path)).result())

    async def credential(self, name: str) -> Credential:
        asked = self._child.ask("credential", name=str(name))
        facts: dict[str, Any] = await asyncio.wrap_future(asked)
        again = facts.pop("refresh")
        return Credential(
            **facts
            | {
                "hosts": tuple(facts["hosts"]),
                "secret": Secret(facts["secret"]),
                "refresh": None if again is None else Secret(again),
            }
        )

    async def in_thread(self, function: Callable[..., Any], *args: Any) -> Any:
        # A plain function is all there is to do: in the main thread it can be
        # interrupted, and libraries that want the main thread have it.
        if self._is_plain:
            return function(*args)
        return await asyncio.to_thread(function, *args)


class FarDoor:
    """The kernel's one door to the network, from afar."""

    def __init__(self, child: Asking) -> None:
        self._child = child

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        credential: str = "",
        timeout: float = 30.0,
        max_bytes: int = 20_000_000,
    ) -> Response:
        asked = self._child.ask(
            "request",
            method=method,
            url=url,
            headers=None if headers is None else dict(headers),
            params=None if params is None else dict(params),
            body=body,
            credential=credential,
            timeout=timeout,
            max_bytes=max_bytes,
        )
        return Response(**await asyncio.wrap_future(asked))

    def stream(self, *_: Any, **__: Any) -> NoReturn:
        raise _not_from_here("outbound.stream")

    def client(self, *_: Any, **__: Any) -> NoReturn:
        raise _not_from_here("outbound.client")

    async def connect(self, *_: Any, **__: Any) -> NoReturn:
        raise _not_from_here("outbound.connect")

    async def addresses(self, host: str, port: int) -> list[str]:
        asked = self._child.ask("addresses", host=str(host), port=int(port))
        return list(await asyncio.wrap_future(asked))

    def through(self, layer: Layer) -> NoReturn:
        raise _not_from_here("outbound.through")


def _not_from_here(what: str) -> RunError:
    return RunError(
        f"`context.{what}` does not reach into a worker process: run the block with"
        ' isolation="thread" (for requests, `context.outbound.request` does).'
    )
