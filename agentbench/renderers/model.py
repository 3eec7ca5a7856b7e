"""Pydantic models and dataclasses, as their fields."""

from typing import Any

from agentbench.domain.renderer import Hints, MimeBundle
from agentbench.renderers.base import (
    BaseRenderer,
    JsonForm,
    as_json,
    fields_of,
    first_lines,
    plain,
)


class ModelRenderer(BaseRenderer):
    """Shows a pydantic model or a dataclass: its type, and its fields as a tree.

    Fields that the class keeps out of its repr stay hidden.
    """

    name = "model"
    priority = 32
    joins = True
    file, mime = "output.json", "application/json"

    def can_render(self, value: Any, hints: Hints) -> bool:
        return fields_of(value) is not None

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        tree = {"type": type(value).__name__, "fields": JsonForm().of(fields_of(value))}
        return MimeBundle({"application/json": tree, "text/plain": plain(value)})

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        return MimeBundle({"text/plain": first_lines(plain(value, 2_000))})

    def copy(self, value: Any, hints: Hints) -> str | None:
        fields = fields_of(value)
        text = as_json(fields)
        return text if text is not None else as_json(JsonForm().of(fields))
