"""Blocks for Slack, by its Web API."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.api import Api, BaseUrl
from agentbench.domain.context import Context
from agentbench.domain.credential import CredentialName
from agentbench.domain.example import Example
from agentbench.domain.port import LongText

_API = Api("https://slack.com/api")
_Credential = Annotated[
    str,
    CredentialName("api_key", "oauth2", hosts=("slack.com",)),
    about("The credential: a bot token of Slack."),
]
_Channel = Annotated[str, about("A channel by id or #name, or a user's id.")]


class SlackRefused(ConnectionError):
    """Slack did not do what it was asked."""


async def _asked(
    context: Context,
    method: str,
    call: str,
    credential: str,
    base_url: str,
    **more: Any,
) -> dict[str, Any]:
    found = await _API.call(
        context, method, f"/{call}", credential=credential, base_url=base_url, **more
    )
    if not isinstance(found, dict) or not found.get("ok"):
        reason = (
            found.get("error", "no reason") if isinstance(found, dict) else "no JSON"
        )
        raise SlackRefused(f"Slack refused {call}: {reason}.")
    return found


@block(
    id="slack.send",
    title="Send Slack message",
    keywords=("chat", "post", "channel", "notify", "dm", "message", "thread", "team"),
    effects="sends",
    outputs={
        "ts": Annotated[str, about("The message's timestamp, which names it.")],
        "channel": Annotated[str, about("The id of the channel.")],
    },
    examples=[
        example({"credential": "slack", "channel": "#general", "text": "Hello"}, ts="1.5", channel="C1"),
    ],
)  # fmt: skip
async def send(
    channel: _Channel,
    text: Annotated[LongText, about("What it says, in Slack's Markdown.")],
    credential: _Credential,
    *,
    thread: Annotated[str | None, about("The `ts` of the message that it answers.")] = None,
    username: Annotated[str | None, about("A name instead of the bot's.", advanced=True)] = None,
    icon_emoji: Annotated[str | None, about("Such as `:robot_face:`.", advanced=True)] = None,
    unfurl_links: Annotated[bool, about("Show what links lead to.", advanced=True)] = True,
    mrkdwn: Annotated[bool, about("Read *…* and such as signs.", advanced=True)] = True,
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:  # fmt: skip
    """Sends a message to a channel, a person or a thread of Slack."""
    body = {
        "channel": channel,
        "text": text,
        "unfurl_links": unfurl_links,
        "mrkdwn": mrkdwn,
        "thread_ts": thread,
        "username": username,
        "icon_emoji": icon_emoji,
    }
    given = {name: value for name, value in body.items() if value not in (None, "")}
    found = await _asked(
        context, "POST", "chat.postMessage", credential, base_url, body=given
    )
    return {"ts": found.get("ts", ""), "channel": found.get("channel", "")}


@block(
    id="slack.read",
    title="Read Slack messages",
    keywords=("chat", "history", "channel", "messages", "conversation", "fetch"),
    effects="reads",
    outputs={
        "message": Annotated[dict[str, Any], about("Each message, the oldest first.")],
        "messages": Annotated[list[dict[str, Any]], about("All: `text`, `user`, `ts`, `thread`.")],
    },
    examples=[
        Example(
            inputs={"credential": "slack", "channel": "C1"},
            outputs={"message": [
                {"text": "Hi", "user": "U1", "ts": "1.0", "thread": ""},
                {"text": "Hello", "user": "U2", "ts": "2.0", "thread": "1.0"},
            ]},
        )
    ],
)  # fmt: skip
async def read(
    channel: Annotated[str, about("A channel by its id.")],
    credential: _Credential,
    *,
    limit: Annotated[int, pydantic.Field(ge=1, le=1000), about("How many, at most.")] = 20,
    after: Annotated[str, about("Only what came after this `ts`.")] = "",
    base_url: BaseUrl = "",
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:  # fmt: skip
    """Reads the last messages of a channel of Slack."""
    params = {"channel": channel, "limit": limit, "oldest": after}
    found = await _asked(
        context, "GET", "conversations.history", credential, base_url, params=params
    )
    messages = [
        {
            "text": one.get("text", ""),
            "user": one.get("user") or one.get("bot_id") or "",
            "ts": one.get("ts", ""),
            "thread": one.get("thread_ts", ""),
        }
        for one in reversed(found.get("messages") or [])
    ]
    for message in messages:
        yield "message", message
    yield "messages", messages
