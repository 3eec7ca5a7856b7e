"""Frames: tables of any make behind one face, read by place and never copied whole."""

import operator
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from agentbench.renderers.base import is_a
from agentbench.renderers.table.cells import written

PANDAS = ("pandas.DataFrame", "pandas.core.frame.DataFrame")
POLARS = "polars.dataframe.frame.DataFrame"
ARROW = "pyarrow.lib.Table"
MOST_SEARCHED = 100
"""In so many columns text is looked for."""
_CELL = 400
Places = Any
"""Numbers of rows, in order: a range, a list, or an array of the table's own library."""
_SIGNS = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Frame(Protocol):
    """A table: columns by number, rows by place."""

    names: list[Any]
    size: tuple[int, int]

    def cells(self, column: int, places: Places) -> list[Any]: ...

    def labels(self, places: Places) -> list[Any] | None: ...

    def sorted(self, column: int, places: Places, *, is_descending: bool) -> Places: ...

    def containing(self, text: str, column: int | None = None) -> Places: ...

    def comparing(self, column: int, sign: str, wanted: str) -> Places: ...


def frame_of(table: Any) -> Frame:
    """The frame of a pandas, polars or Arrow table, or of a list of records."""
    if is_a(table, *PANDAS):
        return PandasFrame(table)
    if is_a(table, POLARS):
        return ArrowFrame(table.to_arrow())
    if is_a(table, ARROW):
        return ArrowFrame(table)
    return RecordFrame(table)


def _searched(column: int | None, wide: int) -> Sequence[int]:
    return range(min(wide, MOST_SEARCHED)) if column is None else (column,)


def _number(text: str, name: Any) -> float:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        message = f"The column {str(name)!r} holds numbers, and {text!r} is none."
        raise ValueError(message) from None


class PandasFrame:
    """A pandas frame."""

    def __init__(self, table: Any) -> None:
        self._table = table
        self.names = list(table.columns)
        self.size = (int(table.shape[0]), int(table.shape[1]))

    def cells(self, column: int, places: Places) -> list[Any]:
        return list(self._table.iloc[_slice(places), column].tolist())

    def labels(self, places: Places) -> list[Any] | None:
        return list(self._table.index[_slice(places)])

    def sorted(self, column: int, places: Places, *, is_descending: bool) -> Places:
        held = self._table.iloc[:, column].reset_index(drop=True)
        held = held if places is None else held.iloc[places]
        how = {"ascending": not is_descending, "kind": "stable"}
        try:
            return held.sort_values(**how).index.to_numpy()
        except TypeError:  # of several kinds
            texts = held.map(lambda item: written(item, _CELL))
            return texts.sort_values(**how).index.to_numpy()

    def containing(self, text: str, column: int | None = None) -> Places:
        import numpy

        found = numpy.zeros(self.size[0], dtype=bool)
        for number in _searched(column, self.size[1]):
            held = self._table.iloc[:, number].astype("string")
            is_in = held.str.contains(text, case=False, regex=False, na=False)
            found |= is_in.to_numpy(dtype=bool)
        return numpy.flatnonzero(found)

    def comparing(self, column: int, sign: str, wanted: str) -> Places:
        import numpy
        from pandas.api import types

        held = self._table.iloc[:, column]
        sought: Any = wanted
        if types.is_bool_dtype(held):
            sought = wanted.lower() in ("true", "1", "yes")
        elif types.is_numeric_dtype(held):
            sought = _number(wanted, self.names[column])
        elif types.is_datetime64_any_dtype(held):
            import pandas

            sought = pandas.Timestamp(wanted, tz=getattr(held.dtype, "tz", None))
        else:
            held = held.astype("string")
        found = _SIGNS[sign](held, sought)
        return numpy.flatnonzero(found.fillna(value=False).to_numpy(dtype=bool))


class ArrowFrame:
    """An Arrow table, and one of polars, which is Arrow inside."""

    def __init__(self, table: Any) -> None:
        self._table = table
        self.names = list(table.column_names)
        self.size = (int(table.num_rows), int(table.num_columns))

    def cells(self, column: int, places: Places) -> list[Any]:
        held = self._table.column(column)
        if isinstance(places, range):
            return list(held.slice(places.start, len(places)).to_pylist())
        return list(held.take(places).to_pylist())

    def labels(self, places: Places) -> list[Any] | None:
        return None

    def sorted(self, column: int, places: Places, *, is_descending: bool) -> Places:
        import pyarrow.compute as pc  # type: ignore[import-untyped]

        held = self._table.column(column)
        held = held if places is None else held.take(places)
        way = "descending" if is_descending else "ascending"
        order = pc.sort_indices(held, sort_keys=[("", way)])
        return order if places is None else places.take(order)

    def containing(self, text: str, column: int | None = None) -> Places:
        import pyarrow
        import pyarrow.compute as pc

        found: Any = None
        for number in _searched(column, self.size[1]):
            try:
                held = self._table.column(number).cast(pyarrow.string())
            except pyarrow.ArrowException:  # nested, binary
                continue
            is_in = pc.match_substring(held, text, ignore_case=True)
            is_in = pc.fill_null(is_in, fill_value=False)
            found = is_in if found is None else pc.or_(found, is_in)
        return pc.indices_nonzero(found) if found is not None else ()

    def comparing(self, column: int, sign: str, wanted: str) -> Places:
        import pyarrow
        import pyarrow.compute as pc

        held = self._table.column(column)
        names = ("equal", "not_equal", "less", "less_equal", "greater", "greater_equal")
        compare = getattr(pc, dict(zip(_SIGNS, names, strict=True))[sign])
        sought: Any = wanted
        kinds = pyarrow.types
        if kinds.is_integer(held.type) or kinds.is_floating(held.type):
            sought = _number(wanted, self.names[column])
            held = held.cast(pyarrow.float64(), safe=False)
        elif not kinds.is_string(held.type):
            held = held.cast(pyarrow.string())
        return pc.indices_nonzero(pc.fill_null(compare(held, sought), fill_value=False))


class RecordFrame:
    """A list of records: their keys are the columns."""

    def __init__(self, rows: Sequence[Mapping[Any, Any]]) -> None:
        self._rows = rows
        self.names = list(dict.fromkeys(key for row in rows for key in row))
        self.size = (len(rows), len(self.names))

    def cells(self, column: int, places: Places) -> list[Any]:
        name = self.names[column]
        return [self._rows[place].get(name) for place in places]

    def labels(self, places: Places) -> list[Any] | None:
        return None

    def sorted(self, column: int, places: Places, *, is_descending: bool) -> Places:
        name = self.names[column]
        of = range(len(self._rows)) if places is None else places
        held = [place for place in of if self._rows[place].get(name) is not None]
        rest = [place for place in of if self._rows[place].get(name) is None]

        def text(place: int) -> Any:
            return _sortable(self._rows[place].get(name))

        return [*sorted(held, key=text, reverse=is_descending), *rest]

    def containing(self, text: str, column: int | None = None) -> Places:
        names = [self.names[n] for n in _searched(column, self.size[1])]
        wanted = text.lower()

        def holds(row: Mapping[Any, Any]) -> bool:
            return any(
                wanted in written(row[name], _CELL).lower()
                for name in names
                if name in row
            )

        return [place for place, row in enumerate(self._rows) if holds(row)]

    def comparing(self, column: int, sign: str, wanted: str) -> Places:
        name, compare = self.names[column], _SIGNS[sign]
        sought = _sortable(wanted)
        held = ((place, row.get(name)) for place, row in enumerate(self._rows))
        pairs = ((place, _sortable(item)) for place, item in held if item is not None)
        return [
            place
            for place, item in pairs
            if item[0] == sought[0] and compare(item, sought)
        ]


def _sortable(value: Any) -> tuple[int, Any]:
    """Numbers before texts, and numbers written as text among the numbers."""
    if isinstance(value, (int, float)):
        return 0, value
    try:
        return 0, float(str(value).replace(",", ""))
    except ValueError:
        return 1, written(value, _CELL)


def _slice(places: Places) -> Any:
    return slice(places.start, places.stop) if isinstance(places, range) else places
