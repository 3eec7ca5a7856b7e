"""Objects that show themselves: the `_repr_…_` methods of the IPython display protocol."""

from typing import Any

from agentbench.domain.renderer import Hints, MimeBundle
from agentbench.renderers.base import BaseRenderer, Declined, first_lines, plain, words

METHODS = {
    "_repr_html_": "text/html",
    "_repr_markdown_": "text/markdown",
    "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png",
    "_repr_jpeg_": "image/jpeg",
    "_repr_latex_": "text/latex",
    "_repr_json_": "application/json",
}
BUNDLE = "_repr_mimebundle_"


class DisplayProtocolRenderer(BaseRenderer):
    """Shows whatever knows how to show itself in Jupyter."""

    name = "display protocol"
    priority = 50

    def can_render(self, value: Any, hints: Hints) -> bool:
        # Asked of the class: an object that answers to every name has none of them.
        # Ours ask the renderers to show them: asking them back would never end.
        cls = type(value)
        if cls is type or cls.__module__.startswith("agentbench."):
            return False
        return any(callable(getattr(cls, name, None)) for name in (BUNDLE, *METHODS))

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        data, metadata = _called(value, BUNDLE, include=None, exclude=None)
        data, metadata = dict(data or {}), dict(metadata)
        for method, mime in METHODS.items():
            if mime not in data:
                held, about = _called(value, method)
                data.update({} if held is None else {mime: held})
                metadata.update({mime: about} if about else {})
        if not data:
            raise Declined
        data.setdefault("text/plain", plain(value))
        return MimeBundle(data, metadata)

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        bundle = self.render(value, hints)
        images = {m: held for m, held in bundle.data.items() if m.startswith("image/")}
        return MimeBundle({**images, "text/plain": first_lines(words(bundle))})


def _called(value: Any, method: str, **arguments: Any) -> tuple[Any, dict[str, Any]]:
    """What a method gives, and the metadata it may give with it."""
    function = getattr(type(value), method, None)
    given = function(value, **arguments) if callable(function) else None
    if isinstance(given, tuple) and len(given) == 2:
        return given[0], dict(given[1] or {})
    return given, {}
