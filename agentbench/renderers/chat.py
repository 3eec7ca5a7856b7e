"""Conversations: lists of messages, each with a role and what was said."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from agentbench.domain.renderer import Hints, MimeBundle
from agentbench.renderers.base import (
    BaseRenderer,
    as_json,
    count,
    cut,
    escape,
    first_lines,
    fit,
    short,
)
from agentbench.renderers.base.inert import markdown_as_html

ROLES = ("system", "developer", "user", "assistant", "model", "tool", "function")
MOST_TURNS, MOST_SAID = 200, 4_000
_TINTS = {"user": "#2f81d81f", "assistant": "#8882", "model": "#8882"}


class ChatRenderer(BaseRenderer):
    """Shows a conversation: a list of messages with `role` and `content`."""

    name = "chat"
    priority = 33
    file, mime = "conversation.json", "application/json"

    def can_render(self, value: Any, hints: Hints) -> bool:
        if type(value) is not list or not value or len(value) > 10_000:
            return False
        return all(_is_message(message) for message in value)

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        turns = [(str(message["role"]), _said(message)) for message in value]
        shown, more = turns[:MOST_TURNS], len(turns) - MOST_TURNS
        html = "".join(_bubble(role, text) for role, text in shown)
        said = "\n\n".join(f"{role}: {text}" for role, text in shown)
        if more > 0:
            html += f"<p>… {count(more, 'more message')}</p>"
            said += f"\n\n… {count(more, 'more message')}"
        return MimeBundle({"text/html": f"<div>{html}</div>", "text/plain": cut(said)})

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        turns = (f"{m['role']}: {fit(_said(m), 90)}" for m in value[:5])
        more = len(value) - 5
        rest = [f"… {count(more, 'more message')}"] if more > 0 else []
        return MimeBundle({"text/plain": first_lines("\n".join([*turns, *rest]))})

    def copy(self, value: Any, hints: Hints) -> str | None:
        return "\n\n".join(f"{m['role']}: {_said(m, 10**6)}" for m in value)

    def download(self, value: Any, hints: Hints) -> Any:
        text = as_json(value)
        return None if text is None else self.as_file(text, hints)


def _is_message(message: Any) -> bool:
    return (
        isinstance(message, Mapping)
        and message.get("role") in ROLES
        and ("content" in message or "parts" in message or "tool_calls" in message)
    )


def _said(message: Mapping[str, Any], most: int = MOST_SAID) -> str:
    parts = message.get("content", message.get("parts")) or []
    texts = [*_texts(parts), *_calls(message.get("tool_calls") or [])]
    return cut("\n".join(texts), most)


def _texts(parts: Any) -> Iterator[str]:
    for part in [parts] if isinstance(parts, (str, Mapping)) else parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, Mapping) and isinstance(part.get("text"), str):
            yield part["text"]
        elif isinstance(part, Mapping):
            yield f"[{fit(str(part.get('type', 'part')), 40)}]"
        else:
            yield short(part)


def _calls(calls: Any) -> Iterator[str]:
    for call in calls if isinstance(calls, list) else []:
        asked = call.get("function", call) if isinstance(call, Mapping) else {}
        name, given = asked.get("name", "tool"), asked.get("arguments", "")
        written = given if isinstance(given, str) else json.dumps(given, default=str)
        yield f"`{fit(str(name), 60)}({fit(written, 300)})`"


def _bubble(role: str, text: str) -> str:
    side = "margin-left:12%" if role == "user" else "margin-right:12%"
    tint = _TINTS.get(role, "#8881")
    return (
        f'<div style="{side};margin-bottom:8px;padding:6px 12px;border-radius:10px;'
        f'background:{tint}"><div style="font-size:.85em;opacity:.7">{escape(role)}'
        f"</div>{markdown_as_html(text)}</div>"
    )
