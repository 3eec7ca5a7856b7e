"""Schemas of others: nothing that they name is fetched, and no pattern of them takes long."""

import http.server
import json
import threading
from collections.abc import Iterator

import pytest

from agentbench.domain.fault import faults_of
from agentbench.domain.schema import Checker
from agentbench.domain.terms import why_not_fitting

BOMB = "^(a+)+$"
LONG = "a" * 5000 + "!"


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """Where a schema may be fetched from, and who did."""
    came: list[str] = []

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            came.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"type": "string"}')

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/schema", came
    server.shutdown()
    server.server_close()


def test_t44_what_a_schema_refers_to_is_not_fetched(
    listener: tuple[str, list[str]],
) -> None:
    url, came = listener
    for schema in (
        {"properties": {"a": {"$ref": url}}},
        {"properties": {"a": {"$dynamicRef": url}}},
        {"$schema": url, "properties": {"a": {"$ref": url}}},
        {"$id": url, "properties": {"a": {"$ref": "other"}}},
    ):
        assert "cannot be followed" in why_not_fitting({"a": 1}, schema), schema
    assert came == []


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"x": {"pattern": BOMB}}},
        {"patternProperties": {BOMB: {}}, "additionalProperties": False},
        {"patternProperties": {BOMB: {}}, "unevaluatedProperties": False},
        {"additionalProperties": {"pattern": BOMB}},
    ],
)
def test_t47_a_pattern_takes_no_longer_than_its_text(schema: dict[str, object]) -> None:
    """With the usual engine this would take longer than there is time."""
    for draft in ("https://json-schema.org/draft/2020-12/schema",
                  "http://json-schema.org/draft-07/schema#"):  # fmt: skip
        why_not_fitting({"x": LONG, LONG: "x"}, {"$schema": draft, **schema})


@pytest.mark.parametrize("word", ["allOf", "anyOf", "oneOf"])
def test_t47_references_that_double_are_not_followed_for_ever(word: str) -> None:
    """Sixty of them stand for more checks than there is time for."""
    named = {f"a{at}": {word: [{"$ref": f"#/$defs/a{at + 1}"}] * 2} for at in range(60)}
    schema = {"$defs": {**named, "a60": {"type": "string"}}, "$ref": "#/$defs/a0"}
    value = "x" if word == "allOf" else 1
    assert "cannot be followed" in why_not_fitting(value, schema)
    assert "cannot be followed" in str(faults_of(value, schema))
    # What it costs is counted for each value anew, and a list of many is no such thing.
    many = {"$defs": {"a": {"type": "integer"}}, "items": {"$ref": "#/$defs/a"}}
    for _ in range(3):
        assert why_not_fitting(list(range(40_000)), many) == ""


def test_items_are_told_apart_in_one_look() -> None:
    """One beside every other would take minutes."""
    alone = {"uniqueItems": True}
    assert why_not_fitting([{"a": at} for at in range(50_000)], alone) == ""
    for same in ([1, 1.0], [{"a": 1, "b": 2}, {"b": 2, "a": 1.0}], [[1], [1]]):
        assert "non-unique" in why_not_fitting(same, alone)
    for other in ([1, True], [0, False], [1, "1"], [[1], [True]]):
        assert why_not_fitting(other, alone) == ""


def test_patterns_are_held_to() -> None:
    named = {"patternProperties": {"^n_": {"type": "integer"}}}
    closed = {**named, "properties": {"a": {}}, "additionalProperties": False}
    for schema, good, bad in (
        ({"pattern": "^[a-z]+$"}, "abc", "ab1"),
        (named, {"n_a": 1, "b": "x"}, {"n_a": "x"}),
        (closed, {"n_a": 1, "a": 2}, {"n_a": 1, "b": 2}),
        ({**named, "additionalProperties": {"type": "null"}}, {"b": None}, {"b": 1}),
        # What RE2 cannot match is left to whoever wrote it.
        ({"pattern": "(?=x)y", "type": "string"}, "z", 1),
    ):
        assert why_not_fitting(good, schema) == "", schema
        assert why_not_fitting(bad, schema), schema
    faults = [it.message for it in Checker({"pattern": "^b"}).iter_errors("abc")]
    assert json.dumps(faults) == json.dumps(["'abc' does not match '^b'"])
