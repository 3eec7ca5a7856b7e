"""Renderer: turns a value into a MIME bundle, the form in which Jupyter shows things."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Hints = Mapping[str, Any]
"""What is known of a value besides itself: `mime`, `filename`, `language`, `title`."""


@dataclass(frozen=True)
class MimeBundle:
    """One value in one or more MIME types, `text/plain` always among them."""

    data: dict[str, Any]
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Download:
    """A value as a file."""

    filename: str
    mime: str
    content: bytes


class Renderer(Protocol):
    """Shows one kind of value. The registry asks renderers in falling `priority`."""

    name: str
    priority: int

    def can_render(self, value: Any, hints: Hints) -> bool:
        """Whether it shows this value; it must not import a library to find out."""
        ...

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        """The value as a MIME bundle: the same for the same value, and of bounded size."""
        ...

    def copy(self, value: Any, hints: Hints) -> str | None:
        """The value as text for the clipboard, or None."""
        ...

    def download(self, value: Any, hints: Hints) -> Download | None:
        """The value as a file, or None."""
        ...
