import enum
from typing import Annotated, Any, Literal, TypedDict

import pandas
import pydantic
import pytest

from agentbench.domain.errors import PortValueError
from agentbench.domain.port import Chart, Code, Port, Table, why_not


class Colour(enum.Enum):
    RED = "red"


class Point(pydantic.BaseModel):
    x: float


class Pair(TypedDict):
    left: int


class Animal: ...


class Dog(Animal): ...


def port(annotation, name="p"):
    return Port(name=name, annotation=annotation)


@pytest.mark.parametrize(
    ("annotation", "said"),
    [
        (str, "text"),
        (int, "whole number"),
        (float | None, "number"),
        (list[str], "list of text"),
        (dict[str, int], "dictionary of whole number"),
        (Any, "anything"),
        (Table, "table"),
        (pandas.DataFrame, "table"),
        (Literal["a", "b"], "one of 'a', 'b'"),
        (Colour, "text"),
        (Point, "Point"),
        (Pair, "dictionary"),
        (Code, "text"),
        (str | list[int], "text or list of whole number"),
    ],
)
def test_types_are_said_in_words(annotation, said):
    assert port(annotation).type_name == said


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (int, float),
        (Any, Table),
        (Table, Any),
        (Table, pandas.DataFrame),
        (pandas.DataFrame, Table),
        (str | None, str),
        (str, str | list[str]),
        (list, list[int]),
        (Dog, Animal),
        (Annotated[str, "x"], Code),
    ],
)
def test_ports_that_fit_may_be_linked(given, wanted):
    assert why_not(port(given), port(wanted)) is None


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (str, int),
        (float, int),
        (list[str], list[int]),
        (Table, str),
        (Table, Chart),
        (Animal, Dog),
        (str, list[str]),
    ],
)
def test_ports_that_do_not_fit_say_why(given, wanted):
    reason = why_not(port(given, "out"), port(wanted, "in"))
    assert reason
    assert reason.startswith("'out' gives")
    assert "'in' takes" in reason


def test_a_value_becomes_what_its_port_wants():
    assert port(float).check("1.5", "input") == 1.5
    assert port(Point).check({"x": 1}, "input") == Point(x=1)


def test_a_value_of_a_wrong_type_is_refused_with_what_it_was():
    with pytest.raises(PortValueError, match="takes whole number, but got text 'abc'"):
        port(int).check("abc", "input")
    with pytest.raises(PortValueError, match="takes table, but got text 'abc'"):
        port(Table).check("abc", "input")
    with pytest.raises(PortValueError, match=r"\(1: Input should be a valid integer"):
        port(list[int]).check([1, "x"], "input")
