"""The JSON codec: exact, or refused with the path."""

import collections
import datetime
import enum
import math
from typing import Any, NamedTuple

import dateutil.tz
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentbench.codecs import CODECS, Codecs
from agentbench.codecs.json import JsonCodec
from agentbench.domain.errors import CodecError
from tests.codecs.samples import same_plain

PLAIN = JsonCodec()
FULL = Codecs(CODECS)

hashables = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.decimals(allow_nan=False)
    | st.dates()
    | st.datetimes(timezones=st.none() | st.timezones())
    | st.times()
    | st.timedeltas()
    | st.uuids()
    | st.complex_numbers(allow_nan=False),
    lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3),
    max_leaves=4,
)
odd_keys = st.sampled_from(["$", "$dict", "$tuple", "$value", "$float", "$x", "x"])
values = st.recursive(
    hashables,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner)
        | st.sets(hashables, max_size=3)
        | st.dictionaries(odd_keys, inner, max_size=2)
        | st.dictionaries(hashables, inner, max_size=3)
    ),
    max_leaves=12,
)


def has_nan_key(value: Any) -> bool:
    """NaN as a key is not equal to itself, so no test can say that it came back."""
    if isinstance(value, dict):
        return any(map(has_nan, value)) or any(map(has_nan_key, value.values()))
    if isinstance(value, set | frozenset):
        return any(map(has_nan, value))
    return isinstance(value, list | tuple) and any(map(has_nan_key, value))


def has_nan(value: Any) -> bool:
    inside = isinstance(value, tuple | frozenset)
    return value != value or (inside and any(map(has_nan, value)))


@settings(max_examples=100, deadline=None)
@given(values)
def test_any_plain_value_comes_back_the_same(value: Any) -> None:
    data = PLAIN.encode(value)
    again = PLAIN.decode(data)
    assert PLAIN.encode(again) == data
    if not has_nan_key(value):
        assert same_plain(value, again)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(odd_keys, st.lists(st.text()), max_size=2))
def test_a_dict_that_looks_like_a_tag_is_a_dict(value: Any) -> None:
    assert same_plain(value, PLAIN.decode(PLAIN.encode(value)))


@pytest.mark.parametrize("first", [{3, 1, 2, 11}, frozenset({"b", "a", "ab"})])
def test_a_set_is_written_in_one_order(first: Any) -> None:
    again = type(first)(sorted(first, reverse=True))
    assert PLAIN.encode(first) == PLAIN.encode(again)


def test_a_dict_keeps_its_order() -> None:
    assert list(PLAIN.decode(PLAIN.encode({"b": 1, "a": 2}))) == ["b", "a"]


def test_plain_json_is_written_as_it_is() -> None:
    value = {"rows": [[1, 2.5, None], [True, "é"]]}
    assert PLAIN.encode(value) == '{"rows":[[1,2.5,null],[true,"é"]]}'.encode()


class Colour(enum.StrEnum):
    RED = "red"


class Point(NamedTuple):
    x: int


class Number(int):
    pass


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"a": [1, object()]}, r"at \['a'\]\[1\] .* no codec takes a builtins.object"),
        ([Colour.RED], r"at \[0\] .*Colour"),
        ({"p": Point(1)}, r"at \['p'\] .*Point"),
        ((Number(1),), r"at \[0\] .*Number"),
        ([collections.OrderedDict()], "OrderedDict"),
        ({"a": {"\ud800": 1}}, r"at \['a'\]\['\\ud800'\] .* lone surrogate"),
        (["ok", "\udfff"], r"at \[1\] .* lone surrogate"),
        ([{1, Number(2)}], r"at \[0\]\{…\} .*Number"),
        ([np.longdouble(1)], r"at \[0\] .*NumPy"),
        ({"t": pd.Timestamp("2024")}, r"at \['t'\] .*Timestamp"),
        ([datetime.datetime(2024, 1, 1, tzinfo=dateutil.tz.tzlocal())], "time zone"),
        ({"f": print}, "builtin_function_or_method"),
    ],
)
def test_what_would_not_come_back_is_refused_with_its_path(
    value: Any, reason: str
) -> None:
    with pytest.raises(CodecError, match=reason):
        FULL.encode(value)


def test_a_value_that_holds_itself_is_refused() -> None:
    value: dict[str, Any] = {"a": [1]}
    value["a"].append({"b": value})
    with pytest.raises(CodecError, match=r"at \['a'\]\[1\]\['b'\] .* holds itself"):
        PLAIN.encode(value)


def test_the_same_list_may_stand_in_two_places() -> None:
    twice = [1]
    assert PLAIN.decode(PLAIN.encode([twice, twice])) == [[1], [1]]


def nested(depth: int, make: Any) -> Any:
    value: Any = None
    for _ in range(depth):
        value = make(value)
    return value


@pytest.mark.parametrize(
    "make", [lambda v: [v], lambda v: {"k": v}, lambda v: (v,), lambda v: {1: v}]
)
def test_two_hundred_deep_is_kept_and_more_is_refused(make: Any) -> None:
    deepest = nested(200, make)
    assert PLAIN.decode(PLAIN.encode(deepest)) == deepest
    for depth in (201, 10_000):
        with pytest.raises(CodecError, match=r"at .*….* nested more than 200 deep"):
            PLAIN.encode(nested(depth, make))


def test_looking_at_a_hostile_value_calls_nothing_of_its() -> None:
    class Hostile:
        def __getattribute__(self, name: str) -> Any:
            raise AssertionError(name)

    with pytest.raises(CodecError, match="Hostile"):
        FULL.encode([Hostile()])
    assert FULL.encode(Hostile()) is None


def test_what_another_codec_takes_is_kept_inside() -> None:
    value = {"frame": pd.DataFrame({"a": [1]}), "raw": [np.arange(3)], "n": 1}
    name, data = FULL.encode(value) or ("", b"")
    again = FULL.decode(name, data)
    pd.testing.assert_frame_equal(again["frame"], value["frame"])
    assert again["raw"][0].tolist() == [0, 1, 2]
    assert again["n"] == 1


def test_what_another_codec_refuses_is_refused_with_its_path() -> None:
    frame = pd.DataFrame({"a": [1j]})
    with pytest.raises(CodecError, match=r"at \['x'\]\[0\] cannot be kept: The frame"):
        FULL.encode({"x": [frame]})


@pytest.mark.parametrize(
    "data",
    [
        b'{"$pickle": "gASV"}',
        b'{"$numpy": ["|O8", "AAAAAAAAAAA="]}',
        b'{"$numpy": ["<f8", "AAAA"]}',
        b'{"$value": ["none", "AA=="]}',
        b'{"$value": ["text", "!"]}',
        b'{"$dict": [[[1], 2]]}',
        b'{"$set": [[1]]}',
        b'{"$datetime": ["2024-01-01", "../../etc/passwd", 0]}',
        b'{"$timedelta": [1e99, 0, 0]}',
        b'{"$int": "zz"}',
        b"[" * 100_000 + b"]" * 100_000,
        b'{"$tuple": [' * 5_000 + b"]}" * 5_000,
        b'"\xff"',
        b"1 2",
    ],
)
def test_json_that_is_not_ours_is_refused(data: bytes) -> None:
    with pytest.raises(CodecError):
        FULL.decode("json", data)


def test_only_nan_is_not_a_number() -> None:
    assert PLAIN.encode([math.nan]) == b'[{"$float":"nan"}]'
    assert math.isnan(PLAIN.decode(b'[{"$float":"nan"}]')[0])
