"""Blocks that write and take apart: templates, joining, splitting, replacing."""

import re
import sys
from typing import Annotated, Any, Literal

from agentbench.blocks.base import about, block, example
from agentbench.domain.function_block import Constants, FunctionBlock
from agentbench.domain.limits import Limits, refuse_growth
from agentbench.domain.option import Isolation
from agentbench.domain.port import LongText, Port

_LIMITS = Limits(memory=256_000_000, cpu=4)
_HARMLESS = re.compile(
    r"(?:[^{]|\{(?![{%#])|\{\{\s*[A-Za-z_][\w.]*"
    r"(?:\s*\|\s*(?:upper|lower|title|trim|length|int|float|round(?:\(\d?\))?))*\s*\}\})*"
)
"""A template that only names values: it cannot make more than it is given."""
_LONG = 20_000


class Written(FunctionBlock):
    """A block whose template runs in a process, which can be ended, unless it only names values."""

    def isolation_of(self, constants: Constants) -> Isolation:
        """In a process, except where that is not needed or not to be had."""
        text = constants.get("template")
        if sys.platform == "win32":
            return "thread"
        is_known = isinstance(text, str) and len(text) <= _LONG
        return "thread" if is_known and _HARMLESS.fullmatch(str(text)) else "process"


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
    limits=_LIMITS,
    kind=Written,
    examples=[
        example({"template": "Hello {{ name }}!", "name": "Ada"}, result="Hello Ada!"),
    ],
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
    id="text.fill",
    title="Fill in from dictionary",
    keywords=("template", "jinja", "format", "placeholder", "mail merge", "values"),
    limits=_LIMITS,
    kind=Written,
    examples=[
        example(
            {"template": "{{ a }} and {{ b }}", "values": {"a": 1, "b": 2}},
            result="1 and 2",
        ),
        example(
            {"template": "<{{ x }}>", "values": {}, "missing": "empty"}, result="<>"
        ),
    ],
)
def fill(
    template: Annotated[LongText, about("Text with `{{ name }}` where values go.")],
    values: Annotated[dict[str, Any], about("The values by name.")] = {},  # noqa: B006
    *,
    escape_html: Annotated[bool, about("Make values safe to stand in HTML.")] = False,
    missing: Annotated[
        Literal["fail", "empty"], about("What becomes of a name without a value.")
    ] = "fail",
) -> Annotated[str, about("The text with the values in it.")]:
    """Writes a text with the values of a dictionary in it; the language is Jinja."""
    from agentbench.blocks.base.sandbox import render

    is_lenient = missing == "empty"
    return render(template, values, escape_html=escape_html, is_lenient=is_lenient)


@block(
    id="text.combine",
    title="Combine texts",
    keywords=("join", "concatenate", "append", "glue", "lines", "list to text"),
    examples=[example({"texts": ["a", "b"], "delimiter": ", "}, result="a, b")],
)
async def combine(
    texts: Annotated[list[Any], about("What is put together; numbers become text.")],
    delimiter: Annotated[str, about(r"What stands between; `\n` is a new line.")] = "",
) -> Annotated[str, about("One text.")]:
    """Joins the texts of a list into one."""
    parts, between = list(map(str, texts)), _unescaped(delimiter)
    refuse_growth(sum(map(len, parts)) + len(between) * len(parts))
    return between.join(parts)


@block(
    id="text.split",
    title="Split text",
    keywords=("separate", "lines", "words", "csv", "list", "delimiter", "cut"),
    examples=[
        example({"text": "a, b,,c"}, result=["a", "b", "c"]),
        example({"text": "a,,b", "keep_empty": True}, result=["a", "", "b"]),
        example({"text": ""}, result=[]),
    ],
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
    if not text:
        return []
    parts = text.split(_unescaped(delimiter) or None)
    if strip:
        parts = [part.strip() for part in parts]
    return parts if keep_empty else [part for part in parts if part]


@block(
    id="text.replace",
    title="Replace text",
    keywords=("substitute", "swap", "change", "remove", "find and replace"),
    examples=[
        example({"text": "red hat", "old": "red", "new": "blue"}, result="blue hat")
    ],
)
async def replace(
    text: Annotated[LongText, about("Where it is looked for.")],
    old: Annotated[str, about("What is looked for, letter by letter.")],
    new: Annotated[str, about("What stands there instead; nothing removes it.")] = "",
) -> Annotated[str, about("The changed text.")]:
    """Replaces every occurrence of some words."""
    if not old:
        raise ValueError("'old' is empty; say which words are replaced.")
    old, new = _unescaped(old), _unescaped(new)
    refuse_growth(len(text) + text.count(old) * (len(new) - len(old)))
    return text.replace(old, new)


def _unescaped(text: str) -> str:
    r"""A field of one line takes `\n` and `\t` as two letters."""
    return text.replace("\\n", "\n").replace("\\t", "\t")
