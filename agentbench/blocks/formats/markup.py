"""Blocks that read and write XML."""

import re
from typing import Annotated, Any
from xml.sax.saxutils import escape, quoteattr

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.xml import DEEPEST, parsed
from agentbench.domain.port import LongText

_NAME = re.compile(r"[A-Za-z_][\w.:-]*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@block(
    id="formats.parse_xml",
    title="Read XML",
    keywords=("xml", "parse", "soap", "svg", "rss", "decode", "elements"),
    examples=[
        example(
            {"text": "<a id='1'><b>x</b><b>y</b></a>"},
            result={"a": {"@id": "1", "b": ["x", "y"]}},
        )
    ],
)
def parse_xml(
    text: Annotated[LongText, about("XML with one root.")],
) -> Annotated[dict[str, Any], about("Attributes as `@name`, text as `#text`.")]:
    """Reads XML as a dictionary; entities, and what is very deep, are refused."""
    return parsed(text)


@block(
    id="formats.write_xml",
    title="Write XML",
    keywords=("xml", "build", "generate", "serialize", "soap", "to xml"),
    examples=[
        example(
            {"value": {"a": {"@id": 1, "b": ["x", "y & z"]}}, "indent": False},
            result='<a id="1"><b>x</b><b>y &amp; z</b></a>',
        )
    ],
)
def write_xml(
    value: Annotated[
        dict[str, Any], about("One root, as `formats.parse_xml` gives it.")
    ],
    *,
    indent: Annotated[bool, about("One line for each element.")] = True,
) -> Annotated[str, about("XML.")]:
    """Writes a dictionary as XML."""
    if len(value) != 1:
        raise ValueError(f"'value' has {len(value)} roots; XML has one.")
    lines = _written(*next(iter(value.items())), level=0)
    return "\n".join(lines) if indent else "".join(line.strip() for line in lines)


def _written(name: str, value: Any, level: int) -> list[str]:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of an element.")
    if level > DEEPEST:
        raise ValueError(f"'value' is deeper than {DEEPEST}.")
    if isinstance(value, list):
        return [line for one in value for line in _written(name, one, level)]
    pad = "  " * level
    if not isinstance(value, dict):
        return [
            f"{pad}<{name}>{_text(value)}</{name}>"
            if value is not None
            else f"{pad}<{name}/>"
        ]
    start = f"{pad}<{name}" + "".join(
        f" {_attribute(key)}={quoteattr(_plain(one))}"
        for key, one in value.items()
        if key.startswith("@")
    )
    text = _text(value["#text"]) if value.get("#text") is not None else ""
    inner = [
        line
        for key, one in value.items()
        if not key.startswith(("@", "#"))
        for line in _written(key, one, level + 1)
    ]
    if not inner:
        return [f"{start}>{text}</{name}>" if text else f"{start}/>"]
    return [f"{start}>{text}", *inner, f"{pad}</{name}>"]


def _attribute(key: str) -> str:
    if not _NAME.fullmatch(key[1:]):
        raise ValueError(f"{key!r} is no name of an attribute.")
    return key[1:]


def _text(value: Any) -> str:
    return escape(_plain(value))


def _plain(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return _CONTROL.sub("\ufffd", text)
