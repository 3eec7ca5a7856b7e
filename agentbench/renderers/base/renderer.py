"""What renderers share: their defaults, how one passes a value on, and the last of them."""

from typing import Any

from agentbench.domain.renderer import Download, Hints, MimeBundle
from agentbench.renderers.base.literal import plain
from agentbench.renderers.base.text import filename, first_lines


class Declined(Exception):
    """A renderer sees on a closer look that the value is not for it: the next is asked."""


class Instead(Exception):
    """A renderer has another value that is to be shown in the place of this one."""

    def __init__(self, value: Any, hints: Hints | None = None) -> None:
        self.value, self.hints = value, hints or {}
        super().__init__(type(value).__name__)


class BaseRenderer:
    """What most renderers share; a subclass brings `can_render` and `render`."""

    name = ""
    priority = 0
    file = "output.txt"
    """What the value is called as a file, when the hints do not say."""
    mime = "text/plain"
    joins = False
    """Whether its values are texts that can stand in one with others."""

    def can_render(self, value: Any, hints: Hints) -> bool:
        raise NotImplementedError

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        raise NotImplementedError

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        """The value small enough for a node's card."""
        return MimeBundle({"text/plain": first_lines(self.text(value, hints))})

    def copy(self, value: Any, hints: Hints) -> str | None:
        return self.text(value, hints)

    def download(self, value: Any, hints: Hints) -> Download | None:
        text = self.copy(value, hints)
        if text is None:
            return None
        return self.as_file(text, hints)

    def as_file(self, text: str, hints: Hints) -> Download:
        """A text as a file of this kind."""
        content = text.encode("utf-8", "replace")
        return Download(
            filename=filename(hints, self.file), mime=self.mime, content=content
        )

    def text(self, value: Any, hints: Hints) -> str:
        """The text form, as `render` gives it."""
        return str(self.render(value, hints).data["text/plain"])


class PlainRenderer(BaseRenderer):
    """Shows anything as text, and never fails: what is left when nobody else will."""

    name = "plain"
    priority = -1000
    joins = True

    def can_render(self, value: Any, hints: Hints) -> bool:
        return True

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        return MimeBundle({"text/plain": plain(value)})
