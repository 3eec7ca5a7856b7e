"""What is wrong with a value, and where: over schemas that people write, and over types."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from agentbench.domain.credential import CredentialName
from agentbench.domain.fault import MOST, faults_of
from agentbench.domain.port import Port
from agentbench.domain.shaped import faults_of_port, shaped

CORPUS = json.loads(
    (Path(__file__).parent.parent / "forms" / "corpus.json").read_text()
)
CASES = {case["name"]: case for case in CORPUS}


@pytest.mark.parametrize("name", CASES)
def test_a_schema_takes_what_fits_and_says_where_the_rest_does_not(name: str) -> None:
    case = CASES[name]
    for value in case["good"]:
        assert faults_of(value, case["schema"]) == [], value
    last = ""
    for value, path in case["bad"]:
        found = faults_of(value, case["schema"])
        last = next((it.text for it in found if it.path == tuple(path)), "")
        assert tuple(path) in [fault.path for fault in found], (value, found)
        assert all(fault.text.strip() and len(fault.text) < 300 for fault in found)
    assert case.get("said", last) == last


@pytest.mark.parametrize("name", CASES)
def test_a_port_of_a_schema_shows_it_and_checks_by_it(name: str) -> None:
    case = CASES[name]
    if case["schema"].get("type") == "tensor":
        return
    for annotation in (shaped(case["schema"]), shaped(case["schema"]) | None):
        port = Port(name="it", annotation=annotation)
        assert json.dumps(case["schema"].get("properties", {}))[1:-1] in json.dumps(
            port.schema()
        )
        for value in case["good"]:
            assert port.check(value, "input") == value
        for value, path in case["bad"]:
            found = [fault.path for fault in faults_of_port(port, value)]
            assert tuple(path) in found, value


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: Annotated[int, Field(le=9)]


class Dog(BaseModel):
    kind: Literal["dog"]
    name: str


class Home(BaseModel):
    pets: list[Annotated[Cat | Dog, Field(discriminator="kind")]]
    street: str = ""


@pytest.mark.parametrize(
    ("annotation", "value", "said"),
    [
        (
            Home,
            {"pets": [{"kind": "cat", "lives": 10}]},
            "pets.0.lives: It should be at most 9.",
        ),
        (Home, {"pets": [{"kind": "dog"}]}, "pets.0.name: This is needed."),
        (Home, {"pets": [], "street": 4}, "street: It should be text."),
        (list[int], ["1", "x"], "1: It should be a whole number."),
        (int, "x", "It should be a whole number."),
        (Annotated[str, Field(max_length=2)], "abc", "It takes at most 2 characters."),
        (Annotated[float, Field(gt=0)] | None, -1, "It should be more than 0."),
    ],
)
def test_a_type_says_where_too(annotation: Any, value: Any, said: str) -> None:
    port = Port(name="it", annotation=annotation)
    assert said in [str(fault) for fault in faults_of_port(port, value)]


def test_what_pydantic_makes_fit_is_not_wrong() -> None:
    assert faults_of_port(Port(name="it", annotation=int), "5") == []


def test_a_secret_in_the_wrong_place_is_not_repeated() -> None:
    port = Port(name="key", annotation=Annotated[str, CredentialName("api_key")])
    [fault] = faults_of_port(port, "sk-CANARY 1234")
    assert "name of a credential" in fault.text
    assert "CANARY" not in fault.text


def test_no_schema_makes_a_check_hang_or_fetch_or_fall_over() -> None:
    slow = {"type": "string", "pattern": "^(a+)+$"}
    assert faults_of("a" * 5000 + "b", slow)
    assert faults_of("x", {"$ref": "https://example.invalid/schema"})[0].path == ()
    assert "schema" in faults_of("x", {"type": 3})[0].text
    round_and_round = {"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}
    assert "cannot be followed" in faults_of("x", round_and_round)[0].text
    many = faults_of(["x"] * 1000, {"items": {"type": "integer"}})
    assert len(many) == MOST
