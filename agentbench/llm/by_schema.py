"""By schema: for models that call no tools, a call is an answer of a certain form.

Small models, and servers whose chat template knows no tools, are told of the tools in
words, and held to a schema: either a call, `{"tool": …, "arguments": …}`, or an answer,
`{"answer": …}`. What was called before reads the same way, so that a conversation with
calls in it is an example of how to make one.
"""

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import msgspec

from agentbench.domain.model import (
    ChatAnswer,
    ChatModel,
    ChatRequest,
    Delta,
    Message,
    Part,
    Restart,
    Streamed,
    Text,
    Tool,
    ToolCall,
    ToolResult,
    says,
)

TOOL, ARGUMENTS, ANSWER = "tool", "arguments", "answer"


class BySchema:
    """A layer over a chat model that has it call tools by answers that fit a schema."""

    def __init__(self, inner: ChatModel) -> None:
        self._inner = inner

    async def stream(self, request: ChatRequest) -> AsyncIterator[Streamed]:
        """Asks; where there are tools, the words come at once, when they are known to be any."""
        if not has_tools(request):
            async for item in self._inner.stream(request):
                yield item
            return
        async for item in self._inner.stream(asked(request)):
            if isinstance(item, ChatAnswer):
                answer = read(request, item)
                if answer.text:
                    yield Delta(answer.text)
                yield answer
            elif isinstance(item, Restart):
                yield item


def has_tools(request: ChatRequest) -> bool:
    """Whether there are tools to be called, or were."""
    kinds = (ToolCall, ToolResult)
    parts = (part for message in request.messages for part in message.parts)
    return bool(request.tools) or any(isinstance(part, kinds) for part in parts)


def asked(request: ChatRequest) -> ChatRequest:
    """The request in words and with a schema, without a tool."""
    messages = list(_written(request.messages))
    given: dict[str, Any] = {"tools": (), "tool_choice": "auto"}
    tools = wanted(request)
    may_answer = request.tool_choice in ("auto", "none")
    if tools:
        told = _told(tools, may_answer=may_answer)
        first = messages[0] if messages and messages[0].role == "system" else None
        if first is not None:
            messages[0] = says("system", f"{first.text}\n\n{told}")
        else:
            messages.insert(0, says("system", told))
    given["schema"] = _schema(tools, request.schema, may_answer=may_answer)
    return msgspec.structs.replace(request, messages=tuple(messages), **given)


def wanted(request: ChatRequest) -> Sequence[Tool]:
    """The tools that it may call: none, one by name, or all."""
    choice = request.tool_choice
    if choice in ("auto", "required"):
        return request.tools
    return [tool for tool in request.tools if tool.name == choice]


def read(request: ChatRequest, answer: ChatAnswer) -> ChatAnswer:
    """The answer with the call that it is, or with its words."""
    try:
        given = json.loads(answer.text)
    except ValueError:
        return answer  # cut off, or held to nothing: it is told as it is
    if not isinstance(given, dict):
        return answer
    part: Part
    if isinstance(given.get(TOOL), str):
        arguments = given.get(ARGUMENTS)
        number = 1 + sum(
            isinstance(part, ToolCall) for one in request.messages for part in one.parts
        )
        part = ToolCall(
            f"call_{number}",
            given[TOOL],
            arguments if isinstance(arguments, dict) else {},
        )
        return msgspec.structs.replace(answer, parts=(part,), finish="tools")
    if ANSWER not in given:
        return answer
    said = given[ANSWER]
    part = Text(said if isinstance(said, str) else json.dumps(said))
    return msgspec.structs.replace(answer, parts=(part,))


def _told(tools: Sequence[Tool], *, may_answer: bool) -> str:
    lines = ["You can use these tools:"]
    for tool in tools:
        names = ", ".join(tool.schema.get("properties", {}))
        lines.append(f"- {tool.name}({names}): {tool.help}")
    call = json.dumps({TOOL: "name", ARGUMENTS: {}})
    lines.append(f"Use one by answering {call}.")
    if may_answer:
        lines.append(f"When you know the answer, say {json.dumps({ANSWER: '…'})}.")
    return "\n".join(lines)


def _schema(
    tools: Sequence[Tool], form: dict[str, Any] | None, *, may_answer: bool
) -> dict[str, Any]:
    definitions: dict[str, Any] = {}
    ways = []
    for tool in tools:
        arguments = dict(tool.schema)
        definitions.update(arguments.pop("$defs", {}))
        arguments.setdefault("additionalProperties", False)
        ways.append(_object({TOOL: {"const": tool.name}, ARGUMENTS: arguments}))
    if may_answer:
        said = dict(form or {"type": "string"})
        definitions.update(said.pop("$defs", {}))
        ways.append(_object({ANSWER: said}))
    found: dict[str, Any] = {"anyOf": ways} if len(ways) > 1 else ways[0]
    return {**found, "$defs": definitions} if definitions else found


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _written(messages: Sequence[Message]) -> Iterator[Message]:
    """The conversation with its calls and their results as words."""
    for message in messages:
        if message.role == "assistant":
            calls = [part for part in message.parts if isinstance(part, ToolCall)]
            lines = [
                json.dumps({TOOL: call.tool, ARGUMENTS: call.arguments})
                for call in calls
            ]
            if message.text and not calls:
                lines.append(json.dumps({ANSWER: message.text}, ensure_ascii=False))
            yield says("assistant", "\n".join(lines))
        elif message.role == "tool":
            results = [part for part in message.parts if isinstance(part, ToolResult)]
            yield says("user", "\n".join(_result(part) for part in results))
        else:
            yield message


def _result(part: ToolResult) -> str:
    said = part.content if isinstance(part.content, str) else json.dumps(part.content)
    return f"{part.tool} {'failed' if part.is_error else 'gave'}: {said}"
