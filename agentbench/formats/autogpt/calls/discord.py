"""Discord, by its REST API (version 10), as a bot.

Facts: discord.com/developers/docs/resources (channel, message, user, guild).
"""

import datetime
import json
import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

from agentbench.formats.autogpt.block import Given, Stream, Work
from agentbench.formats.autogpt.calls.call import Api, Sent, until
from agentbench.formats.base import Native

_API = Api("https://discord.com/api/v10", scheme="Bot")
_USER = Api("https://discord.com/api/v10")
_TYPES = {
    0: "text", 1: "dm", 2: "voice", 3: "group", 4: "category", 5: "news", 10: "news_thread",
    11: "public_thread", 12: "private_thread", 13: "stage", 14: "directory", 15: "forum", 16: "media",
}  # fmt: skip
_TEXTUAL = (0, 5, 10, 11, 12)
_EPOCH = 1_420_070_400_000
_EVERY = 2.0
"""Seconds between two looks."""
_PATIENCE = 1800.0
"""Seconds that are waited for a message, as AutoGPT does."""


async def _ask(
    given: Given,
    native: Native,
    method: str,
    path: str,
    body: Any = None,
    *,
    once: str = "",
) -> Any:
    return await _API.ask(native, given, method, path, Sent(body=body), once=once)


async def _guilds(
    given: Given, native: Native, name: str = ""
) -> AsyncIterator[dict[str, Any]]:
    for guild in await _ask(given, native, "GET", "/users/@me/guilds"):
        if not name or guild["name"].lower() == name.lower():
            yield guild


async def _channel(
    given: Given, native: Native, said: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A channel by its number or name, and its server (as far as it is in one).

    Raises:
        LookupError: no channel that the bot sees is called that.
    """
    name, server = (
        str(said).strip().removeprefix("#"),
        str(given.get("server_name") or ""),
    )
    if name.isdigit():
        channel = await _ask(given, native, "GET", f"/channels/{name}")
        guild = channel.get("guild_id")
        return channel, await _ask(
            given, native, "GET", f"/guilds/{guild}"
        ) if guild else {}
    async for guild in _guilds(given, native, server):
        for channel in await _ask(
            given, native, "GET", f"/guilds/{guild['id']}/channels"
        ):
            if channel["name"].lower() == name.lower() and channel["type"] in _TEXTUAL:
                return channel, guild
    raise LookupError(
        f"There is no channel {name!r}{f' on the server {server!r}' if server else ''} that the bot sees."
    )


async def _sent(
    given: Given, native: Native, channel: str, body: Any, once: str = ""
) -> dict[str, Any]:
    answer: dict[str, Any] = await _ask(
        given, native, "POST", f"/channels/{channel}/messages", body, once=once
    )
    return answer


async def send(given: Given, native: Native) -> Stream:
    """Says something in a channel, in parts where it is longer than a message may be."""
    channel, _ = await _channel(given, native, given["channel_name"])
    text = str(given["message_content"])
    for at in range(0, len(text) or 1, 2000):
        body = {"content": text[at : at + 2000]}
        made = await _sent(given, native, channel["id"], body, f"from {at}")
    yield "status", "Message sent"
    yield "message_id", made["id"]
    yield "channel_id", channel["id"]


async def send_privately(given: Given, native: Native) -> Stream:
    """Says something to somebody alone."""
    channel = await _ask(
        given, native, "POST", "/users/@me/channels", {"recipient_id": given["user_id"]}
    )
    made = await _sent(
        given, native, channel["id"], {"content": given["message_content"]}
    )
    yield "status", "DM sent successfully"
    yield "message_id", made["id"]


async def send_embed(given: Given, native: Native) -> Stream:
    """Shows a card in a channel."""
    channel, _ = await _channel(given, native, given["channel_identifier"])
    card: dict[str, Any] = {"color": given["color"]}
    for name in ("title", "description"):
        if given[name]:
            card[name] = given[name]
    inner = {"thumbnail": "thumbnail_url", "image": "image_url"}
    card |= {name: {"url": given[url]} for name, url in inner.items() if given[url]}
    if given["author_name"]:
        card["author"] = {"name": given["author_name"]}
    if given["footer_text"]:
        card["footer"] = {"text": given["footer_text"]}
    if given["fields"]:
        card["fields"] = [
            {
                "name": str(it.get("name", "")),
                "value": str(it.get("value", "")),
                "inline": it.get("inline", True),
            }
            for it in given["fields"]
        ]
    made = await _sent(given, native, channel["id"], {"embeds": [card]})
    yield "status", "Embed sent successfully"
    yield "message_id", made["id"]


async def send_file(given: Given, native: Native) -> Stream:
    """Puts a file into a channel."""
    channel, _ = await _channel(given, native, given["channel_identifier"])
    about: dict[str, Any] = {"content": given["message_content"]}
    if given["filename"]:
        about["attachments"] = [{"id": 0, "filename": given["filename"]}]
    sent = Sent(body={"payload_json": json.dumps(about)})
    made = await _API.ask(
        native,
        given,
        "POST",
        f"/channels/{channel['id']}/messages",
        sent,
        files={"files[0]": given["file"]},
    )
    yield "status", "File sent successfully"
    yield "message_id", made["id"]


async def reply(given: Given, native: Native) -> Stream:
    """Answers a message."""
    body = {
        "content": given["reply_content"],
        "message_reference": {"message_id": given["message_id"]},
        "allowed_mentions": {
            "parse": ["users", "roles", "everyone"],
            "replied_user": given["mention_author"],
        },
    }
    made = await _sent(given, native, str(given["channel_id"]), body)
    yield "status", "Reply sent successfully"
    yield "reply_id", made["id"]


async def user(given: Given, native: Native) -> Stream:
    """Who somebody is."""
    found = await _ask(given, native, "GET", f"/users/{given['user_id']}")
    yield "user_id", found["id"]
    yield "username", found["username"]
    yield "display_name", found.get("global_name") or found["username"]
    yield "discriminator", found.get("discriminator", "0")
    yield "avatar_url", _picture("avatars", found, "avatar")
    yield "is_bot", bool(found.get("bot"))
    made = datetime.datetime.fromtimestamp(
        ((int(found["id"]) >> 22) + _EPOCH) / 1000, datetime.UTC
    )
    yield "created_at", made.isoformat(timespec="milliseconds")


def _picture(folder: str, found: Mapping[str, Any], name: str) -> str:
    mark = found.get(name)
    if mark:
        return f"https://cdn.discordapp.com/{folder}/{found['id']}/{mark}.{'gif' if mark.startswith('a_') else 'png'}"
    return (
        f"https://cdn.discordapp.com/embed/avatars/{(int(found['id']) >> 22) % 6}.png"
        if name == "avatar"
        else ""
    )


async def current_user(given: Given, native: Native) -> Stream:
    """Who the credential is of."""
    found = await _USER.ask(native, given, "GET", "/users/@me")
    yield "user_id", found["id"]
    yield "username", found["username"]
    yield "avatar_url", _picture("avatars", found, "avatar")
    yield "banner_url", _picture("banners", found, "banner")
    yield "accent_color", found.get("accent_color") or 0


async def channel(given: Given, native: Native) -> Stream:
    """What is known of a channel."""
    found, guild = await _channel(given, native, given["channel_identifier"])
    yield "channel_id", found["id"]
    yield "channel_name", found.get("name", "DM")
    yield "server_id", guild.get("id", "")
    yield "server_name", guild.get("name", "Direct Message")
    yield "channel_type", _TYPES.get(found["type"], "other")


_LASTING = {"hour": 60, "day": 1440, "days": 4320, "week": 10_080}


def _minutes(said: Any) -> int:
    text = str(said or "10080").strip().lower()
    if text.isdigit():
        return int(text)
    return _LASTING[re.split(r"[ _]", text)[-1]]


async def thread(given: Given, native: Native) -> Stream:
    """Opens a thread in a channel."""
    found, _ = await _channel(given, native, given["channel_name"])
    body = {
        "name": given["thread_name"],
        "auto_archive_duration": _minutes(given["auto_archive_duration"]),
        "type": 12 if given["is_private"] else 11,
    }
    made = await _ask(given, native, "POST", f"/channels/{found['id']}/threads", body)
    if given["message_content"]:
        await _sent(given, native, made["id"], {"content": given["message_content"]})
    yield "status", "Thread created successfully"
    yield "thread_id", made["id"]
    yield "thread_name", made["name"]


async def read(given: Given, native: Native) -> Stream:
    """The next message that somebody else writes in a channel that the bot sees."""
    me = (await _ask(given, native, "GET", "/users/@me"))["id"]
    last: dict[str, Any] = {}
    is_first = True

    async def look() -> Any:
        nonlocal is_first
        found = None
        async for guild in _guilds(given, native):
            for one in await _ask(
                given, native, "GET", f"/guilds/{guild['id']}/channels"
            ):
                newest = one.get("last_message_id")
                if one["type"] not in _TEXTUAL or not newest:
                    continue
                before = last.get(one["id"], "0")
                if not is_first and newest != before and found is None:
                    found = await _first_after(given, native, one, before, me)
                last[one["id"]] = newest
        is_first = False
        return found

    async for seen, _ in until(
        look, lambda it: it is not None, every=_EVERY, most=_PATIENCE
    ):
        if seen is None:
            continue
        message, where = seen
        yield "message_content", message["content"]
        yield "message_id", message["id"]
        yield "channel_id", where["id"]
        yield "channel_name", where["name"]
        yield "user_id", message["author"]["id"]
        yield "username", message["author"]["username"]


async def _first_after(
    given: Given, native: Native, where: dict[str, Any], before: str, me: str
) -> Any:
    params = {"after": before, "limit": 100}
    found = await _API.ask(
        native, given, "GET", f"/channels/{where['id']}/messages", Sent(params=params)
    )
    others = [it for it in found if it["author"]["id"] != me]
    return (min(others, key=lambda it: int(it["id"])), where) if others else None


DISCORD: Mapping[str, Work] = {
    "ReadDiscordMessagesBlock": _API.block(read, "reads"),
    "SendDiscordMessageBlock": _API.block(send),
    "SendDiscordDMBlock": _API.block(send_privately),
    "SendDiscordEmbedBlock": _API.block(send_embed),
    "SendDiscordFileBlock": _API.block(send_file),
    "ReplyToDiscordMessageBlock": _API.block(reply),
    "DiscordUserInfoBlock": _API.block(user, "reads"),
    "DiscordChannelInfoBlock": _API.block(channel, "reads"),
    "CreateDiscordThreadBlock": _API.block(thread),
    "DiscordGetCurrentUserBlock": _USER.block(current_user, "reads"),
}
