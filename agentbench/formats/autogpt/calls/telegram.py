"""Telegram, by its Bot API, beyond the messages that our own block sends.

Facts: core.telegram.org/bots/api. The token stands in the address, as Telegram has it; the
door sees that it goes to its own host, and no error says it.
"""

import base64
import mimetypes
from collections.abc import Mapping
from typing import Any

from agentbench.domain.errors import InputError
from agentbench.formats.autogpt.block import Does, Given, Stream, Work
from agentbench.formats.base import Native

_HOST = "api.telegram.org"


class TelegramRefused(ConnectionError):
    """Telegram did not do what it was asked; `retry_after` is in seconds."""

    def __init__(self, call: str, said: str, retry_after: float | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(f"Telegram refused {call}: {said}.")


async def _asked(
    given: Given, native: Native, call: str, body: Mapping[str, Any], **files: Any
) -> Any:
    if not given["credentials"]:
        raise InputError("credentials", "is empty: name the credential of the bot.")
    token = (await native.context.credential(str(given["credentials"]))).secret
    sent = {name: it for name, it in body.items() if it not in (None, "")}
    uploads = (
        {"files": list(files.values()), "files_name": next(iter(files))}
        if files
        else {}
    )
    try:
        answer = await native.all(
            "web.request",
            method="POST",
            url=f"https://{_HOST}/bot{token.reveal()}/{call}",
            body=sent,
            **uploads,
        )
    except ConnectionRefusedError:
        raise
    except ConnectionError as error:
        raise ConnectionError(str(error).replace(token.reveal(), "<secret>")) from None
    status = answer.pop("status")
    [found] = answer.values()
    if isinstance(found, Mapping) and found.get("ok"):
        return found.get("result")
    said = (
        found.get("description") if isinstance(found, Mapping) else f"status {status}"
    )
    wait = (
        (found.get("parameters") or {}).get("retry_after")
        if isinstance(found, Mapping)
        else None
    )
    raise TelegramRefused(call, str(said), wait)


def _mode(given: Given) -> str:
    said = str(given.get("parse_mode") or "")
    return "" if said.lower() == "none" else said


def _sends(kind: str, *more: str) -> Work:
    """Sends a file of one kind: of the web by its address, any other with its content."""
    call = f"send{kind.capitalize()}"

    async def send(given: Given, native: Native) -> Stream:
        names = ("chat_id", "caption", *more)
        body = {name: given[name] for name in names} | {"parse_mode": _mode(given)}
        if given["reply_to_message_id"]:
            body["reply_parameters"] = {"message_id": given["reply_to_message_id"]}
        file = given[kind]
        if isinstance(file, str) and file.startswith(("https://", "http://")):
            made = await _asked(given, native, call, {**body, kind: file})
        else:
            made = await _asked(given, native, call, body, **{kind: file})
        yield "message_id", made["message_id"]
        yield "status", f"{kind.capitalize()} sent"

    return _does(send)


async def delete(given: Given, native: Native) -> Stream:
    """Takes a message back."""
    await _asked(
        given,
        native,
        "deleteMessage",
        {it: given[it] for it in ("chat_id", "message_id")},
    )
    yield "status", "Message deleted"


async def edit(given: Given, native: Native) -> Stream:
    """Changes the text of a message."""
    body = {it: given[it] for it in ("chat_id", "message_id", "text")} | {
        "parse_mode": _mode(given)
    }
    made = await _asked(given, native, "editMessageText", body)
    yield (
        "message_id",
        made["message_id"] if isinstance(made, Mapping) else given["message_id"],
    )
    yield "status", "Message edited"


async def fetch(given: Given, native: Native) -> Stream:
    """A file that somebody has sent to the bot, as a data URI."""
    facts = await _asked(given, native, "getFile", {"file_id": given["file_id"]})
    token = (await native.context.credential(str(given["credentials"]))).secret
    native.refuse_off("web.request")
    answer = await native.context.outbound.request(
        "GET",
        f"https://{_HOST}/file/bot{token.reveal()}/{facts['file_path']}",
        timeout=120,
    )
    if not answer.is_success:
        raise TelegramRefused("the file", f"status {answer.status}")
    kind = mimetypes.guess_type(facts["file_path"])[0] or "application/octet-stream"
    yield "file", f"data:{kind};base64,{base64.b64encode(answer.content).decode()}"
    yield "status", "File downloaded"


def _does(function: Any, effects: Any = "sends") -> Work:
    return Does(function=function, effects=effects, hosts=(_HOST,))


TELEGRAM: Mapping[str, Work] = {
    "SendTelegramPhotoBlock": _sends("photo"),
    "SendTelegramVoiceBlock": _sends("voice", "duration"),
    "SendTelegramAudioBlock": _sends("audio", "title", "performer", "duration"),
    "SendTelegramDocumentBlock": _sends("document"),
    "SendTelegramVideoBlock": _sends("video", "duration"),
    "DeleteTelegramMessageBlock": _does(delete),
    "EditTelegramMessageBlock": _does(edit),
    "GetTelegramFileBlock": _does(fetch, "reads"),
}
