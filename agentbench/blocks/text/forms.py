"""Blocks that change the form of a text, measure it, or compare two."""

import difflib
import re
import textwrap
import unicodedata
from typing import Annotated, Any, Literal

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.domain.port import LongText

_Text = Annotated[LongText, about("The text.")]
_Result = Annotated[str, about("The text in its new form.")]
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|N\{([^}]{1,80})\}"
    r"|([0-7]{1,3})|(.)|$)",
    re.DOTALL,
)
_SIGNS = {
    "n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v",
    "\\": "\\", "'": "'", '"': '"', "\n": "",
}  # fmt: skip
_MOST_COMPARED = 200_000


@block(
    id="text.escape",
    title="Escape text",
    keywords=("encode", "backslash", "unicode", "newline", "literal", "quote"),
    examples=[example({"text": "a\nb"}, result="a\\nb"), example({"text": "é"}, result="\\xe9")],
)  # fmt: skip
async def escape(text: _Text) -> _Result:
    r"""Writes new lines, tabs and foreign letters as `\n`, `\t` and `\u00e9`."""
    return text.encode("unicode_escape").decode("ascii")


@block(
    id="text.unescape",
    title="Unescape text",
    keywords=("decode", "backslash", "unicode", "newline", "literal"),
    examples=[
        example({"text": "a\\nb"}, result="a\nb"),
        example({"text": "é \\u00e9"}, result="é é"),
    ],
)
async def unescape(text: _Text) -> _Result:
    r"""Turns `\n`, `\t` and `\u00e9` back into what they stand for."""
    given = _ESCAPE.sub(_sign, text)
    return given.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _sign(found: re.Match[str]) -> str:
    two, four, eight, name, octal, single = found.groups()
    try:
        if name:
            return unicodedata.lookup(name)
        if number := two or four or eight:
            return chr(int(number, 16))
        if octal:
            return chr(int(octal, 8))
        return _SIGNS[single]
    except (KeyError, ValueError, OverflowError):
        raise ValueError(
            f"'text' holds {found[0]!r} at letter {found.start() + 1}, which stands for"
            " nothing; write `\\\\` for a backslash."
        ) from None


@block(
    id="text.count",
    title="Count words",
    keywords=("word count", "characters", "letters", "lines", "length", "sentences"),
    outputs={
        "words": Annotated[int, about("Words, at spaces.")],
        "characters": Annotated[int, about("Letters, spaces and signs.")],
        "lines": Annotated[int, about("Lines.")],
    },
    examples=[example({"text": "one two\nthree"}, words=3, characters=13, lines=2)],
)
async def count(text: _Text) -> dict[str, Any]:
    """Counts the words, letters and lines of a text."""
    return {
        "words": len(text.split()),
        "characters": len(text),
        "lines": len(text.splitlines()),
    }


@block(
    id="text.case",
    title="Change case",
    keywords=("upper", "lower", "title", "capital", "camel", "snake", "kebab"),
    examples=[
        example({"text": "hello World", "to": "upper"}, result="HELLO WORLD"),
        example({"text": "hello World", "to": "snake"}, result="hello_world"),
        example({"text": "user_first_name", "to": "camel"}, result="userFirstName"),
    ],
)
async def case(
    text: _Text,
    to: Annotated[
        Literal["lower", "upper", "title", "sentence", "snake", "kebab", "camel"],
        about("Which one."),
    ] = "lower",
) -> _Result:
    """Writes a text in small or capital letters, or as a name in code."""
    if to in ("lower", "upper", "title"):
        return {"lower": text.lower, "upper": text.upper, "title": text.title}[to]()
    if to == "sentence":
        return text[:1].upper() + text[1:].lower()
    words = re.findall(r"[^\W_]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", text))
    small = [word.lower() for word in words]
    if to == "camel":
        return "".join([*small[:1], *(word.capitalize() for word in small[1:])])
    return {"snake": "_", "kebab": "-"}[to].join(small)


@block(
    id="text.trim",
    title="Trim text",
    keywords=("strip", "whitespace", "clean", "spaces", "squeeze", "normalize"),
    examples=[
        example({"text": "  a   b \n"}, result="a   b"),
        example({"text": "  a   b \n", "inside": True}, result="a b"),
    ],
)
async def trim(
    text: _Text,
    *,
    inside: Annotated[bool, about("Also make one space of several.")] = False,
) -> _Result:
    """Takes spaces and empty lines away around a text."""
    return " ".join(text.split()) if inside else text.strip()


@block(
    id="text.shorten",
    title="Shorten text",
    keywords=("truncate", "cut", "limit", "ellipsis", "preview", "max length"),
    examples=[
        example({"text": "a long sentence", "length": 9}, result="a long …"),
        example({"text": "short", "length": 9}, result="short"),
    ],
)
async def shorten(
    text: _Text,
    length: Annotated[int, pydantic.Field(ge=1), about("Letters, at most.")] = 200,
    *,
    ending: Annotated[str, about("What stands where it was cut.")] = "…",
    whole_words: Annotated[bool, about("Cut between words.")] = True,
) -> _Result:
    """Cuts a text that is too long."""
    if len(text) <= length:
        return text
    kept = text[: max(length - len(ending), 0)]
    is_cut_in_word = not text[len(kept) : len(kept) + 1].isspace()
    if whole_words and is_cut_in_word and " " in kept:
        kept = kept[: kept.rindex(" ") + 1]
    return (kept + ending)[:length]


@block(
    id="text.wrap",
    title="Wrap lines",
    keywords=("width", "line break", "columns", "fill", "indent", "paragraph"),
    examples=[example({"text": "one two three", "width": 8}, result="one two\nthree")],
)
async def wrap(
    text: _Text,
    width: Annotated[int, pydantic.Field(ge=1, le=10_000), about("Letters a line.")] = 80,
    *,
    indent: Annotated[str, about("What stands before each line.")] = "",
) -> _Result:  # fmt: skip
    """Breaks long lines between words; paragraphs stay apart."""
    parts = [
        textwrap.fill(part, max(width, len(indent) + 1), initial_indent=indent, subsequent_indent=indent)
        for part in text.split("\n\n")
    ]  # fmt: skip
    return "\n\n".join(parts)


@block(
    id="text.slug",
    title="Make slug",
    keywords=("url", "file name", "identifier", "permalink", "ascii", "safe name"),
    examples=[example({"text": "Crème Brûlée, 2 ways!"}, result="creme-brulee-2-ways")],
)
async def slug(
    text: _Text,
    *,
    separator: Annotated[
        Literal["-", "_", "."], about("What stands between words.")
    ] = "-",
) -> Annotated[str, about("Small letters and digits.")]:
    """Makes a short name of a text, for an address or a file."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return separator.join(re.findall(r"[a-z0-9]+", plain.lower()))


@block(
    id="text.compare",
    title="Compare texts",
    keywords=("diff", "difference", "similarity", "changes", "fuzzy", "version"),
    outputs={
        "changes": Annotated[str, about("Lines that go (-) and come (+); nothing if equal.")],
        "likeness": Annotated[float, about("From 0, nothing alike, to 1, the same.")],
        "is_same": Annotated[bool, about("Whether they are equal.")],
    },
    examples=[
        example({"first": "a\nb", "second": "a\nc"}, changes="- b\n+ c", is_same=False),
        example({"first": "a", "second": "a"}, changes="", likeness=1.0, is_same=True),
    ],
)  # fmt: skip
def compare(
    first: Annotated[LongText, about("The old text.")],
    second: Annotated[LongText, about("The new text.")],
) -> dict[str, Any]:
    """Says what is different between two texts, and how alike they are."""
    longest = max(len(first), len(second))
    if longest > _MOST_COMPARED:
        raise ValueError(
            f"A text has {longest} letters; {_MOST_COMPARED} is the most to compare."
        )
    lines = first.splitlines(), second.splitlines()
    shown = [line for line in difflib.ndiff(*lines) if line[:1] in "+-"]
    likeness = _likeness(first, second)
    return {
        "changes": "\n".join(shown),
        "likeness": round(likeness, 4),
        "is_same": first == second,
    }


def _likeness(first: str, second: str) -> float:
    """By letters; of long texts by words, which takes less time."""
    if max(len(first), len(second)) <= 2000:
        return difflib.SequenceMatcher(None, first, second).ratio()
    return difflib.SequenceMatcher(None, first.split(), second.split()).ratio()


@block(
    id="text.lines",
    title="Split lines",
    keywords=("rows", "newline", "split", "list", "read lines", "paragraphs"),
    examples=[
        example({"text": "a\n\nb"}, result=["a", "b"]),
        example({"text": "a\n\nb", "keep_empty": True}, result=["a", "", "b"]),
    ],
)
async def lines(
    text: _Text,
    *,
    keep_empty: Annotated[bool, about("Keep lines without text.")] = False,
) -> Annotated[list[str], about("The lines, in order.")]:
    """Makes a list of the lines of a text."""
    return [line for line in text.splitlines() if keep_empty or line.strip()]
