"""Templates, joining, splitting, replacing, finding."""

import time
from typing import Any

import pandas as pd
import pytest

from agentbench.blocks.text.finding import regex
from agentbench.blocks.text.writing import combine, replace, split, template


def _inputs(text: Any) -> list[str]:
    return [port.name for port in template.inputs({"template": text})][2:]


async def test_a_template_is_filled_in(fire: Any) -> None:
    text = "{% for r in rows %}{{ r.city | upper }}: {{ '%.1f' % r.t }}\n{% endfor %}"
    rows = [{"city": "Oslo", "t": 1.25}, {"city": "Rome", "t": 20}]
    given = await fire(template, template=text, rows=rows)
    assert given == {"result": ["OSLO: 1.2\nROME: 20.0\n"]}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{{ b }} and {{ a.x }} and {{ b }}", ["b", "a"]),
        ("{% for r in rows %}{{ r }}{{ loop.index }}{% endfor %}", ["rows"]),
        ("{% set x = y %}{{ x }}{{ range(3) }}", ["y"]),
        ("{{ broken", []),
        ("no names", []),
        (None, []),
    ],
)
def test_the_names_of_a_template_become_inputs(text: Any, names: list[str]) -> None:
    assert _inputs(text) == names


async def test_a_linked_template_takes_its_values_from_a_dictionary(fire: Any) -> None:
    with pytest.raises(AssertionError, match="needs 'who'"):  # typed: it has a port
        await fire(template, template="{{ who }}", values={"who": "x"})
    text = template("Dear {{ who }}", values={"who": "Ada"})
    assert text == "Dear Ada"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\n{{ name", "mistake in line 2"),
        ("\n\n{{ lost }}", "failed in line 3: 'lost' is undefined"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{% include 'x' %}", "failed"),
        ("{{ 'a' + 1 }}", "failed"),
    ],
)
def test_what_is_wrong_with_a_template_is_said_with_its_line(
    text: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        template(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ ''|attr('__class__') }}",
        "{{ '{0.__class__}'.format(x) }}",
        "{{ '{a.__class__}'.format_map({'a': x}) }}",
        "{{ x.to_csv('stolen.csv') }}",
        "{{ (x|attr('to_csv'))('stolen.csv') }}",
        "{{ x.eval('1') }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ lipsum() }}",
        "{{ self.__init__ }}",
        "{{ rows.append(1) }}",
        "{{ namespace.mro() }}",
        "{{ f() }}",
    ],
)
def test_a_template_reaches_plain_values_only(text: str) -> None:
    values = {"x": pd.DataFrame({"a": [1]}), "rows": [], "f": lambda: "called"}
    with pytest.raises(ValueError, match="'template' failed"):
        template(text, values=values)


DOUBLING = """{% set n = namespace(s='aaaa') %}
{% for i in range(99) %}{% set n.s = n.s OP n.s %}{% endfor %}"""
BOMBS = [
    "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
    "{% for a in range(99999) %}{% endfor %}",
    "{{ 9 ** 99999999 }}",
    "{{ 'a' * 300000000 }}",
    "{{ [0] * 300000000 }}",
    "{{ 'a'|center(300000000) }}",
    "{{ ['a']|map('center', 300000000)|list }}",
    "{{ 'a'.ljust(300000000) }}",
    "{{ '%300000000d' % 1 }}",
    "{{ '%*d' % (300000000, 1) }}",
    "{{ '{:>300000000}'.format(1) }}",
    "{{ '{:>{w}}'.format(1, w=300000000) }}",
    "{{ '%300000000d'|format(1) }}",
    "{{ 'x'|batch(300000000, 'y')|list }}",
    "{{ 'x'|slice(300000000)|list }}",
    "{{ 1.5|round(300000000, 'ceil') }}",
    "{{ {'a': 1}|tojson(300000000) }}",
    "{{ 'a\nb'|indent(300000000) }}",
    "{% set s = 'a' * 9999 %}{{ s|replace('a', s)|replace('a', s) }}",
    "{% set s = 'a' * 9999 %}{{ s.replace('a', s) }}",
    "{% set s = 'a' * 9999 %}{{ ([s] * 9999)|join(s) }}",
    "{% set s = 'a' * 9999 %}{{ s.join([s] * 9999) }}",
    DOUBLING.replace("OP", "~"),
    DOUBLING.replace("OP", "+"),
    "{% macro m(n) %}{{ m(n) }}{{ m(n) }}{% endmacro %}{{ m(1) }}",
    "{% for x in [1] recursive %}{{ loop([1, 1]) }}{{ loop([1, 1]) }}{% endfor %}",
    "{% set s %}{% for i in range(9999) %}" + "x" * 999 + "{% endfor %}{% endset %}",
    "{% for i in range(9999) %}" + "x" * 500 + "{% endfor %}",
]


@pytest.mark.parametrize("text", BOMBS)
def test_a_template_cannot_grow_without_end(text: str) -> None:
    start = time.process_time()
    with pytest.raises(ValueError, match="'template' failed"):
        template(text)
    assert time.process_time() - start < 2


def test_large_values_may_be_used_as_they_are() -> None:
    rows = [{"n": n} for n in range(20_000)]
    text = "{{ rows|length }} {% for r in rows %}{{ r.n }},{% endfor %}"
    assert template(text, rows=rows).startswith("20000 0,1,2,")


async def test_texts_are_combined(fire: Any) -> None:
    given = await fire(combine, texts=["a", 1, None], delimiter="\\n")
    assert given == {"result": ["a\n1\nNone"]}


@pytest.mark.parametrize(
    ("text", "options", "parts"),
    [
        ("a, b ,,c", {}, ["a", "b", "c"]),
        ("a, b", {"strip": False}, ["a", " b"]),
        ("a,,b", {"keep_empty": True}, ["a", "", "b"]),
        ("a\nb", {"delimiter": "\\n"}, ["a", "b"]),
        ("two  words\n", {"delimiter": ""}, ["two", "words"]),
        ("", {}, []),
    ],
)
async def test_a_text_is_split(
    fire: Any, text: str, options: dict[str, Any], parts: list[str]
) -> None:
    assert await fire(split, text=text, **options) == {"result": [parts]}


async def test_words_are_replaced(fire: Any) -> None:
    given = await fire(replace, text="a.b.c", old=".", new="-")
    assert given == {"result": ["a-b-c"]}
    with pytest.raises(ValueError, match="'old' is empty"):
        await fire(replace, text="a", old="")


async def test_a_pattern_gives_each_match_and_all(fire: Any) -> None:
    text = "Ærø 12 km, Ñuñoa 7 km"
    given = await fire(regex, text=text, pattern=r"(?P<n>\d+) KM", ignore_case=True)
    assert given == {"match": ["12 KM".lower(), "7 km"], "matches": [["12 km", "7 km"]]}
    for group in ("n", 1, "1"):
        given = await fire(
            regex, text=text, pattern=r"(?P<n>\d+) km", group=group, find_all=False
        )
        assert given == {"match": ["12"], "matches": [["12"]]}


async def test_without_a_match_the_text_goes_on(fire: Any) -> None:
    given = await fire(regex, text="abc", pattern=r"\d")
    assert given == {"matches": [[]], "none": ["abc"]}


@pytest.mark.parametrize("pattern", ["(", "(?=a)", r"(a)\1", "a{2000}"])
async def test_what_is_no_pattern_says_so(fire: Any, pattern: str) -> None:
    with pytest.raises(ValueError, match=r"'pattern' .* is no pattern: ") as failure:
        await fire(regex, text="a", pattern=pattern)
    assert "b'" not in str(failure.value)


async def test_a_group_that_is_not_there_is_named(fire: Any) -> None:
    with pytest.raises(ValueError, match=r"'group' is 'x'; .* has 0, 1"):
        await fire(regex, text="a", pattern="(a)", group="x")


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|aa)+$", "(.*a){20}$", "([a-zA-Z]+)*$", "(a|a?)+$"]
)
async def test_no_pattern_takes_long(fire: Any, pattern: str) -> None:
    start = time.process_time()
    await fire(regex, text="a" * 50_000 + "!", pattern=pattern)
    assert time.process_time() - start < 1
