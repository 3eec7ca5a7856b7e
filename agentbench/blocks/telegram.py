"""Blocks for Telegram, by its Bot API."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.answers import body_of, pause_of
from agentbench.blocks.base.api import BaseUrl
from agentbench.domain.context import Context
from agentbench.domain.credential import CredentialName
from agentbench.domain.example import Example
from agentbench.domain.port import LongText

_Credential = Annotated[
    str,
    CredentialName("api_key", "oauth2", hosts=("api.telegram.org",)),
    about("The credential: a bot's token."),
]
_SERVER = "https://api.telegram.org"


class TelegramRefused(ConnectionError):
    """Telegram did not do what it was asked; `retry_after` is in seconds."""

    def __init__(
        self, call: str, reason: str, retry_after: float | None = None
    ) -> None:
        self.retry_after = retry_after
        super().__init__(f"Telegram refused {call}: {reason}.")


async def _asked(
    context: Context, call: str, credential: str, base_url: str, body: dict[str, Any]
) -> Any:
    """What a call gives. The token stands in the path, as Telegram has it, and is said nowhere."""
    token = (await context.credential(credential)).secret
    given = {name: value for name, value in body.items() if value not in (None, "")}
    place = f"{(base_url or _SERVER).rstrip('/')}/bot{token.reveal()}/{call}"
    try:
        response = await context.outbound.request("POST", place, body=given)
    except ConnectionRefusedError:
        raise
    except ConnectionError as error:
        said = str(error).replace(token.reveal(), "<secret>")
        raise ConnectionError(said) from None
    found = body_of(response, strict=False)
    if isinstance(found, dict) and found.get("ok"):
        return found.get("result")
    reason = (
        found.get("description")
        if isinstance(found, dict)
        else f"status {response.status}"
    )
    wait = (
        (found.get("parameters") or {}).get("retry_after")
        if isinstance(found, dict)
        else None
    )
    raise TelegramRefused(
        call, str(reason), wait if wait is not None else pause_of(response)
    )


@block(
    id="telegram.send",
    title="Send Telegram message",
    keywords=("chat", "bot", "notify", "message", "reply", "messenger", "group"),
    effects="sends",
    outputs={
        "message": Annotated[int, about("The number of the message.")],
        "status": Annotated[str, about("Says that it was sent.")],
    },
    examples=[
        example({"credential": "telegram", "chat": 7, "text": "Hello"}, message=12, status="Message sent"),
    ],
)  # fmt: skip
async def send(
    chat: Annotated[int | str, about("A chat by its number, or a channel's @name.")],
    text: Annotated[LongText, about("What it says, up to 4096 letters.")],
    credential: _Credential,
    *,
    reply_to: Annotated[int | None, about("The number of a message that it answers.")] = None,
    parse_mode: Annotated[Literal["", "Markdown", "MarkdownV2", "HTML"], about("How signs are read.")] = "",
    silent: Annotated[bool, about("Without a sound.")] = False,
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:  # fmt: skip
    """Sends a message of a bot to a chat of Telegram."""
    body: dict[str, Any] = {
        "chat_id": chat,
        "text": text,
        "parse_mode": parse_mode,
        "disable_notification": silent,
    }
    if reply_to is not None:
        body["reply_parameters"] = {"message_id": reply_to}
    found = await _asked(context, "sendMessage", credential, base_url, body)
    return {"message": found["message_id"], "status": "Message sent"}


@block(
    id="telegram.read",
    title="Read Telegram messages",
    keywords=("chat", "bot", "updates", "messages", "receive", "inbox"),
    effects="reads",
    outputs={
        "message": Annotated[dict[str, Any], about("Each: `text`, `chat`, `user`, `number`, `update`.")],
        "messages": Annotated[list[dict[str, Any]], about("All of them.")],
    },
    examples=[
        Example(
            inputs={"credential": "telegram"},
            outputs={"message": [{"text": "Hi", "chat": 7, "user": "ada", "number": 11, "update": 5}]},
        )
    ],
)  # fmt: skip
async def read(
    credential: _Credential,
    *,
    after: Annotated[int | None, about("Only updates above this number; they then count as read.")] = None,
    limit: Annotated[int, pydantic.Field(ge=1, le=100), about("How many, at most.")] = 20,
    base_url: BaseUrl = "",
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:  # fmt: skip
    """Reads what people wrote to a bot that has no webhook."""
    body = {
        "limit": limit,
        "offset": None if after is None else after + 1,
        "timeout": 0,
    }
    found = await _asked(context, "getUpdates", credential, base_url, body)
    messages = []
    for update in found:
        said = update.get("message") or update.get("channel_post")
        if said:
            messages.append(
                {
                    "text": said.get("text") or said.get("caption") or "",
                    "chat": said["chat"]["id"],
                    "user": (said.get("from") or {}).get("username", ""),
                    "number": said["message_id"],
                    "update": update["update_id"],
                }
            )
    for message in messages:
        yield "message", message
    yield "messages", messages
