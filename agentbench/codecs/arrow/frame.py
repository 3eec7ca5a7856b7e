"""FrameCodec and SeriesCodec: pandas, with labels, types and missing values intact."""

from typing import Any

from agentbench.codecs.base import is_exactly, refusing
from agentbench.domain.errors import CodecError

_FAITHFUL = frozenset(
    {"BooleanDtype", "CategoricalDtype", "DatetimeTZDtype", "StringDtype"}
    | {f"{sign}Int{bits}Dtype" for sign in ("", "U") for bits in (8, 16, 32, 64)}
    | {"Float32Dtype", "Float64Dtype"}
)
"""The pandas types that Arrow keeps exactly, besides plain numbers and times."""


class FrameCodec:
    """Keeps a pandas frame.

    What would come back as something else (arrays in cells turn into lists) is refused.
    """

    name = "arrow.frame"

    def can_encode(self, value: Any) -> bool:
        return is_exactly(value, "pandas", "DataFrame")

    def encode(self, value: Any) -> bytes:
        with refusing("The frame"):
            # Without rows first: it is quick, and tells labels and types.
            _check_same(value.iloc[:0], _read(_write(value.iloc[:0])))
            data = _write(value)
            if not all(_is_faithful(dtype) for dtype in _dtypes(value)):
                _check_same(value, _read(data))
            return data

    def decode(self, data: bytes) -> Any:
        with refusing("The stored frame"):
            return _read(data)


class SeriesCodec:
    """Keeps a pandas series, as a frame of one column."""

    name = "arrow.series"

    def can_encode(self, value: Any) -> bool:
        return is_exactly(value, "pandas", "Series")

    def encode(self, value: Any) -> bytes:
        # As the name of the columns it may be what no column can be called: nothing.
        frame = value.to_frame(0).rename_axis(columns=[value.name])
        return FrameCodec().encode(frame)

    def decode(self, data: bytes) -> Any:
        frame = FrameCodec().decode(data)
        return frame.iloc[:, 0].rename(frame.columns.name)


def _write(frame: Any) -> bytes:
    from agentbench.codecs.arrow.axis import pack_axis
    from agentbench.codecs.arrow.cells import pack
    from agentbench.codecs.arrow.stream import renamed, with_notes, write_streams

    index, row_labels = pack_axis(frame.index)
    columns, column_labels = pack_axis(frame.columns)
    cells = with_notes(pack(frame), index=index, columns=columns)
    names = [str(label) for label in frame.columns]
    if len(set(names)) == len(names):  # for whoever reads it with Arrow alone
        cells = renamed(cells, names)
    batches = (cells, row_labels, column_labels)
    return write_streams(batch for batch in batches if batch is not None)


def _read(data: bytes) -> Any:
    import pandas as pd

    from agentbench.codecs.arrow.axis import unpack_axis
    from agentbench.codecs.arrow.cells import unpack
    from agentbench.codecs.arrow.stream import notes_of, read_streams, renamed

    cells, *labels = read_streams(data)
    notes = notes_of(cells)
    index, columns = (
        unpack_axis(axis, None if "range" in axis else labels.pop(0))
        for axis in (notes["index"], notes["columns"])
    )
    frame = unpack(renamed(cells, [str(i) for i in range(cells.num_columns)]))
    if frame.shape[1] == 0:
        return pd.DataFrame(index=index, columns=columns)
    return frame.set_axis(index, axis=0).set_axis(columns, axis=1)


def _dtypes(frame: Any) -> list[Any]:
    """The type of every column, and of every level of the labels."""
    found = list(frame.dtypes)
    for axis in (frame.index, frame.columns):
        found += list(axis.dtypes) if axis.nlevels > 1 else [axis.dtype]
    return found


def _is_faithful(dtype: Any) -> bool:
    is_plain = type(dtype).__module__.startswith("numpy") and dtype.kind in "biufmM"
    return is_plain or type(dtype).__name__ in _FAITHFUL


def _check_same(frame: Any, again: Any) -> None:
    """Refuses a frame that came back as another one."""
    for what, mine, other in (
        ("rows", frame.index, again.index),
        ("columns", frame.columns, again.columns),
    ):
        is_same = type(mine) is type(other) and list(mine.names) == list(other.names)
        if not is_same or not mine.equals(other) or not _alike(mine, other):
            raise CodecError(f"The labels of the {what} would come back changed.")
    if _dtypes(frame) != _dtypes(again):
        raise CodecError("The types of the columns would come back changed.")
    if frame.attrs != again.attrs:
        raise CodecError("The `attrs` would come back changed.")
    for position, label in enumerate(frame.columns):
        mine, other = frame.iloc[:, position], again.iloc[:, position]
        if not mine.equals(other) or not _alike(mine, other):
            raise CodecError(f"The column {label!r} would come back changed.")


def _alike(mine: Any, other: Any) -> bool:
    """Whether objects are of the same types too: 1, 1.0 and True are equal."""
    if mine.dtype != "object":
        return True
    return [type(cell) for cell in mine] == [type(cell) for cell in other]
