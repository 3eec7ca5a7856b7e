"""A renderer made of a function: the short way to show a class of your own."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from agentbench.domain.renderer import Hints, MimeBundle
from agentbench.renderers.base import BaseRenderer, Declined, Instead, is_a, plain

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"


class FunctionRenderer(BaseRenderer):
    """Shows the values of some classes as a function says.

    The function takes the value and returns HTML or plain text, a PNG or JPEG as
    bytes, a dictionary by MIME type, a whole `MimeBundle`, or any other object that
    can be shown (a chart, a table), which is then shown in its place. None means *not
    this one*, and the next renderer is asked. A class may be given by its dotted name,
    so that its library need not be imported.
    """

    def __init__(
        self,
        function: Callable[[Any], Any],
        types: Iterable[type | str],
        *,
        priority: int = 100,
        name: str = "",
    ) -> None:
        self.function = function
        self.name = name or getattr(function, "__name__", "function")
        self.priority = priority
        self.shows = (function.__doc__ or "").strip().partition("\n")[0]
        given = list(types)
        self._classes = tuple(t for t in given if isinstance(t, type))
        self._names = tuple(t for t in given if isinstance(t, str))
        self.shows = self.shows or ", ".join(
            [*(c.__name__ for c in self._classes), *self._names]
        )

    def can_render(self, value: Any, hints: Hints) -> bool:
        return isinstance(value, self._classes) or is_a(value, *self._names)

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        given = self.function(value)
        if given is None:
            raise Declined
        bundle = given if isinstance(given, MimeBundle) else MimeBundle(_data(given))
        if "text/plain" in bundle.data:
            return bundle
        return MimeBundle({**bundle.data, "text/plain": plain(value)}, bundle.metadata)


def _data(given: Any) -> dict[str, Any]:
    if isinstance(given, Mapping) and all("/" in str(key) for key in given):
        return dict(given)
    if isinstance(given, bytes) and given.startswith(PNG):
        return {"image/png": given}
    if isinstance(given, bytes) and given.startswith(JPEG):
        return {"image/jpeg": given}
    if isinstance(given, str):
        stripped = given.strip()
        is_html = stripped.startswith("<") and stripped.endswith(">")
        return {"text/html" if is_html else "text/plain": given}
    raise Instead(given)
