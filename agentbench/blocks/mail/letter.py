"""A letter as facts. Anybody may send one: what cannot be read of it is left out, no more."""

import email
import email.parser
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any

from agentbench.blocks.base.page import page_of

MOST_TEXT = 1_000_000
MOST_HEADER = 4_000
"""Letters of a header: the library takes longer for each, the more of them there are."""
MOST_PARTS = 500


class _Short(EmailPolicy):
    """How headers are read: each up to some length."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(list(sourcelines))
        return name, value[:MOST_HEADER]


_SHORT: Any = _Short()


def facts_of(raw: bytes) -> tuple[dict[str, Any], str]:
    """What a letter says; and why some of it is missing, empty where nothing is."""
    faults: list[str] = []
    message = _read(raw, faults)
    date = _header(message, "date")
    return {
        "subject": _said(message, "subject"),
        "sender": _said(message, "from"),
        "to": _said(message, "to"),
        "date": date.datetime.isoformat()
        if getattr(date, "datetime", None)
        else str(date),
        "text": _text(message, faults)[:MOST_TEXT],
        "id": _said(message, "message-id"),
        "attachments": _attachments(message, faults),
    }, "; ".join(dict.fromkeys(faults))


def _read(raw: bytes, faults: list[str]) -> Any:
    """The letter with its parts, or where there are too many, its headers."""
    if raw.lower().count(b"content-type:") > MOST_PARTS:
        faults.append(f"it has more than {MOST_PARTS} parts")
    else:
        try:
            return email.message_from_bytes(raw, policy=_SHORT)
        except Exception as error:  # noqa: BLE001 - the library raises anything at what is none
            faults.append(_why(error))
    return email.parser.BytesHeaderParser(policy=_SHORT).parsebytes(raw)


def _header(message: Any, name: str) -> Any:
    """A header as it is read, or where it cannot be, as it was sent."""
    try:
        return message[name] or ""
    except Exception:  # noqa: BLE001 - IndexError and others, at addresses that are none
        sent = next(it for key, it in message.raw_items() if key.lower() == name)
        return " ".join(str(sent).split())


def _said(message: Any, name: str) -> str:
    return str(_header(message, name))


def _text(message: EmailMessage, faults: list[str]) -> str:
    try:
        part: Any = message.get_body(("plain", "html"))
        if part is None:
            return ""
        text = _content(part).replace("\r\n", "\n")
        is_page = part.get_content_subtype() == "html"
        return page_of(text, as_markdown=False).said() if is_page else text
    except Exception as error:  # noqa: BLE001 - see above
        faults.append(_why(error))
        return ""


def _content(part: Any) -> str:
    try:
        return str(part.get_content())
    except (LookupError, ValueError):
        return str(part.get_payload(decode=True).decode("latin-1"))


def _attachments(message: EmailMessage, faults: list[str]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    try:
        found.extend(
            {"name": _name(part), "kind": part.get_content_type()}
            for part in message.iter_attachments()
        )
    except Exception as error:  # noqa: BLE001 - see above
        faults.append(_why(error))
    return found


def _name(part: Any) -> str:
    try:
        return part.get_filename() or ""
    except Exception:  # noqa: BLE001 - see above
        return ""


def _why(error: BaseException) -> str:
    is_deep = isinstance(error, RecursionError)
    return "it is nested too deeply" if is_deep else type(error).__name__
