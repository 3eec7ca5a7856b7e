"""XML as plain values: no entities, no reaching out, nothing deep or large."""

import re
from typing import Any
from xml.parsers import expat

MOST_TEXT = 10_000_000
DEEPEST = 200
MOST_ELEMENTS = 500_000


class XmlRefused(ValueError):
    """The XML has a mistake, or is not taken."""


class _Reader:
    """Builds plain values while expat reads.

    An element becomes a dictionary: attributes under `@name`, elements under their name
    (a list where there are several), text under `#text`; an element of text alone is the
    text.
    """

    def __init__(self) -> None:
        self.root: dict[str, Any] = {}
        self._open: list[tuple[dict[str, Any], list[str]]] = [(self.root, [])]
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) > DEEPEST:
            raise XmlRefused(f"it is deeper than {DEEPEST} elements.")
        if self._count > MOST_ELEMENTS:
            raise XmlRefused(f"it has more than {MOST_ELEMENTS} elements.")
        self._open.append(({f"@{key}": value for key, value in attributes.items()}, []))

    def end(self, name: str) -> None:
        inside, texts = self._open.pop()
        text = "".join(texts).strip()
        value: Any = inside
        if text and not inside:
            value = text
        elif text:
            inside["#text"] = text
        elif not inside:
            value = None
        above = self._open[-1][0]
        if name not in above:
            above[name] = value
        elif isinstance(above[name], list):
            above[name].append(value)
        else:
            above[name] = [above[name], value]

    def text(self, text: str) -> None:
        self._open[-1][1].append(text)

    def refuse(self, *_: Any) -> int:
        raise XmlRefused("it declares entities, which could grow or reach out.")


def parsed(text: str | bytes, port: str = "text") -> dict[str, Any]:
    """XML as a dictionary with its one root.

    Raises:
        XmlRefused: it has a mistake, declares entities, or is too large or deep.
    """
    if len(text) > MOST_TEXT:
        raise XmlRefused(f"{port!r} has more than {MOST_TEXT} letters.")
    reader, parser = _Reader(), expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = reader.refuse
    parser.ExternalEntityRefHandler = reader.refuse
    parser.UnparsedEntityDeclHandler = reader.refuse
    try:
        parser.Parse(
            _declared(text),
            True,  # noqa: FBT003
        )
    except expat.ExpatError as error:
        raise XmlRefused(f"Error in input xml syntax: {error}.") from error
    except XmlRefused as error:
        raise XmlRefused(f"{port!r} is XML that is not read: {error}") from None
    return reader.root


_DECLARATION = re.compile(r"\ufeff?\s*<\?xml[^>]{0,200}\?>")


def _declared(text: str | bytes) -> bytes:
    """Text is text already, whatever encoding its first line speaks of."""
    if isinstance(text, bytes):
        return text
    found = _DECLARATION.match(text)  # where it may stand: nowhere but at the beginning
    return text[found.end() if found else 0 :].encode("utf-8", "replace")
