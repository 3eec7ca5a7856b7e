"""Axis: the labels of a pandas frame's rows or columns, as notes and a batch."""

from typing import Any

import pandas as pd

from agentbench.codecs.arrow.cells import pack, unpack
from agentbench.domain.errors import CodecError


def pack_axis(axis: Any) -> tuple[dict[str, Any], Any | None]:
    """What there is to note of an axis, and its labels; none where they only count."""
    notes: dict[str, Any] = {"names": [write_name(name) for name in axis.names]}
    if type(axis) is pd.RangeIndex:
        return notes | {"range": [axis.start, axis.stop, axis.step]}, None
    if isinstance(axis, pd.DatetimeIndex | pd.TimedeltaIndex) and axis.freq:
        notes["freq"] = axis.freqstr
    if isinstance(axis, pd.MultiIndex):
        notes["is_multi"] = True
        levels = {i: axis.get_level_values(i) for i in range(axis.nlevels)}
        return notes, pack(pd.DataFrame(levels))
    return notes, pack(pd.DataFrame({0: axis}))


def unpack_axis(notes: dict[str, Any], batch: Any | None) -> Any:
    """The axis that was packed."""
    names = [read_name(name) for name in notes["names"]]
    if batch is None:
        start, stop, step = notes["range"]
        return pd.RangeIndex(start, stop, step, name=names[0])
    levels = unpack(batch)
    if notes.get("is_multi"):
        return pd.MultiIndex.from_frame(levels, names=names)
    column = levels.iloc[:, 0]
    axis: Any = pd.Index(column, dtype=column.dtype, tupleize_cols=False)
    if notes.get("freq"):
        axis.freq = notes["freq"]
    return axis.rename(names[0])


def write_name(name: Any) -> Any:
    """The name of an axis or a series as JSON."""
    if name is None or type(name) in {str, int, bool}:
        return name
    if type(name) is tuple:
        return {"tuple": [write_name(part) for part in name]}
    raise CodecError(f"The name {name!r} of a series or an index cannot be kept.")


def read_name(written: Any) -> Any:
    """The name that was written."""
    if isinstance(written, dict):
        return tuple(read_name(part) for part in written["tuple"])
    return written
