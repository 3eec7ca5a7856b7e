"""What a tool sends, as values: text, pictures, sounds, resources, data."""

import base64
import binascii
import contextlib
import importlib.util
import io
import json
from collections.abc import Mapping
from typing import Any

from agentbench.domain.picture import FORMATS
from agentbench.domain.terms import why_not_fitting
from agentbench.mcp_servers.ports import is_wrapped
from agentbench.mcp_servers.tool import Tool

MOST_BYTES = 50_000_000
"""A result above this is refused: it would fill the kernel's memory."""
MOST_PIXELS = 50_000_000
"""A picture above this stays bytes: decoded, it may be a bomb."""


Result = Mapping[str, Any]
"""What a call gave, as it went over the wire: `content`, `structuredContent`, `isError`."""


def values_of(tool: Tool, result: Result) -> dict[str, Any]:
    """The values of a tool's outputs, from a result that is no error.

    Raises:
        ValueError: it is larger than `MOST_BYTES`, or not what the tool says that it gives.
    """
    parts = result.get("content") or []
    data = result.get("structuredContent")
    size = sum(map(_size, parts)) + (len(json.dumps(data)) if data is not None else 0)
    if size > MOST_BYTES:
        message = (
            f"The tool {tool.name!r} sent {size} bytes, and at most {MOST_BYTES} are"
            " taken; ask it for less."
        )
        raise ValueError(message)
    values = [value_of(part) for part in parts]
    if tool.output_schema is not None:
        if reason := why_not_fitting(data, tool.output_schema):
            message = f"The tool {tool.name!r} sent what it says it does not: {reason}"
            raise ValueError(message)
        if isinstance(data, dict) and is_wrapped(tool.output_schema):
            data = data.get("result")
        return {
            "result": data,
            "content": [v for v in values if not _repeats(v, result)],
        }
    if not values:
        return {"result": data}
    return {"result": values[0] if len(values) == 1 else values}


def _repeats(value: Any, result: Result) -> bool:
    """Whether a part only says the data once more, for clients that take no data."""
    if not isinstance(value, str):
        return False
    with contextlib.suppress(ValueError, RecursionError):
        said, data = json.loads(value), result.get("structuredContent")
        return data in (said, {"result": said})
    return {"result": value} == result.get("structuredContent")


def text_of(result: Result) -> str:
    """The text in a result: what an error says."""
    parts = result.get("content") or []
    texts = [part.get("text", "") for part in parts if part.get("type") == "text"]
    return "\n".join(texts).strip()


def value_of(part: Mapping[str, Any]) -> Any:
    """One part of a result as the value it is."""
    match part.get("type"):
        case "text":
            return part["text"]
        case "image" | "audio":
            return _media(part["data"], part.get("mimeType", ""))
        case "resource":
            return _resource(part["resource"])
        case "resource_link":
            facts = {"uri": part["uri"], "name": part["name"]}
            return facts | ({"type": part["mimeType"]} if "mimeType" in part else {})
    return dict(part)


def _resource(resource: Mapping[str, Any]) -> Any:
    mime = (resource.get("mimeType") or "").partition(";")[0].strip().lower()
    if "blob" in resource:
        return _media(resource["blob"], mime)
    text = resource["text"]
    if mime == "application/json" or mime.endswith("+json"):
        with contextlib.suppress(ValueError, RecursionError):
            return json.loads(text)
    return text


def _media(data: str, mime: str) -> Any:
    """A picture as a Pillow image where Pillow is there; else the bytes."""
    try:
        content = base64.b64decode(data)
    except (binascii.Error, ValueError):
        return data
    if mime == "image/svg+xml":
        return content.decode("utf-8", "replace")
    if not mime.startswith("image/") or importlib.util.find_spec("PIL") is None:
        return content
    import PIL.Image

    try:
        picture = PIL.Image.open(io.BytesIO(content), formats=FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            return content
        picture.load()
    except Exception:  # noqa: BLE001 - a decoder may raise anything at what is no picture
        return content
    return picture


def _size(part: Mapping[str, Any]) -> int:
    held = part.get("resource", part)
    return sum(len(held.get(name) or "") for name in ("text", "data", "blob"))
