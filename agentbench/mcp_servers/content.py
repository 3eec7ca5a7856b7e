"""What a tool sends, as values: text, pictures, sounds, resources, data."""

import base64
import binascii
import importlib.util
import io
import json
from typing import Any

from agentbench.mcp_servers.ports import is_wrapped
from agentbench.mcp_servers.tool import Tool

MOST_BYTES = 50_000_000
"""A result above this is refused: it would fill the kernel's memory."""
MOST_PIXELS = 50_000_000
"""A picture above this stays bytes: decoded, it may be a bomb."""


def values_of(tool: Tool, result: Any) -> dict[str, Any]:
    """The values of a tool's outputs, from an MCP result that is no error.

    Raises:
        ValueError: it is larger than `MOST_BYTES`.
    """
    size = sum(_size(part) for part in result.content)
    if size > MOST_BYTES:
        message = (
            f"The tool {tool.name!r} sent {size} bytes, and at most {MOST_BYTES} are"
            " taken; ask it for less."
        )
        raise ValueError(message)
    parts = [value_of(part) for part in result.content]
    if tool.output_schema is not None:
        data = result.structured_content
        if isinstance(data, dict) and is_wrapped(tool.output_schema):
            data = data.get("result")
        return {"result": data, "content": parts}
    if not parts:
        return {"result": result.structured_content}
    return {"result": parts[0] if len(parts) == 1 else parts}


def text_of(result: Any) -> str:
    """The text in an MCP result: what an error says."""
    texts = [part.text for part in result.content if part.type == "text"]
    return "\n".join(texts).strip()


def value_of(part: Any) -> Any:
    """One part of an MCP result as the value it is."""
    match part.type:
        case "text":
            return part.text
        case "image" | "audio":
            return _media(part.data, part.mime_type)
        case "resource":
            return _resource(part.resource)
        case "resource_link":
            facts = {"uri": str(part.uri), "name": part.name}
            return facts | ({"type": part.mime_type} if part.mime_type else {})
    return part.model_dump(mode="json", by_alias=True, exclude_none=True)


def _resource(resource: Any) -> Any:
    mime = (resource.mime_type or "").partition(";")[0].strip().lower()
    if hasattr(resource, "blob"):
        return _media(resource.blob, mime)
    if mime == "application/json" or mime.endswith("+json"):
        try:
            return json.loads(resource.text)
        except (ValueError, RecursionError):
            return resource.text
    return resource.text


def _media(data: str, mime: str) -> Any:
    """A picture as a Pillow image where Pillow is there; else the bytes."""
    try:
        content = base64.b64decode(data, validate=False)
    except (binascii.Error, ValueError):
        return data
    is_picture = mime.startswith("image/") and "svg" not in mime
    if mime == "image/svg+xml":
        return content.decode("utf-8", "replace")
    if not is_picture or importlib.util.find_spec("PIL") is None:
        return content
    import PIL.Image

    try:
        picture = PIL.Image.open(io.BytesIO(content))
        if picture.width * picture.height > MOST_PIXELS:
            return content
        picture.load()
    except Exception:  # noqa: BLE001 - a decoder may raise anything at what is no picture
        return content
    return picture


def _size(part: Any) -> int:
    held = getattr(part, "resource", part)
    return sum(
        len(getattr(held, name, None) or "") for name in ("text", "data", "blob")
    )
