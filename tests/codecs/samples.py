"""Values to keep, by the codec that takes them, and how to see that they came back."""

import datetime
import decimal
import io
import json
import math
import uuid
import zoneinfo
from collections.abc import Callable
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pyarrow as pa
from PIL import Image

JSON: list[Any] = [
    None,
    True,
    0,
    -(2**63),
    2**63,
    -(10**5000),
    0.1,
    -0.0,
    math.nan,
    -math.inf,
    1 + 2j,
    {},
    {"a": [1, {"b": None}], "": "é\0\u2028"},
    {1: "one", None: 2, (1, "x"): 3, "1": 4, 1.5: 5, b"k": 6},
    (),
    (1, [2], (3,)),
    {"x", 1, None},
    frozenset({(1, 2), b"\xff"}),
    datetime.date(2024, 2, 29),
    datetime.datetime(2024, 1, 1, 12, 30, 0, 1),  # noqa: DTZ001 - one without a zone
    datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC),
    datetime.datetime(
        2024, 10, 27, 2, fold=1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")
    ),
    datetime.time(23, 59, 59, 999_999),
    datetime.timedelta(days=-1, microseconds=1),
    decimal.Decimal("1.10"),
    uuid.UUID(int=7),
    {"$tuple": [1]},
    {"$dict": {"$value": ["bytes", "AA=="]}},
    [{"$bytes": "AA=="}, {"$": 1}, {"$a": 1, "$b": 2}],
    {
        "mean": np.float64(1.5),
        "n": np.int32(3),
        "ok": np.bool_(True),
        "t": np.str_("é"),
    },
]

FRAMES: list[Any] = [
    pd.DataFrame(),
    pd.DataFrame(index=["a", "b"]),
    pd.DataFrame({"a": [1, 2], "b": [0.5, math.nan], "c": ["x", None]}),
    pd.DataFrame({"a": pd.Series([], dtype="int64"), "o": pd.Series([], dtype=object)}),
    pd.DataFrame([[1, 2], [3, 4]]),
    pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"], index=[7, 5]),
    pd.DataFrame({"a": [1, 2]}, index=pd.RangeIndex(3, 7, 2, name="n")),
    pd.DataFrame({"a": range(3)}, index=pd.date_range("2024", periods=3, tz="UTC")),
    pd.DataFrame({"a": range(3)}, index=pd.period_range("2024", periods=3, freq="M")),
    pd.DataFrame(
        np.arange(8).reshape(4, 2),
        columns=pd.MultiIndex.from_tuples([("x", 1), ("x", 2)], names=["l", "n"]),
        index=pd.MultiIndex.from_product([["p", "q"], [1.5, 2.5]], names=[None, "k"]),
    ),
    pd.DataFrame({"a": pd.Categorical(["x", "y"], ["y", "x", "z"], ordered=True)}),
    pd.DataFrame({"a": pd.Categorical([1, None])}),
    pd.DataFrame(
        {
            "i": pd.array([1, None], dtype="Int64"),
            "b": pd.array([True, None], dtype="boolean"),
            "s": pd.array(["x", None], dtype="string"),
            "d": pd.to_timedelta(["1h", None]),
            "u": np.array([1, 2], dtype="uint8"),
            "t": np.array(["2024-01-01", "NaT"], dtype="datetime64[s]"),
            "v": pd.interval_range(0, 2),
        }
    ),
    pd.DataFrame({"o": pd.Series(["x", math.nan], dtype=object)}),
    pd.DataFrame({"o": pd.Series(["x", None], dtype=object)}),
    pd.DataFrame({"o": pd.Series([1, pd.NA], dtype=object)}),
    pd.DataFrame({"o": [datetime.date(2024, 1, 1), None], "tags": [["a"], ["b", "c"]]}),
    pd.DataFrame({"a": range(10)}).iloc[1::3],
]

SERIES: list[Any] = [
    pd.Series([1, 2]),
    pd.Series(["x", "y"], name="n", index=pd.Index(["a", "b"], name="k")),
    pd.Series([1.5], name=("a", 1)),
    pd.Series([True], name=0),
]

TABLES: list[Any] = [
    pa.table({"a": [1, None], "b": [["x"], []]}),
    pa.table({"a": pa.array([], pa.decimal128(10, 2))}).replace_schema_metadata(
        {"k": "v"}
    ),
    pa.concat_tables([pa.table({"a": ["x"]}), pa.table({"a": ["y", "z"]})]),
]

ARRAYS: list[Any] = [
    np.arange(6).reshape(2, 3),
    np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    np.array(5, dtype=">i2"),
    np.zeros((0, 3), dtype=bool),
    np.array(["é", "bc"]),
    np.array(["2024", "NaT"], dtype="datetime64[D]"),
    np.array([(1, "x")], dtype=[("a", "i4"), ("b", "U3")]),
    np.arange(10)[::3],
]

SCALARS: list[Any] = [
    np.float64(1.5),
    np.int8(3),
    np.bool_(False),
    np.datetime64("2024-01-01T00"),
    np.str_("é"),
    np.complex64(1j),
]


def _image(mode: str) -> Image.Image:
    pixels = bytes(range(256)) * 4
    return Image.frombytes("RGBA", (16, 16), pixels).convert(mode)


def _jpeg() -> Image.Image:
    file = io.BytesIO()
    _image("RGB").save(file, "JPEG")
    return Image.open(file)


IMAGES: list[Any] = [_image(mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA")]
IMAGES += [Image.new("I;16", (3, 2), 60_000), _jpeg()]


def _chart(rows: int) -> Any:
    frame = pd.DataFrame({"x": range(rows), "y": range(rows)})
    return alt.Chart(frame, title="Rain").mark_line().encode(x="x:Q", y="y:Q")


CHARTS: list[Any] = [
    _chart(3),
    _chart(6_000),
    _chart(2) + _chart(3),
    _chart(2) | (_chart(3) & _chart(4)),
]

FIGURES: list[Any] = [
    go.Figure(
        go.Scatter(x=[1, 2], y=np.array([0.5, math.nan])), layout={"title": "Rain"}
    )
]

SAMPLES: dict[str, list[Any]] = {
    "arrow.frame": FRAMES,
    "arrow.series": SERIES,
    "arrow.table": TABLES,
    "bytes": [b"", b"\0\xff" * 99],
    "chart.altair": CHARTS,
    "chart.plotly": FIGURES,
    "image.png": IMAGES,
    "json": JSON,
    "npy.array": ARRAYS,
    "npy.scalar": SCALARS,
    "text": ["", "Grüße \N{SNOWMAN}\0\r\n"],
}


def same_plain(one: Any, other: Any) -> bool:
    """Whether two plain values are equal in every type inside too; NaN equals itself."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        pairs = zip(one.items(), other.items(), strict=True)
        return len(one) == len(other) and all(same_plain(*pair) for pair in pairs)
    if isinstance(one, list | tuple):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(same_plain(*pair) for pair in pairs)
    if isinstance(one, float):
        return one.hex() == other.hex()
    if isinstance(one, datetime.datetime | datetime.time):
        return repr(one) == repr(other)
    return bool(one == other)


def _same_frame(one: Any, other: Any) -> bool:
    pd.testing.assert_frame_equal(one, other)
    return True


def _same_series(one: Any, other: Any) -> bool:
    pd.testing.assert_series_equal(one, other)
    return True


def _same_array(one: Any, other: Any) -> bool:
    same = one.dtype == other.dtype and one.shape == other.shape
    return bool(same and one.tobytes() == other.tobytes())


def _same_image(one: Any, other: Any) -> bool:
    same = (one.mode, one.size) == (other.mode, other.size)
    palettes = one.getpalette() == other.getpalette() if one.mode == "P" else True
    return bool(same and palettes and one.tobytes() == other.tobytes())


def _spec(chart: Any) -> Any:
    return chart.to_dict(validate=False)


def _same_chart(one: Any, other: Any) -> bool:
    with alt.data_transformers.enable("default", max_rows=None):
        return type(one) is type(other) and _spec(one) == _spec(other)


def _same_figure(one: Any, other: Any) -> bool:
    specs = [json.loads(figure.to_json()) for figure in (one, other)]
    return type(one) is type(other) and specs[0] == specs[1]


SAME: dict[str, Callable[[Any, Any], bool]] = {
    "arrow.frame": _same_frame,
    "arrow.series": _same_series,
    "arrow.table": lambda one, other: one.equals(other, check_metadata=True),
    "chart.altair": _same_chart,
    "chart.plotly": _same_figure,
    "image.png": _same_image,
    "npy.array": _same_array,
    "npy.scalar": lambda one, other: type(one) is type(other) and one == other,
}
"""How to compare; what is not here is plain."""
