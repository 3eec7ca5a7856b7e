"""NumPy: numbers come back, objects never do."""

import io
from typing import Any

import numpy as np
import pytest

from agentbench.codecs import CODECS, Codecs
from agentbench.domain.errors import CodecError

CODECS_BOOK = Codecs(CODECS)


@pytest.mark.parametrize(
    "value",
    [
        np.array([{}], dtype=object),
        np.array([(1, {})], dtype=[("a", "i4"), ("b", "O")]),
        np.array(["a", "bb"], dtype=np.dtypes.StringDType()),
        np.array([1], dtype=np.dtype("i4", metadata={"unit": "mm"})),
        np.str_("ends in NUL\0"),
    ],
)
def test_what_would_not_come_back_is_refused(value: Any) -> None:
    with pytest.raises(CodecError):
        CODECS_BOOK.encode(value)


def test_a_masked_array_is_not_taken_for_a_plain_one() -> None:
    assert CODECS_BOOK.encode(np.ma.array([1, 2], mask=[True, False])) is None


def test_a_pickle_in_an_array_is_never_opened() -> None:
    file = io.BytesIO()
    np.save(file, np.array([print], dtype=object), allow_pickle=True)
    with pytest.raises(CodecError, match="allow_pickle=False"):
        CODECS_BOOK.decode("npy.array", file.getvalue())
