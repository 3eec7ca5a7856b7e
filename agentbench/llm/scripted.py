"""Scripted: a model that says what it was told to say. For tests, and to try a graph without one."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Any

from agentbench.domain.errors import ModelFailed
from agentbench.domain.model import (
    ChatAnswer,
    ChatRequest,
    Delta,
    Streamed,
    Text,
    ToolCall,
    Usage,
)

Line = str | ChatAnswer | ToolCall | list[ToolCall] | BaseException
"""What is said: words, a whole answer, tools to be called; or an error that is raised."""
Play = Callable[[ChatRequest], Line]


class Scripted:
    """A chat model with a script: lines one after another, or a function of the request.

    `requests` holds what it was asked.
    """

    def __init__(self, script: Iterable[Line] | Play) -> None:
        self._lines: Iterator[Line] | None = None
        self._play: Play | None = None
        if callable(script):
            self._play = script
        else:
            self._lines = iter(script)
        self.requests: list[ChatRequest] = []

    async def stream(self, request: ChatRequest) -> AsyncIterator[Streamed]:
        """Says the next line, word by word."""
        self.requests.append(request)
        line = self._line(request)
        if isinstance(line, BaseException):
            raise line
        answer = _answer(request, line)
        for word in _words(answer.text):
            yield Delta(word)
            await asyncio.sleep(0)
        yield answer

    def _line(self, request: ChatRequest) -> Line:
        if self._play is not None:
            return self._play(request)
        assert self._lines is not None  # noqa: S101 - one of the two is there
        try:
            return next(self._lines)
        except StopIteration:
            reason = f"its script has only {len(self.requests) - 1} lines."
            raise ModelFailed(request.model, reason) from None


def echo(request: ChatRequest) -> Line:
    """Says what was said last."""
    return request.messages[-1].text if request.messages else ""


def _answer(request: ChatRequest, line: Any) -> ChatAnswer:
    if isinstance(line, ChatAnswer):
        return line
    calls = [line] if isinstance(line, ToolCall) else line
    parts = (Text(line),) if isinstance(line, str) else tuple(calls)
    read = sum(len(_words(message.text)) for message in request.messages)
    written = len(_words(line)) if isinstance(line, str) else len(parts)
    return ChatAnswer(
        model=request.model,
        parts=parts,
        finish="stop" if isinstance(line, str) else "tools",
        usage=Usage(input=read, output=written),
    )


def _words(text: str) -> list[str]:
    words = text.split(" ")
    return [word + " " for word in words[:-1]] + words[-1:] if text else []
