"""Models: their answers, recorded or replayed, whatever library asks them."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

import msgspec

from agentbench.domain.errors import (
    AnswerInvalid,
    ModelBusy,
    ModelFailed,
    ModelRefused,
)
from agentbench.domain.model import (
    ChatAnswer,
    ChatRequest,
    Delta,
    EmbedAnswer,
    EmbedRequest,
    MediaAnswer,
    Models,
    PaintRequest,
    Restart,
    SpeakRequest,
    Streamed,
    TranscribeAnswer,
    TranscribeRequest,
)
from agentbench.domain.replay import Asked, Calls, RecordedErrors

Answer = TypeVar("Answer", EmbedAnswer, MediaAnswer, TranscribeAnswer)


class RecordedModels:
    """Asks the models that it is given, when they are to be asked."""

    def __init__(self, calls: Calls, models: Models) -> None:
        self._calls, self._models = calls, models

    async def stream(self, request: ChatRequest) -> AsyncIterator[Streamed]:
        """Asks, and gives the answer bit by bit."""

        async def live() -> AsyncIterator[Any]:
            stream: Any = self._models.stream(request)
            async with contextlib.aclosing(stream):
                async for item in stream:
                    yield _plain_item(item)

        asked = _asked("chat", request, _is_same_chat)
        parts: Any = self._calls.streamed(asked, live)
        async with contextlib.aclosing(parts):
            async for part in parts:
                yield _item(part)

    async def embed(self, request: EmbedRequest) -> EmbedAnswer:
        """Vectors for texts."""
        return await self._answered(
            "embed", request, EmbedAnswer, lambda: self._models.embed(request)
        )

    async def paint(self, request: PaintRequest) -> MediaAnswer:
        """Images from words, or from images."""
        return await self._answered(
            "paint", request, MediaAnswer, lambda: self._models.paint(request)
        )

    async def speak(self, request: SpeakRequest) -> MediaAnswer:
        """Sound from words."""
        return await self._answered(
            "speak", request, MediaAnswer, lambda: self._models.speak(request)
        )

    async def transcribe(self, request: TranscribeRequest) -> TranscribeAnswer:
        """Words from sound."""
        return await self._answered(
            "transcribe",
            request,
            TranscribeAnswer,
            lambda: self._models.transcribe(request),
        )

    async def _answered(
        self,
        skill: str,
        request: Any,
        kind: type[Answer],
        ask: Callable[[], Awaitable[Answer]],
    ) -> Answer:
        async def live() -> Any:
            return _plain(await ask())

        asked = _asked(skill, request, _is_same)
        return msgspec.convert(await self._calls.answered(asked, live), kind)


def _asked(skill: str, request: Any, is_same: Callable[[Any, Any], bool]) -> Asked:
    facts = {"skill": skill, **_plain(request)}
    facts.pop("timeout", None)  # no answer goes by it
    return Asked(
        kind="model",
        label=f"{skill} {request.model or 'default'}",
        facts=_renumbered(_unsigned(facts), {}),
        errors=_ERRORS,
        is_same=is_same,
    )


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value, builtin_types=(bytes,))


def _plain_item(item: Streamed) -> Any:
    """Words as such, so that a recording can be read."""
    if isinstance(item, Delta):
        return {"thought": item.thought} if item.thought else item.text
    if isinstance(item, Restart):
        return {"restart": item.reason}
    return {"answer": _plain(item)}


def _item(part: Any) -> Streamed:
    if isinstance(part, str):
        return Delta(text=part)
    if "thought" in part:
        return Delta(thought=part["thought"])
    if "restart" in part:
        return Restart(part["restart"])
    return msgspec.convert(part["answer"], ChatAnswer)


def _is_same(before: Any, after: Any) -> bool:
    """Whether two answers differ in nothing but what they cost."""
    return {**before, "usage": None} == {**after, "usage": None}


def _is_same_chat(before: Any, after: Any) -> bool:
    """Whether two answers say the same, however they came in parts, and by what ids."""
    ends = [
        parts[-1]["answer"]
        for parts in (before, after)
        if parts and isinstance(parts[-1], dict) and "answer" in parts[-1]
    ]
    said = [_renumbered(_unsigned({**end, "usage": None}), {}) for end in ends]
    return len(said) == 2 and said[0] == said[1]


def _unsigned(value: Any) -> Any:
    """The same without the signatures of thoughts, which only their provider reads."""
    if isinstance(value, dict):
        is_thought = value.get("kind") == "thought"
        return {
            key: _unsigned(item)
            for key, item in value.items()
            if not (is_thought and key == "signature")
        }
    return (
        [_unsigned(item) for item in value]
        if isinstance(value, (list, tuple))
        else value
    )


def _renumbered(value: Any, known: dict[str, str]) -> Any:
    """The same with the ids of tool calls counted through: providers make up new ones."""
    if isinstance(value, dict):
        is_call = value.get("kind") in ("call", "result")
        return {
            key: known.setdefault(item, f"call-{len(known) + 1}")
            if is_call and key == "id" and isinstance(item, str)
            else _renumbered(item, known)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_renumbered(item, known) for item in value]
    return value


def _again(kind: type[Exception]) -> Callable[[str], Exception]:
    """Makes an error of a class whose own way to be made asks for more than a message."""

    def make(message: str) -> Exception:
        error = kind.__new__(kind)
        Exception.__init__(error, message)
        vars(error).update(model="", status=0, retry_after=None, text="")
        return error

    return make


_ERRORS: RecordedErrors = {
    kind.__name__: _again(kind)
    for kind in (AnswerInvalid, ModelBusy, ModelFailed, ModelRefused)
}
"""Not those that tell of our own settings: a missing key is no answer of a model."""
