"""Blocks for Discord, by its REST API."""

import functools
from collections.abc import AsyncIterator
from typing import Annotated, Any

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.api import Api, BaseUrl
from agentbench.domain.context import Context
from agentbench.domain.credential import CredentialName
from agentbench.domain.example import Example
from agentbench.domain.port import LongText

_API = Api("https://discord.com/api/v10", scheme="Bot")
_Credential = Annotated[
    str,
    CredentialName("api_key", "oauth2", hosts=("discord.com",)),
    about("The credential: a bot token of Discord."),
]
_Channel = Annotated[str, pydantic.Field(pattern=r"\d+"), about("A channel by its id.")]
LONGEST = 2000
"""Letters of one message."""


@block(
    id="discord.send",
    title="Send Discord message",
    keywords=("chat", "post", "channel", "bot", "notify", "message", "server"),
    effects="sends",
    outputs={
        "message_id": Annotated[str, about("The id of the last part.")],
        "channel_id": Annotated[str, about("Where it is.")],
        "status": Annotated[str, about("Says that it was sent.")],
    },
    examples=[
        example(
            {"credential": "discord", "channel": "42", "text": "Hello"},
            message_id="99",
            channel_id="42",
            status="Message sent",
        )
    ],
)
async def send(
    channel: _Channel,
    text: Annotated[LongText, about(f"What it says; in parts of {LONGEST} letters.")],
    credential: _Credential,
    *,
    reply_to: Annotated[str, about("The id of a message that it answers.")] = "",
    embeds: Annotated[list[dict[str, Any]], about("Boxes, as Discord has them.", advanced=True)] = [],  # noqa: B006
    mentions: Annotated[bool, about("@names call people.", advanced=True)] = False,
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:  # fmt: skip
    """Sends a message to a channel of Discord; a long one goes in parts."""
    parts = [text[at : at + LONGEST] for at in range(0, len(text), LONGEST)] or [""]
    found: dict[str, Any] = {}
    for number, part in enumerate(parts):
        body: dict[str, Any] = {"content": part, "allowed_mentions": {"parse": []}}
        if mentions:
            del body["allowed_mentions"]
        if reply_to and not number:
            body["message_reference"] = {"message_id": reply_to}
        if embeds and number == len(parts) - 1:
            body["embeds"] = embeds
        say = functools.partial(
            _API.call, context, "POST", f"/channels/{channel}/messages",
            credential=credential, base_url=base_url, body=body,
        )  # fmt: skip
        found = await context.once(f"part {number}", say)  # when a later one fails
    return {
        "message_id": found.get("id", ""),
        "channel_id": found.get("channel_id", channel),
        "status": "Message sent",
    }


@block(
    id="discord.read",
    title="Read Discord messages",
    keywords=("chat", "history", "channel", "messages", "bot", "server", "fetch"),
    effects="reads",
    outputs={
        "message": Annotated[dict[str, Any], about("Each message, the oldest first.")],
        "messages": Annotated[list[dict[str, Any]], about("All: `text`, `user`, `id`, `moment`.")],
    },
    examples=[
        Example(
            inputs={"credential": "discord", "channel": "42"},
            outputs={"message": [{"text": "Hi", "user": "ada", "id": "98", "moment": "2024-01-31T15:30:00+00:00"}]},
        )
    ],
)  # fmt: skip
async def read(
    channel: _Channel,
    credential: _Credential,
    *,
    limit: Annotated[int, pydantic.Field(ge=1, le=100), about("How many, at most.")] = 20,
    after: Annotated[str, about("Only what came after the message of this id.")] = "",
    base_url: BaseUrl = "",
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:  # fmt: skip
    """Reads the last messages of a channel of Discord."""
    found = await _API.call(
        context, "GET", f"/channels/{channel}/messages",
        credential=credential, base_url=base_url, params={"limit": limit, "after": after},
    )  # fmt: skip
    messages = [
        {
            "text": one.get("content", ""),
            "user": (one.get("author") or {}).get("username", ""),
            "id": one.get("id", ""),
            "moment": one.get("timestamp", ""),
        }
        for one in reversed(found or [])
    ]
    for message in messages:
        yield "message", message
    yield "messages", messages
