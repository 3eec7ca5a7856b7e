"""Records: what is known of runs, as objects to go through, as a table and as a DataFrame."""

import time
from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, overload

from agentbench.domain.bench import current_bench
from agentbench.domain.errors import MissingLibrary

if TYPE_CHECKING:
    import pandas

Record = TypeVar("Record")

Row = Mapping[str, Any]
"""A record by column, in the form in which a DataFrame holds it."""


class Records(Sequence[Record]):
    """Records of one kind, in order: read like a list, shown as a table.

    A kind names its `noun`, its `columns`, those of them that are points in time
    (`times`, in seconds since 1970, 0 for none yet), those that its table shows
    (`shown`), and those that are the same when the same is done again (`lasting`).
    """

    noun: ClassVar[str]
    columns: ClassVar[Sequence[str]]
    times: ClassVar[Sequence[str]] = ()
    shown: ClassVar[Sequence[str]]
    lasting: ClassVar[Sequence[str]]

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = records

    @abstractmethod
    def row(self, record: Record) -> Row:
        """What a record holds, by column."""

    def to_frame(self) -> "pandas.DataFrame":
        """The records as a DataFrame, one a row; points in time are UTC.

        Raises:
            MissingLibrary: pandas is not installed.
        """
        return frame_of(map(self.row, self), self.columns, self.times)

    def table(
        self, most: int | None = None, *, only_lasting: bool = False
    ) -> list[dict[str, Any]]:
        """The first rows as a table shows them, points in time in words.

        With `only_lasting`, what differs when the same is done again is left out: times
        and ids, and the order in which firings happened to start.
        """
        names = self.lasting if only_lasting else self.shown
        records = self.in_lasting_order() if only_lasting else self
        return [
            {
                name: _when(row[name]) if name in self.times else row[name]
                for name in names
            }
            for row in map(self.row, islice(records, most))
        ]

    def in_lasting_order(self) -> Iterable[Record]:
        """The records in an order that does not hang on chance."""
        return self

    @overload
    def __getitem__(self, index: int) -> Record: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Record]: ...

    def __getitem__(self, index: int | slice) -> Record | Sequence[Record]:
        return self._records[index]

    def __len__(self) -> int:
        return len(self._records)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, (str, bytes)):
            return NotImplemented
        pairs = zip(self, other, strict=False)
        return len(self) == len(other) and all(one == two for one, two in pairs)

    # They may be compared with a list, and a list has none.
    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        count = len(self)
        return f"<{count:,} {self.noun}{'' if count == 1 else 's'}>"

    def __str__(self) -> str:
        return str(current_bench().bundle(self)["text/plain"])

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return current_bench().bundle(self)


def frame_of(
    rows: Iterable[Row], columns: Sequence[str], times: Sequence[str] = ()
) -> "pandas.DataFrame":
    """A DataFrame of rows; `times` are the columns that hold seconds since 1970.

    Raises:
        MissingLibrary: pandas is not installed.
    """
    try:
        import pandas
    except ImportError as error:
        raise MissingLibrary("A DataFrame", "pandas", "data") from error
    held: dict[str, list[Any]] = {name: [] for name in columns}
    adders = [(name, column.append) for name, column in held.items()]
    for row in rows:
        for name, add in adders:
            add(row[name])
    frame = pandas.DataFrame(
        {name: _column(column) for name, column in held.items()}, columns=list(columns)
    )
    for name in times:
        seconds = frame[name].astype("float64").replace(0.0, float("nan"))
        frame[name] = pandas.to_datetime(seconds, unit="s", utc=True)
    return frame


def _column(values: list[Any]) -> Any:
    """A column, of which each item stays what it is: pandas would unpack arrays and such."""
    import pandas

    if all(isinstance(value, (str, int, float, type(None))) for value in values):
        return values
    column = pandas.Series([None] * len(values), dtype=object)
    for place, value in enumerate(values):
        column.iat[place] = value
    return column


def _when(seconds: float) -> str:
    if not seconds:
        return ""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))
