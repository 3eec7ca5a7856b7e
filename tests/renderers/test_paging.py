"""Tables of every make, page by page: the same rows in the same order."""

from typing import Any

import pandas
import polars
import pyarrow
import pytest

from agentbench.domain.renderer import Page, PageAsked
from tests.renderers.values import new_renderers

CITIES = ["Oslo", "Rome", "Lima", "Bern", "oslo"]
COLUMNS = {
    "city": CITIES * 20,
    "rain": [n % 7 for n in range(100)],
    "n": list(range(100)),
}
MAKES: dict[str, Any] = {
    "pandas": lambda: pandas.DataFrame(COLUMNS),
    "polars": lambda: polars.DataFrame(COLUMNS),
    "arrow": lambda: pyarrow.table(COLUMNS),
    "records": lambda: [dict(zip(COLUMNS, row, strict=True)) for row in zip(*COLUMNS.values(), strict=True)],
    "csv": lambda: pandas.DataFrame(COLUMNS).to_csv(index=False),
}  # fmt: skip


@pytest.fixture(params=MAKES)
def pager(request: pytest.FixtureRequest) -> Any:
    hints = {"mime": "text/csv"} if request.param == "csv" else {"type": "table"}
    return new_renderers().pager(MAKES[request.param](), hints)


def column(page: Page, name: str) -> list[str]:
    at = page.names.index(name)
    return [row[at] for row in page.rows]


def test_the_first_page_and_the_last(pager: Any) -> None:
    first = pager.page(PageAsked(rows=3))
    assert (first.total, first.matching, first.columns) == (100, 100, 3)
    assert column(first, "n") == ["0", "1", "2"]
    last = pager.page(PageAsked(start=98, rows=10))
    assert column(last, "n") == ["98", "99"]
    assert column(pager.page(PageAsked(start=500, rows=10)), "n") == ["99"]


def test_a_sort_keeps_the_order_of_equals(pager: Any) -> None:
    up = pager.page(PageAsked(sort=1, rows=3))
    assert column(up, "n") == ["0", "7", "14"]
    down = pager.page(PageAsked(sort=2, is_descending=True, rows=2, start=1))
    assert column(down, "n") == ["98", "97"]


def test_a_filter_finds_text_in_any_case_and_compares(pager: Any) -> None:
    found = pager.page(PageAsked(filter="OSLO", rows=3))
    assert found.matching == 40
    assert column(found, "city") == ["Oslo", "oslo", "Oslo"]
    assert pager.page(PageAsked(filter="n >= 95")).matching == 5
    assert pager.page(PageAsked(filter="city = Rome")).matching == 20
    assert pager.page(PageAsked(filter="city != Rome")).matching == 80
    assert pager.page(PageAsked(filter="city ~ im")).matching == 20
    both = pager.page(PageAsked(filter="rain > 5", sort=2, is_descending=True, rows=1))
    assert column(both, "n") == ["97"]
    assert pager.page(PageAsked(filter="nowhere")).rows == []


def test_a_comparison_that_makes_no_sense_is_refused() -> None:
    for make in ("pandas", "arrow"):
        pager = new_renderers().pager(MAKES[make]())
        assert pager is not None
        with pytest.raises(ValueError, match="'many' is none"):
            pager.page(PageAsked(filter="n > many"))


def test_cells_and_columns_of_one_page_are_bounded() -> None:
    wide = pandas.DataFrame({f"c{n}": ["x" * 10_000] * 300 for n in range(90)})
    pager = new_renderers().pager(wide)
    assert pager is not None
    page = pager.page(PageAsked(rows=10_000, column=60))
    assert (len(page.rows), page.columns, page.names[1]) == (200, 90, "c60")
    assert max(len(cell) for row in page.rows for cell in row) <= 200


def test_mixed_kinds_and_names_that_repeat_are_sorted_too() -> None:
    held = pandas.DataFrame([[1, "b"], ["a", None], [2.5, "a"]], columns=["x", "x"])
    pager = new_renderers().pager(held)
    assert pager is not None
    assert len(pager.page(PageAsked(sort=0)).rows) == 3
    assert pager.page(PageAsked(sort=1)).rows[0][2] == "a"


def test_what_is_no_table_has_no_pages() -> None:
    assert new_renderers().pager({"a": 1}) is None
    assert new_renderers().pager("text") is None
