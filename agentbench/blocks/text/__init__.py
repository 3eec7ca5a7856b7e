"""Blocks for text: templates, joining, splitting, replacing, finding."""

import itertools
from collections.abc import AsyncIterator
from typing import Annotated, Any

from agentbench.blocks.base import about, block, library
from agentbench.domain.context import Context
from agentbench.domain.function_block import Constants
from agentbench.domain.port import Code, LongText, Port

_MAX_MATCHES = 10_000


def _variable_ports(constants: Constants) -> list[Port]:
    text = constants.get("template")
    if not isinstance(text, str) or "{" not in text:
        return []
    from agentbench.blocks.base.sandbox import variables_of

    return [
        Port(name=name, help=f"Fills `{{{{ {name} }}}}` in the template.")
        for name in variables_of(text)
        if name not in ("template", "values")
    ]


@block(
    id="text.template",
    title="Fill in template",
    keywords=("jinja", "format", "prompt", "message", "report", "placeholder", "write"),
    more_inputs=_variable_ports,
)
def template(
    template: Annotated[
        LongText,
        about("Text with `{{ name }}` where values go; each name becomes an input."),
    ],
    *,
    values: Annotated[
        dict[str, Any],
        about("More values by name, for a template that is linked.", advanced=True),
    ] = {},  # noqa: B006 - read, never changed
    **variables: Any,
) -> Annotated[str, about("The text with the values in it.")]:
    """Writes a text with values filled in.

    The language is Jinja: `{% for row in rows %}…{% endfor %}`, `{% if total > 3 %}…
    {% endif %}`, filters such as `{{ price | round(2) }}`. It sees the values only, and
    what it makes is limited, so that a template from elsewhere can do no harm.
    """
    from agentbench.blocks.base.sandbox import render

    return render(template, {**values, **variables})


@block(
    id="text.combine",
    title="Combine texts",
    keywords=("join", "concatenate", "append", "glue", "lines", "list to text"),
)
async def combine(
    texts: Annotated[list[Any], about("What is put together; numbers become text.")],
    delimiter: Annotated[str, about(r"What stands between; `\n` is a new line.")] = "",
) -> Annotated[str, about("One text.")]:
    """Joins the texts of a list into one."""
    return _unescaped(delimiter).join(map(str, texts))


@block(
    id="text.split",
    title="Split text",
    keywords=("separate", "lines", "words", "csv", "list", "delimiter", "cut"),
)
async def split(
    text: Annotated[LongText, about("What is cut up.")],
    delimiter: Annotated[
        str, about(r"Where it is cut; `\n` is a new line, nothing cuts at spaces.")
    ] = ",",
    *,
    strip: Annotated[bool, about("Drop spaces around each part.")] = True,
    keep_empty: Annotated[
        bool, about("Keep parts without text.", advanced=True)
    ] = False,
) -> Annotated[list[str], about("The parts, in order.")]:
    """Cuts a text into a list of texts."""
    parts = text.split(_unescaped(delimiter) or None)
    if strip:
        parts = [part.strip() for part in parts]
    return parts if keep_empty else [part for part in parts if part]


@block(
    id="text.replace",
    title="Replace text",
    keywords=("substitute", "swap", "change", "remove", "find and replace"),
)
async def replace(
    text: Annotated[LongText, about("Where it is looked for.")],
    old: Annotated[str, about("What is looked for, letter by letter.")],
    new: Annotated[str, about("What stands there instead; nothing removes it.")] = "",
) -> Annotated[str, about("The changed text.")]:
    """Replaces every occurrence of some words."""
    if not old:
        raise ValueError("'old' is empty; say which words are replaced.")
    return text.replace(_unescaped(old), _unescaped(new))


@block(
    id="text.regex",
    title="Find with pattern",
    keywords=("regular expression", "match", "extract", "search", "regexp", "capture"),
    outputs={
        "match": Annotated[str, about("Each match, one by one.")],
        "matches": Annotated[list[str], about("All of them.")],
        "none": Annotated[str, about("The text, when nothing matches.")],
    },
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
    re2 = library("re2", "text.regex", package="google-re2")
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = not ignore_case
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0] if error.args else error
        said = reason.decode() if isinstance(reason, bytes) else reason
        raise ValueError(f"'pattern' {pattern!r} is no pattern: {said}.") from error
    wanted = int(group) if str(group).isdigit() else group
    known = [*range(compiled.groups + 1), *compiled.groupindex]
    if wanted not in known:
        raise ValueError(
            f"'group' is {group!r}; {pattern!r} has {', '.join(map(repr, known))}."
        )
    matches = itertools.islice(compiled.finditer(text), _MAX_MATCHES if find_all else 1)
    return [match.group(wanted) or "" for match in matches]


def _unescaped(text: str) -> str:
    r"""A field of one line takes `\n` and `\t` as two letters."""
    return text.replace("\\n", "\n").replace("\\t", "\t")
