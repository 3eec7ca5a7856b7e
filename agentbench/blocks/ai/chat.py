"""A block that talks: the conversation so far comes in, and goes out longer."""

import json
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

import pydantic

from agentbench.blocks.ai.asking import (
    Images,
    MaxTokens,
    Model,
    System,
    Temperature,
    ask,
    media_of,
)
from agentbench.blocks.base import about, block, example
from agentbench.domain.context import Context
from agentbench.domain.model import (
    Media,
    Message,
    Text,
    ToolCall,
    ToolResult,
    plain_messages,
    read_messages,
    says,
)
from agentbench.domain.port import LongText

KEPT = 0.5
"""The share of a conversation, its newest, that stays as it was when it is shortened."""

Conversation = Annotated[
    list[dict[str, Any]],
    about("What was said so far: an earlier `conversation`, or nothing yet."),
]
Memory = Annotated[
    int,
    pydantic.Field(ge=1_000, le=10_000_000),
    about("Letters of it that are kept: what is older is summarised.", advanced=True),
]


@block(
    id="ai.chat",
    title="Chat",
    keywords=("conversation", "memory", "history", "assistant", "talk", "reply", "bot"),
    effects="reads",
    outputs={
        "reply": Annotated[str, about("What the model says to it.")],
        "conversation": Annotated[
            list[dict[str, Any]],
            about("All that was said; give it back with the next message."),
        ],
    },
    examples=[example({"message": "Hi"}, answers=["Hello"], reply="Hello")],
)
async def chat(
    message: Annotated[LongText, about("What is said to the model.")],
    conversation: Conversation = [],  # noqa: B006 - read, never changed
    *,
    system: System = "",
    model: Model = "",
    images: Images = [],  # noqa: B006
    memory: Memory = 60_000,
    temperature: Temperature = None,
    max_tokens: MaxTokens = None,
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:
    """Says something to a language model that remembers what was said before.

    The conversation is a value: link it back to the input for a chat that goes on, keep
    it in a file, or look at it. A long one is shortened by summarising its beginning.
    """
    said = [one for one in read_messages(conversation) if one.role != "system"]
    media = [await context.in_thread(media_of, one, context) for one in images]
    said.append(says("user", message, media))
    said = await shortened(said, memory, model, context)
    first = [says("system", system)] if system.strip() else []
    reply = await ask(
        context,
        model,
        [*first, *said],
        temperature=temperature,
        max_tokens=max_tokens,
    )
    yield "conversation", plain_messages([*said, reply.message])
    yield "reply", reply.text  # what comes last is what the canvas shows


async def shortened(
    messages: Sequence[Message], memory: int, model: str, context: Context
) -> list[Message]:
    """The conversation, its beginning summarised where it is longer than `memory` letters.

    A tool's result is never parted from the call that it answers.
    """
    sizes = [_size(message) for message in messages]
    if sum(sizes) <= memory or len(messages) < 3:
        return list(messages)
    cut, kept = len(messages) - 1, sizes[-1]
    while cut > 1 and kept + sizes[cut - 1] <= memory * KEPT:
        cut -= 1
        kept += sizes[cut]
    while cut < len(messages) - 1 and messages[cut].role == "tool":
        cut += 1
    while cut > 0 and messages[cut].role == "tool":
        cut -= 1
    if cut <= 0:
        return list(messages)
    old = "\n\n".join(f"{one.role}: {spoken(one)}" for one in messages[:cut])
    task = (
        "Summarise this conversation for the one who goes on with it: what was asked,"
        " what was found and decided, names, numbers, and what is still open."
    )
    context.log(f"{cut} messages of the conversation were summarised.")
    summary = await ask(context, model, [says("system", task), says("user", old)])
    note = f"What was said before, in short:\n{summary.text}"
    return [says("user", note), *messages[cut:]]


def spoken(message: Message) -> str:
    """A message as words, with what was called and what that gave."""
    parts = []
    for part in message.parts:
        match part:
            case Text():
                parts.append(part.text)
            case ToolResult():
                parts.append(f"[{part.tool} gave {_plain(part.content)}]")
            case ToolCall():
                parts.append(f"[called {part.tool} with {_plain(part.arguments)}]")
            case Media():
                parts.append(f"[{part.type}]")
    return " ".join(parts)


def _size(message: Message) -> int:
    media = sum(isinstance(part, Media) for part in message.parts)
    return len(spoken(message)) + 1000 * media


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
