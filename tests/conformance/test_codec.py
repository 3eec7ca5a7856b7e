"""The promises of `agentbench.domain.codec`, held over every codec listed."""

import subprocess
import sys
from typing import Any

import pytest

from agentbench.codecs import CODECS, Codecs
from agentbench.domain.codec import Codec
from agentbench.domain.errors import CodecError
from tests.codecs.samples import SAME, SAMPLES, same_plain

BY_NAME = {codec.name: codec for codec in CODECS}

TAKES_ANY_BYTES = {"bytes", "text"}


def polars_samples() -> list[Any]:
    polars = pytest.importorskip("polars")
    return [polars.DataFrame({"a": [1, None], "b": ["x", "y"]}), polars.DataFrame()]


def samples_of(codec: Codec) -> list[Any]:
    return polars_samples() if codec.name == "arrow.polars" else SAMPLES[codec.name]


def same(name: str, one: Any, other: Any) -> bool:
    if name == "arrow.polars":
        return bool(one.equals(other))
    return SAME.get(name, same_plain)(one, other)


@pytest.fixture(params=list(BY_NAME))
def codec(request: pytest.FixtureRequest) -> Codec:
    return BY_NAME[request.param]


@pytest.fixture
def codecs() -> Codecs:
    return Codecs(CODECS)


def test_a_value_comes_back_the_same(codec: Codec, codecs: Codecs) -> None:
    for value in samples_of(codec):
        name, data = codecs.encode(value) or ("", b"")
        assert name == codec.name, repr(value)
        assert same(name, value, codecs.decode(name, data)), repr(value)


def test_the_same_value_gives_the_same_bytes(codec: Codec, codecs: Codecs) -> None:
    for value in samples_of(codec):
        data = codec.encode(value)
        assert codec.encode(value) == data, repr(value)
        assert codec.encode(codec.decode(data)) == data, repr(value)


def test_only_its_own_kind_is_taken(codec: Codec) -> None:
    others = [
        v for name, values in SAMPLES.items() if name != codec.name for v in values
    ]
    assert [value for value in others if codec.can_encode(value)] == []


@pytest.mark.parametrize("name", sorted(BY_NAME.keys() - TAKES_ANY_BYTES))
@pytest.mark.parametrize(
    "data", [b"", b"\xff\0", b"\x93NUMPY", b"\x89PNG\r\n\x1a\n", b"["]
)
def test_bytes_of_another_kind_are_refused(name: str, data: bytes) -> None:
    with pytest.raises(CodecError):
        BY_NAME[name].decode(data)


@pytest.mark.parametrize("name", sorted(BY_NAME.keys() - TAKES_ANY_BYTES))
def test_bytes_that_were_cut_off_are_refused(name: str) -> None:
    data = BY_NAME[name].encode(samples_of(BY_NAME[name])[-1])
    with pytest.raises(CodecError):
        BY_NAME[name].decode(data[: len(data) // 2])


def test_looking_at_values_loads_no_library() -> None:
    program = (
        "import sys, agentbench.codecs as c\n"
        "values = [object(), {}, 'x', 1.5, type('DataFrame', (), {})()]\n"
        "[codec.can_encode(v) for codec in c.CODECS for v in values]\n"
        "heavy = {'numpy', 'pandas', 'pyarrow', 'PIL', 'altair', 'plotly', 'polars'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[]\n"
