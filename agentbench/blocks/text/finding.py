"""Blocks that find in text: patterns, and code in an answer."""

import json
import re
from collections.abc import AsyncIterator
from typing import Annotated, Any

from agentbench.blocks.base import about, block, example
from agentbench.blocks.text.patterns import MOST_MATCHES, compiled, group_of
from agentbench.domain.context import Context
from agentbench.domain.example import Example
from agentbench.domain.port import Code, LongText

MOST_TEXT = 1_000_000
"""Letters that `text.extract` looks at; the rest is cut off, which the run says."""
_MOST_LETTERS = 10_000
_MOST_GROUPS = 1000


@block(
    id="text.regex",
    title="Find with pattern",
    keywords=("regular expression", "match", "extract", "search", "regexp", "capture"),
    outputs={
        "match": Annotated[str, about("Each match, one by one.")],
        "matches": Annotated[list[str], about("All of them.")],
        "none": Annotated[str, about("The text, when nothing matches.")],
    },
    examples=[
        Example(
            inputs={"text": "a1 b2", "pattern": r"\d"},
            outputs={"match": ["1", "2"], "matches": [["1", "2"]]},
        ),
    ],
)
async def regex(
    text: Annotated[LongText, about("Where it is looked for.")],
    pattern: Annotated[Code, about(r"A regular expression, such as `\d+`.")],
    *,
    group: Annotated[
        int | str, about("The bracket or its name; 0 is the whole match.")
    ] = 0,
    ignore_case: Annotated[bool, about("Small and capital letters are alike.")] = False,
    find_all: Annotated[bool, about("All matches, or the first only.")] = True,
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:
    """Finds parts of a text that follow a pattern.

    The language is RE2: it takes time in proportion to the text whatever the pattern,
    and so has no look-ahead and no back-references. `.` matches a new line after
    `(?s)`, `^` and `$` match at every line after `(?m)`.
    """
    found = await context.in_thread(_found, text, pattern, group, ignore_case, find_all)
    for one in found:
        yield "match", one
    yield "matches", found
    if not found:
        yield "none", text


def _found(
    text: str,
    pattern: str,
    group: int | str,
    ignore_case: bool,  # noqa: FBT001 - called by position, in a thread
    find_all: bool,  # noqa: FBT001
) -> list[str]:
    made = compiled(pattern, case_sensitive=not ignore_case)
    wanted = group_of(made, group, pattern)
    most = MOST_MATCHES if find_all else 1
    return [match.group(wanted) or "" for match in made.matches(text, most)]


_Pattern = Annotated[Code, about(r"A regular expression, such as `\d+`.")]
_Case = Annotated[bool, about("Small and capital letters differ.")]
_Dots = Annotated[bool, about("`.` also stands for a new line.", advanced=True)]


@block(
    id="text.match",
    title="Match pattern",
    keywords=("regex", "contains", "test", "if", "filter", "like", "branch"),
    outputs={
        "yes": Annotated[Any, about("The data, or the text, when it matches.")],
        "no": Annotated[Any, about("The same, when it does not.")],
    },
    examples=[
        example({"text": "call 911", "pattern": r"\d+"}, yes="call 911"),
        example({"text": "call", "pattern": r"\d+", "data": 7}, no=7),
    ],
)
def match(
    text: Annotated[Any, about("Where it is looked for; no text becomes JSON.")],
    pattern: _Pattern,
    data: Annotated[Any, about("What goes on, if not the text.")] = None,
    *,
    case_sensitive: _Case = True,
    dot_all: _Dots = True,
) -> dict[str, Any]:
    """Sends a value one way when a text matches a pattern, and another when not."""
    searched = text if isinstance(text, str) else json.dumps(text, default=str)
    made = compiled(pattern, case_sensitive=case_sensitive, dot_all=dot_all)
    is_there = any(made.matches(searched, 1))
    return {"yes" if is_there else "no": text if data is None else data}


@block(
    id="text.extract",
    title="Extract with pattern",
    keywords=("regex", "find", "capture", "group", "parse", "scrape", "information"),
    outputs={
        "match": Annotated[str, about("Each match, one by one.")],
        "none": Annotated[str, about("The text, when nothing matches.")],
        "matches": Annotated[list[str], about("All of them.")],
        "count": Annotated[int, about("How many there are.")],
    },
    examples=[
        Example(
            inputs={
                "text": "a1 b2",
                "pattern": r"([a-z])(\d)",
                "group": 2,
                "find_all": True,
            },
            outputs={"match": ["1", "2"], "matches": [["1", "2"]], "count": [2]},
        ),
        example({"text": "none", "pattern": "x"}, none="none", matches=[], count=0),
    ],
)
async def extract(
    text: Annotated[Any, about("Where it is looked for; no text becomes JSON.")],
    pattern: _Pattern,
    group: Annotated[int, about("The bracket; 0 is the whole match.")] = 0,
    *,
    case_sensitive: _Case = True,
    dot_all: _Dots = True,
    find_all: Annotated[bool, about("All matches, or the first only.")] = False,
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:
    """Takes parts out of a text by a pattern; a bracket that there is not gives nothing."""
    searched = text if isinstance(text, str) else json.dumps(text, default=str)
    if len(searched) > MOST_TEXT:
        context.log(f"'text' was cut off after {MOST_TEXT} letters.")

    def found() -> list[str]:
        made = compiled(pattern, case_sensitive=case_sensitive, dot_all=dot_all)
        if not 0 <= group <= made.groups:
            return []
        most = _MOST_GROUPS if find_all else 1
        matches = made.matches(searched[:MOST_TEXT], most)
        return [(one.group(group) or "")[:_MOST_LETTERS] for one in matches]

    matches = await context.in_thread(found)
    for one in matches:
        yield "match", one
    if not matches:
        yield "none", searched
    yield "matches", matches
    yield "count", len(matches)


_LANGUAGES = {
    "html": ("html", "htm"),
    "css": ("css",),
    "javascript": ("javascript", "js"),
    "python": ("python", "py"),
    "sql": ("sql",),
    "java": ("java",),
    "cpp": ("cpp", "c++"),
    "csharp": ("csharp", "c#", "cs"),
    "json_code": ("json",),
    "bash": ("bash", "shell", "sh"),
    "php": ("php",),
    "ruby": ("ruby", "rb"),
    "yaml": ("yaml", "yml"),
    "markdown": ("markdown", "md"),
    "typescript": ("typescript", "ts"),
    "xml": ("xml",),
}
_OUTPUT_OF = {word: name for name, words in _LANGUAGES.items() for word in words}
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})([^`\n]*)$")


@block(
    id="text.extract_code",
    title="Extract code",
    keywords=("code block", "fence", "markdown", "snippet", "source", "backticks"),
    outputs={
        **{
            name: Annotated[
                str, about(f"The code that is marked as {name.removesuffix('_code')}.")
            ]
            for name in _LANGUAGES
        },
        "other": Annotated[str, about("Code in any other language.")],
        "remaining_text": Annotated[str, about("The text without the code.")],
    },
    examples=[
        example(
            {"text": "Try:\n```python\nprint(1)\n```\nThat is it."},
            python="print(1)",
            remaining_text="Try:\n\nThat is it.",
        )
    ],
)
def extract_code(
    text: Annotated[LongText, about("Markdown, such as the answer of a model.")],
) -> dict[str, Any]:
    """Takes fenced code out of a text, by its language; blocks of one are joined."""
    code: dict[str, list[str]] = {}
    rest: list[str] = []
    lines = iter(text.split("\n"))
    for line in lines:
        fence = _FENCE.match(line)
        if fence is None:
            rest.append(line)
            continue
        inside, is_closed = _fenced(lines, fence[1])
        if not is_closed:  # it has no end: no code
            rest += [line, *inside]
            continue
        words = fence[2].strip().lower().split()
        name = _OUTPUT_OF.get(words[0] if words else "", "other")
        code.setdefault(name, []).append("\n".join(inside).strip("\n"))
        rest.append("")
    given = {
        name: "\n\n".join(code[name]) for name in [*_LANGUAGES, "other"] if name in code
    }
    return {**given, "remaining_text": "\n".join(rest).strip()}


def _fenced(lines: Any, mark: str) -> tuple[list[str], bool]:
    inside: list[str] = []
    for line in lines:
        if line.strip().startswith(mark) and not line.strip().strip(mark[0]):
            return inside, True
        inside.append(line)
    return inside, False
