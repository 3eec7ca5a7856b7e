"""Local: a model file (GGUF) on this machine, run by llama.cpp in this process, without a port."""

import asyncio
import contextlib
import json
import os
import threading
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import Any

from agentbench.domain.errors import ModelNotReady, UnknownModel
from agentbench.domain.model import ModelName
from agentbench.llm.adapter import Adapter
from agentbench.llm.providers import Provider

CONTEXT = 8192
"""Tokens that a local model keeps in mind."""


class LocalModels:
    """The model files of a folder; one that is asked stays in memory.

    `local:NAME` is NAME.gguf in that folder, or the path of a file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._adapters: dict[Path, tuple[Adapter, _Engine]] = {}
        self._making = threading.Lock()

    def names(self) -> list[str]:
        """The names of the files that are there."""
        if not self._folder.is_dir():
            return []
        return sorted(file.stem for file in self._folder.glob("*.gguf"))

    def adapter(self, provider: Provider, name: ModelName) -> Adapter:
        """What speaks to the model of that name; blocks when it is first asked for.

        Raises:
            UnknownModel: there is no such file.
            ModelNotReady: llama.cpp is not installed.
        """
        file = self._file(name)
        if file not in self._adapters:
            try:
                import xllamacpp  # noqa: F401 - asked early, to say so in time
            except ImportError as error:
                raise ModelNotReady(
                    str(name),
                    "llama.cpp is not installed here. Install it with"
                    ' `pip install "agentbench[local]"`.',
                ) from error
            with self._making:  # many may ask at once, and each model fills the memory
                if file not in self._adapters:
                    engine = _Engine(file)
                    adapter = Adapter(provider, credential="", client=engine.client)
                    self._adapters[file] = adapter, engine
        return self._adapters[file][0]

    def close(self) -> None:
        """Lets the models go."""
        for _, engine in self._adapters.values():
            engine.close()
        self._adapters.clear()

    def _file(self, name: ModelName) -> Path:
        wanted = Path(name.model).expanduser()
        for file in (self._folder / f"{name.model}.gguf", wanted):
            if file.is_file():
                return file.resolve()
        known = ", ".join(self.names()) or "none"
        reason = (
            f"there is no file {wanted} and no {name.model}.gguf in {self._folder}"
            f" (which has: {known})."
        )
        raise UnknownModel(str(name), reason)


class _Engine:
    """One model in memory, as a transport of the HTTP client that the adapter takes."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._server: Any = None
        self._loading = threading.Lock()

    def client(self, library: ModuleType) -> Any:
        """A client whose requests the model answers."""
        return library.AsyncClient(transport=_transport(library, self))

    def answer(self, body: dict[str, Any], *more: Any) -> Any:
        """What llama.cpp answers to a chat completion; blocks."""
        return self._loaded().handle_chat_completions(body, *more)

    def close(self) -> None:
        self._server = None

    def _loaded(self) -> Any:
        with self._loading:
            if self._server is None:
                import xllamacpp

                params = xllamacpp.CommonParams()
                params.model.path = str(self._file)
                params.n_ctx = CONTEXT
                params.n_parallel = 1
                params.verbosity = 0
                params.warmup = False
                params.endpoint_slots = False
                # Spinning threads on a busy core are slower than one thread alone.
                params.cpuparams.n_threads = max(1, (os.cpu_count() or 2) - 1)
                self._server = xllamacpp.Server(params)
            return self._server


async def _events(engine: _Engine, body: dict[str, Any]) -> AsyncGenerator[bytes, None]:
    """The events of a stream, each sent on when it comes; closing it frees the model."""
    loop, stop = asyncio.get_running_loop(), threading.Event()
    came: asyncio.Queue[Any] = asyncio.Queue()

    def take(piece: Any) -> bool:
        with contextlib.suppress(RuntimeError):  # nobody listens any more
            loop.call_soon_threadsafe(came.put_nowait, piece)
        return stop.is_set()

    def work() -> None:
        try:
            engine.answer(body, take)
        except Exception as error:  # noqa: BLE001 - whatever it raises, they are told
            take({"error": {"message": str(error), "code": 500}})
        take(None)

    loop.run_in_executor(None, work)
    try:
        while (piece := await came.get()) is not None:
            for one in piece if isinstance(piece, list) else [piece]:
                text = one if isinstance(one, str) else json.dumps(one)
                yield f"data: {text}\n\n".encode()
        yield b"data: [DONE]\n\n"
    finally:
        stop.set()


def _transport(library: Any, engine: _Engine) -> Any:
    """A transport class of `library`, made when it is there: the two that there are share none."""

    class Pieces(library.AsyncByteStream):  # type: ignore[misc]
        def __init__(self, events: AsyncGenerator[bytes, None]) -> None:
            self._events = events

        def __aiter__(self) -> AsyncIterator[bytes]:
            return self._events

        async def aclose(self) -> None:
            await self._events.aclose()

    class Transport(library.AsyncBaseTransport):  # type: ignore[misc]
        async def handle_async_request(self, request: Any) -> Any:
            body = json.loads(await request.aread())
            if body.get("stream"):
                return library.Response(
                    200,
                    headers={"content-type": "text/event-stream"},
                    stream=Pieces(_events(engine, body)),
                    request=request,
                )
            answer = await asyncio.to_thread(engine.answer, body)
            status = 200 if "choices" in answer else 500
            return library.Response(status, json=answer, request=request)

    return Transport()
