"""Between our words and those of `pydantic-ai`: what goes in, what comes out."""

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from pydantic_ai import messages as theirs
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import ToolDefinition

from agentbench.domain.model import (
    ChatAnswer,
    ChatRequest,
    Delta,
    Finish,
    Media,
    Message,
    Part,
    Text,
    Thought,
    Tool,
    ToolCall,
    ToolResult,
    Usage,
)

ANSWER_TOOL = "give_answer"
"""What a model calls that has to fit a schema and can do so only by calling something."""

_FINISHES: dict[str | None, Finish] = {
    "stop": "stop",
    "length": "length",
    "tool_call": "tools",
    "content_filter": "refused",
    None: "stop",
}


def conversation(messages: Sequence[Message]) -> list[theirs.ModelMessage]:
    """Our messages as theirs."""
    found: list[theirs.ModelMessage] = []
    for message in messages:
        if message.role == "assistant":
            parts = [part for ours in message.parts for part in _said(ours)]
            found.append(theirs.ModelResponse(parts=parts))
            continue
        asked = list(_asked(message))
        if found and isinstance(found[-1], theirs.ModelRequest):
            found[-1] = theirs.ModelRequest(parts=[*found[-1].parts, *asked])
        else:
            found.append(theirs.ModelRequest(parts=asked))
    return found


def _asked(message: Message) -> Iterator[theirs.ModelRequestPart]:
    content: list[Any] = []
    for part in message.parts:
        match part:
            case ToolResult():
                outcome: Any = "failed" if part.is_error else "success"
                yield theirs.ToolReturnPart(
                    part.tool, part.content, part.id, outcome=outcome
                )
            case Text() if message.role == "system":
                yield theirs.SystemPromptPart(part.text)
            case Text():
                content.append(part.text)
            case Media():
                content.append(theirs.BinaryContent(part.data, media_type=part.type))
    if content:
        is_plain = len(content) == 1 and isinstance(content[0], str)
        yield theirs.UserPromptPart(content[0] if is_plain else content)


def _said(part: Part) -> Iterator[theirs.ModelResponsePart]:
    match part:
        case Text() if part.text:
            yield theirs.TextPart(part.text)
        case Thought():
            yield theirs.ThinkingPart(part.text, signature=part.signature or None)
        case ToolCall():
            yield theirs.ToolCallPart(
                part.tool, part.garbled or dict(part.arguments), part.id
            )
        case Media():
            yield theirs.FilePart(theirs.BinaryContent(part.data, media_type=part.type))


def settings(request: ChatRequest) -> ModelSettings:
    """What the request sets, and nothing else."""
    found: ModelSettings = {"request_timeout": request.timeout}
    if request.temperature is not None:
        found["temperature"] = request.temperature
    if request.max_tokens is not None:
        found["max_tokens"] = request.max_tokens
    if request.seed is not None:
        found["seed"] = request.seed
    if request.stop:
        found["stop_sequences"] = list(request.stop)
    if request.tools:
        found["parallel_tool_calls"] = request.is_parallel
        choice = request.tool_choice
        is_word = choice in ("auto", "none", "required")
        found["tool_choice"] = choice if is_word else [choice]  # type: ignore[typeddict-item]
    return found


def parameters(request: ChatRequest, *, is_native: bool) -> ModelRequestParameters:
    """The tools and the form of the answer; `is_native` where the provider holds to a schema."""
    tools = [_tool(tool) for tool in request.tools]
    if request.schema is None:
        return ModelRequestParameters(function_tools=tools)
    name = str(request.schema.get("title") or "answer")
    if is_native:
        form = OutputObjectDefinition(json_schema=request.schema, name=_safe(name))
        return ModelRequestParameters(
            function_tools=tools, output_mode="native", output_object=form
        )
    giving = Tool(ANSWER_TOOL, "Call this with the answer.", request.schema)
    return ModelRequestParameters(
        function_tools=tools,
        output_mode="tool",
        output_tools=[_tool(giving, kind="output")],
        allow_text_output=False,
    )


def _tool(tool: Tool, kind: Any = "function") -> ToolDefinition:
    return ToolDefinition(
        name=tool.name,
        description=tool.help,
        parameters_json_schema=tool.schema,
        kind=kind,
    )


def _safe(name: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in name)[:60]


def delta(event: Any) -> Delta | None:
    """What a stream's event adds to the words, if anything."""
    match event:
        case theirs.PartStartEvent(part=theirs.TextPart(content=text)):
            return Delta(text) if text else None
        case theirs.PartStartEvent(part=theirs.ThinkingPart(content=text)):
            return Delta(thought=text) if text else None
        case theirs.PartDeltaEvent(delta=theirs.TextPartDelta(content_delta=text)):
            return Delta(text) if text else None
        case theirs.PartDeltaEvent(
            delta=theirs.ThinkingPartDelta(content_delta=str(text))
        ):
            return Delta(thought=text) if text else None
    return None


def answered(model: str, response: theirs.ModelResponse) -> ChatAnswer:
    """Their response as our answer."""
    parts = [part for one in response.parts for part in _given(one)]
    finish = _FINISHES.get(response.finish_reason, "other")
    if any(isinstance(part, ToolCall) for part in parts):
        finish = "tools"
    elif finish == "tools":  # it called what stands for its answer
        finish = "stop"
    used = response.usage
    return ChatAnswer(
        model=model,
        parts=tuple(parts),
        finish=finish,
        usage=Usage(
            input=used.input_tokens,
            output=used.output_tokens,
            cached=used.cache_read_tokens,
            cost=_cost(response),
        ),
    )


def _given(part: Any) -> Iterator[Part]:
    match part:
        case theirs.TextPart(content=text):
            if text:
                yield Text(text)
        case theirs.ThinkingPart(content=text, signature=signature):
            if text or signature:
                yield Thought(text or "", signature or "")
        case theirs.ToolCallPart(tool_name=name) if name == ANSWER_TOOL:
            yield Text(
                part.args if isinstance(part.args, str) else json.dumps(part.args)
            )
        case theirs.ToolCallPart():
            yield _call(part)
        case theirs.FilePart(content=content):
            yield Media(content.media_type, content.data)


def _call(part: theirs.ToolCallPart) -> ToolCall:
    written = part.args or {}
    arguments: Any = written
    if isinstance(written, str):
        try:
            arguments = json.loads(written)
        except ValueError:
            arguments = None
    if isinstance(arguments, dict):
        return ToolCall(part.tool_call_id, part.tool_name, arguments)
    return ToolCall(part.tool_call_id, part.tool_name, garbled=str(written))


def _cost(response: theirs.ModelResponse) -> float | None:
    if response.usage.cost is not None:
        return float(response.usage.cost)
    try:
        price: Decimal = response.cost().total_price
    except Exception:  # noqa: BLE001 - a price that nobody knows is none
        return None
    return float(price)
