"""Checked: models have their whole names, and answers fit their schema or are asked for again."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

import msgspec

from agentbench.domain.errors import AnswerInvalid, ModelFailed, ModelRefused
from agentbench.domain.fenced import unfenced
from agentbench.domain.model import (
    ChatAnswer,
    ChatRequest,
    EmbedAnswer,
    EmbedRequest,
    MediaAnswer,
    Models,
    PaintRequest,
    Restart,
    Skill,
    SpeakRequest,
    Streamed,
    TranscribeAnswer,
    TranscribeRequest,
    Usage,
    says,
)
from agentbench.domain.schema import Checker, kind_of

Request = TypeVar(
    "Request", EmbedRequest, PaintRequest, SpeakRequest, TranscribeRequest
)

TIMES = 3
"""So often a model is asked for an answer that fits."""
WRAPPED = "value"
"""Providers take schemas of objects only: another is put into one, under this name."""


class Checked:
    """A layer over `Models` that validates structured answers."""

    def __init__(
        self,
        inner: Models,
        *,
        resolve: Callable[[str, Skill], str],
        times: int = TIMES,
    ) -> None:
        """`resolve` gives the whole name of a model, and of the default one for none."""
        self._inner, self._resolve, self._times = inner, resolve, times

    async def stream(self, request: ChatRequest) -> AsyncIterator[Streamed]:
        """Asks; with a schema, until the answer fits it."""
        resolved = await asyncio.to_thread(self._resolve, request.model, "chat")
        request = msgspec.structs.replace(request, model=resolved)
        if request.schema is None:
            item: Streamed | None = None
            async for item in self._inner.stream(request):
                yield item
            if not isinstance(item, ChatAnswer):
                raise _unanswered(request)
            return
        form = await asyncio.to_thread(_Form, request.model, request.schema)
        asking = msgspec.structs.replace(request, schema=form.schema)
        used = Usage(calls=0)
        for left in reversed(range(self._times)):
            answer: ChatAnswer | None = None
            async for item in self._inner.stream(asking):
                if isinstance(item, ChatAnswer):
                    answer = item
                else:
                    yield item
            if answer is None:
                raise _unanswered(request)
            used = used + answer.usage
            answer, reason = form.fitted(msgspec.structs.replace(answer, usage=used))
            if not reason:
                yield answer
                return
            if left:
                yield Restart(f"The answer did not fit: {reason}")
                asking = _again(asking, answer, reason)
        said = answer.text if answer else ""
        raise AnswerInvalid(request.model, reason, said, self._times, usage=used)

    async def embed(self, request: EmbedRequest) -> EmbedAnswer:
        """Vectors for texts."""
        return await self._inner.embed(await self._named(request, "embed"))

    async def paint(self, request: PaintRequest) -> MediaAnswer:
        """Images from words, or from images."""
        return await self._inner.paint(await self._named(request, "paint"))

    async def speak(self, request: SpeakRequest) -> MediaAnswer:
        """Sound from words."""
        return await self._inner.speak(await self._named(request, "speak"))

    async def transcribe(self, request: TranscribeRequest) -> TranscribeAnswer:
        """Words from sound."""
        return await self._inner.transcribe(await self._named(request, "transcribe"))

    async def _named(self, request: Request, skill: Skill) -> Request:
        name = await asyncio.to_thread(self._resolve, request.model, skill)
        return msgspec.structs.replace(request, model=name)


class _Form:
    """The form of an answer: a schema that a provider takes, and how to read what comes."""

    def __init__(self, model: str, schema: dict[str, Any]) -> None:
        import jsonschema

        self._model = model
        self.is_wrapped = schema.get("type") != "object"
        self.schema: dict[str, Any] = schema
        if self.is_wrapped:
            definitions = {key: schema[key] for key in ("$defs",) if key in schema}
            inner = {key: value for key, value in schema.items() if key != "$defs"}
            self.schema = {
                "type": "object",
                "properties": {WRAPPED: inner},
                "required": [WRAPPED],
                "additionalProperties": False,
                **definitions,
            }
        try:
            kind_of(self.schema).check_schema(self.schema)
        except jsonschema.SchemaError as error:
            reason = f"the schema of the answer is none: {error.message}."
            raise ModelRefused(model, reason) from error
        self._checker = Checker(self.schema)

    def fitted(self, answer: ChatAnswer) -> tuple[ChatAnswer, str]:
        """The answer with its value, or with the reason why it has none."""
        if answer.calls:  # it wants something first; its answer comes later
            return answer, ""
        value, reason = self.read(answer.text)
        if reason and answer.finish == "length":
            reason += " It was cut off: allow more tokens (`max_tokens`)."
        return msgspec.structs.replace(answer, value=value), reason

    def read(self, text: str) -> tuple[Any, str]:
        """The value in an answer, or why there is none."""
        try:
            value = json.loads(unfenced(text))
        except ValueError as error:
            return None, f"it is no JSON ({error})."
        import referencing

        try:
            faults = list(self._checker.iter_errors(value))
        except referencing.exceptions.Unresolvable as fault:
            reason = (
                f"the schema of the answer refers to {fault.ref!r}, which is not in it."
            )
            raise ModelRefused(self._model, reason) from None
        except RecursionError:
            return None, "it is nested too deeply."
        if faults:
            said = "; ".join(
                f"{_place(fault.absolute_path)}{_cut(fault.message)}"
                for fault in faults[:5]
            )
            return None, f"{said}."
        return (value[WRAPPED] if self.is_wrapped else value), ""


def _unanswered(request: ChatRequest) -> ModelFailed:
    """What is said of a model that only seemed to be done."""
    return ModelFailed(request.model, "it ended without an answer.")


def _again(request: ChatRequest, answer: ChatAnswer, reason: str) -> ChatRequest:
    """The request with the answer that did not fit, and what is wrong with it."""
    wish = says(
        "user",
        f"That answer does not fit: {reason} Answer again, with JSON alone, which fits"
        f" this schema: {json.dumps(request.schema)}",
    )
    said = (says("assistant", answer.text),) if answer.text else ()
    return msgspec.structs.replace(request, messages=(*request.messages, *said, wish))


def _place(path: Any) -> str:
    where = ".".join(map(str, path))
    return f"{where}: " if where else ""


def _cut(text: str) -> str:
    return text if len(text) <= 200 else text[:199] + "…"
