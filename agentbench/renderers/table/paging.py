"""Paging: a table page by page, sorted and filtered where it lies.

The order of rows that a sort and a filter give is kept while they stay the same, so that
turning a page costs as much as the page.
"""

from typing import Any

from agentbench.domain.renderer import Page, PageAsked
from agentbench.renderers.table.cells import are_numbers, written
from agentbench.renderers.table.frames import Places, frame_of

MOST_ROWS, MOST_COLUMNS, CELL = 200, 60, 200
"""How much one page holds, and a cell in characters."""
_SIGNS = ("<=", ">=", "!=", "==", "=", "<", ">", "~")
"""Of two that begin alike the longer comes first."""


class TablePages:
    """The pages of one table of any make."""

    def __init__(self, framed: Any) -> None:
        self._frame = frame_of(framed)
        self._known: tuple[Any, Places] | None = None

    def page(self, asked: PageAsked) -> Page:
        """One page of the table, as text.

        Raises:
            ValueError: a comparison cannot be made with the values of its column.
        """
        frame = self._frame
        total, wide = frame.size
        order = self._order(asked)
        matching = total if order is None else len(order)
        count = max(1, min(asked.rows, MOST_ROWS))
        start = max(0, min(asked.start, max(matching - 1, 0)))
        column = max(0, min(asked.column, max(wide - 1, 0)))
        until = min(column + MOST_COLUMNS, wide)
        places: Places = range(start, min(start + count, matching))
        if order is not None:
            places = order[start : start + count]
        held = [frame.cells(n, places) for n in range(column, until)]
        labels = frame.labels(places)
        names = [written(name, CELL) for name in frame.names[column:until]]
        numbers = [are_numbers(cells) for cells in held]
        if labels is not None:
            names, held, numbers = ["", *names], [labels, *held], [False, *numbers]
        cells = [[written(item, CELL) for item in column] for column in held]
        return Page(
            names=names,
            rows=[list(row) for row in zip(*cells, strict=True)],
            are_numbers=numbers,
            labels=0 if labels is None else 1,
            start=start,
            column=column,
            total=total,
            matching=matching,
            columns=wide,
        )

    def _order(self, asked: PageAsked) -> Places:
        """The places of the rows in the order wanted; None for the order as it is."""
        text = asked.filter.strip()
        if not text and asked.sort is None:
            return None
        key = (text, asked.sort, asked.is_descending)
        if self._known is None or self._known[0] != key:
            order = self._filtered(text) if text else None
            if asked.sort is not None and 0 <= asked.sort < self._frame.size[1]:
                order = self._frame.sorted(
                    asked.sort, order, is_descending=asked.is_descending
                )
            if order is None:
                return None
            self._known = (key, order)
        return self._known[1]

    def _filtered(self, text: str) -> Places:
        name, sign, wanted = _compared(text)
        names = [str(name) for name in self._frame.names]
        if not sign or name not in names:
            return self._frame.containing(text)
        column = names.index(name)
        if sign == "~":
            return self._frame.containing(wanted, column)
        return self._frame.comparing(column, sign.replace("==", "="), wanted)


def _compared(text: str) -> tuple[str, str, str]:
    """What stands before the first sign of a comparison, the sign, and what comes after it.

    By hand: a pattern of it goes back and forth between the spaces of a long text.
    """
    places = [place for sign in _SIGNS if (place := text.find(sign, 1)) > 0]
    if not places:
        return text, "", ""
    place = min(places)
    sign = next(sign for sign in _SIGNS if text.startswith(sign, place))
    return text[:place].strip(), sign, text[place + len(sign) :].strip()
