"""Pictures that a value names by their address: the kernel fetches them, never the browser."""

import re
from collections.abc import Mapping
from typing import Any

from agentbench.domain.errors import ValueRefused
from agentbench.workbench.workbench import Workbench
from agentbench.widgets.answers import WireBundle

MOST_BYTES = 5_000_000
"""A picture of more bytes is not fetched to its end."""
PATIENCE = 15.0
"""Seconds that a server has to send it."""
_NAMES_IMAGE = re.compile(r"https?://[^?#\s]+\.(png|jpe?g|gif|webp|svg)", re.IGNORECASE)


def names_image(value: Any, data: Mapping[str, Any]) -> bool:
    """Whether a value is shown as a link, and by its ending leads to a picture."""
    is_link = type(value) is str and len(value) <= 2_000 and "text/html" in data
    path = re.split(r"[?#]", value.strip(), maxsplit=1)[0] if is_link else ""
    return _NAMES_IMAGE.fullmatch(path) is not None


def loaded_image(bench: Workbench, value: Any) -> WireBundle:
    """The picture at the address that the value is, fetched through the one door.

    Raises:
        ValueRefused: it is no such address, or there is no picture.
    """
    if not names_image(value, {"text/html": ""}):
        raise ValueRefused("This value is not the address of a picture.")
    asking = bench.outbound.request(
        "GET", value.strip(), timeout=PATIENCE, max_bytes=MOST_BYTES
    )
    try:
        answer = bench.loop.submit(asking).result()
    except Exception as error:
        raise ValueRefused(f"The picture was not fetched: {error}") from error
    if not answer.is_success:
        raise ValueRefused(f"The picture was not fetched: the server answered {answer.status}.")
    held: Any = answer.content
    if b"<svg" in held[:4_000].lower():
        held = answer.text
    if bench.renderers.renderer_for(held).name != "image":
        raise ValueRefused("What the server sent is no picture that can be shown.")
    shown = bench.render(held)
    return WireBundle(data=dict(shown.data), metadata=dict(shown.metadata))
