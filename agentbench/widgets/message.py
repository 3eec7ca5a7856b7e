"""Message: what all that crosses between kernel and view has in common."""

from typing import Annotated, Any

import pydantic

_LARGEST = 2**53
"""A number of a view's is below it: above, JavaScript knows only some."""


class Message(pydantic.BaseModel):
    """One thing that crosses, as JSON; a field too many is refused."""

    model_config = pydantic.ConfigDict(
        extra="forbid", json_schema_serialization_defaults_required=True
    )


def sendable(text: Any) -> Any:
    """Text without halves of characters, which JSON can carry here and not back."""
    return text.encode("utf-8", "replace").decode() if isinstance(text, str) else text


Said = Annotated[str, pydantic.BeforeValidator(sendable)]
"""Text that may hold what a view has sent."""


def asker(content: Any) -> tuple[str, int]:
    """Who sent a message, and its number, for the reply; whatever it is that came."""
    raw = content if isinstance(content, dict) else {}
    client, rid = raw.get("client"), raw.get("rid")
    named = str(sendable(client)) if isinstance(client, str) else ""
    is_number = isinstance(rid, int) and abs(rid) < _LARGEST
    return named, int(rid or 0) if is_number else 0
