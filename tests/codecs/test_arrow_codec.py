"""Tables: what Arrow would change is refused."""

import datetime
import math
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from agentbench.codecs import CODECS, Codecs
from agentbench.domain.errors import CodecError

CODECS_BOOK = Codecs(CODECS)


class Weather(pd.DataFrame):
    """A class of somebody else's, as GeoPandas has one."""


def in_cells(*cells: Any) -> pd.DataFrame:
    return pd.DataFrame({"a": pd.Series(cells, dtype=object)})


@pytest.mark.parametrize(
    "frame",
    [
        in_cells(1, "x"),
        in_cells(1, 1.5),
        in_cells(True, 1),
        in_cells({"x": 1}, {"y": 2}),
        in_cells(np.arange(2), np.arange(3)),
        in_cells((1, 2), (3, 4)),
        in_cells(object(), object()),
        in_cells(None, math.nan),
        in_cells("\ud800"),
        pd.DataFrame({"a": [1j]}),
        pd.DataFrame({"a": [1]}, index=pd.Index([object()])),
        pd.DataFrame([[1, 2]], columns=["a", 1]),
        pd.DataFrame({"a": pd.arrays.SparseArray([0, 0, 1])}),
        pd.DataFrame({"a": [1]}, index=pd.Index([1], name=datetime.date(2024, 1, 1))),
    ],
)
def test_a_frame_that_would_come_back_changed_is_refused(frame: pd.DataFrame) -> None:
    with pytest.raises(CodecError):
        CODECS_BOOK.encode(frame)


def test_a_class_derived_from_a_frame_is_not_taken() -> None:
    assert CODECS_BOOK.encode(Weather({"a": [1]})) is None


def test_a_frame_keeps_its_attrs() -> None:
    frame = pd.DataFrame({"a": [1]})
    frame.attrs["unit"] = "mm"
    name, data = CODECS_BOOK.encode(frame) or ("", b"")
    assert CODECS_BOOK.decode(name, data).attrs == {"unit": "mm"}


def test_a_frame_can_be_read_by_whoever_knows_arrow() -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    _, data = CODECS_BOOK.encode(frame) or ("", b"")
    table = pa.ipc.open_stream(data).read_all()
    assert table.to_pydict() == {"a": [1, 2], "b": ["x", "y"]}


def test_what_is_decoded_may_be_changed() -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    name, data = CODECS_BOOK.encode(frame) or ("", b"")
    again = CODECS_BOOK.decode(name, data)
    again.loc[0, "a"] = 7
    again["c"] = again["a"] * 2
    assert again["c"].tolist() == [14, 4]


def test_a_table_in_pieces_gives_the_bytes_of_a_whole_one() -> None:
    whole = pa.table({"a": [1, 2, 3]})
    pieces = pa.concat_tables([whole.slice(0, 1), whole.slice(1)])
    assert CODECS_BOOK.encode(whole) == CODECS_BOOK.encode(pieces)


def test_a_long_frame_comes_back() -> None:
    rows = 200_000
    frame = pd.DataFrame(
        {"n": range(rows), "s": [f"row {n % 99}" for n in range(rows)]}
    )
    name, data = CODECS_BOOK.encode(frame) or ("", b"")
    pd.testing.assert_frame_equal(CODECS_BOOK.decode(name, data), frame)
