"""Reading, asking, summing up and showing tables."""

import asyncio
import bz2
import gzip
import io
import lzma
import time
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from agentbench.blocks.table import ends, packed, shaping


@pytest.fixture
def air() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "city": ["Oslo", "Rome", "Oslo", "Rome"],
            "day": pd.to_datetime(
                ["2024-01-01", "2024-01-01", "2024-01-02", "2024-01-02"]
            ),
            "pm25": [8.0, 21.0, None, 25.0],
            "n": [1, 2, 3, 4],
        }
    )


def _only(given: dict[str, list[Any]]) -> Any:
    assert list(given) == ["result"]
    (value,) = given["result"]
    return value


PACKED = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}


def _zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "ending",
    [
        "csv",
        "tsv",
        "parquet",
        "xlsx",
        "jsonl",
        "csv.gz",
        "csv.bz2",
        "csv.xz",
        "csv.zip",
    ],
)
async def test_a_table_is_read_by_the_end_of_its_name(
    fire: Any, tmp_path: Path, ending: str
) -> None:
    frame = pd.DataFrame({"city": ["Ærø", "Rome"], "t": [1.5, 2.0]})
    file = tmp_path / f"air.2024.{ending}"
    match ending:
        case "csv":
            frame.to_csv(file, index=False)
        case "tsv":
            frame.to_csv(file, index=False, sep="\t")
        case "parquet":
            frame.to_parquet(file)
        case "jsonl":
            frame.to_json(file, orient="records", lines=True)
        case "xlsx":
            frame.to_excel(file, index=False)
        case "csv.zip":
            file.write_bytes(_zipped(air=frame.to_csv(index=False).encode()))
        case _:
            pack = PACKED[ending.removeprefix("csv.")]
            file.write_bytes(pack(frame.to_csv(index=False).encode()))
    read = _only(await fire(ends.read, path=file.name))
    pd.testing.assert_frame_equal(read, frame)


async def test_dates_are_read_when_asked(fire: Any, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("day,also,t\n2024-01-31,31 Jan 2024,1\n,,2\n")
    read = _only(await fire(ends.read, path="a.csv", dates=["day", "also"]))
    assert read["day"].dtype.kind == read["also"].dtype.kind == "M"
    assert read["day"][0] == read["also"][0] == pd.Timestamp(2024, 1, 31)


async def test_numbers_can_be_dates(fire: Any, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("year,day\n2024,20240131\n")
    read = _only(await fire(ends.read, path="a.csv", dates=["year", "day"]))
    assert read.iloc[0].tolist() == [
        pd.Timestamp(2024, 1, 1),
        pd.Timestamp(2024, 1, 31),
    ]


async def test_only_some_columns_are_read(fire: Any, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a;b;c\n1;2;3\n")
    read = _only(await fire(ends.read, path="a.csv", separator=";", columns=["c", "a"]))
    assert list(read) == ["c", "a"]


@pytest.mark.parametrize(
    ("name", "content", "options", "message"),
    [
        ("a.xyz", "", {}, "'path' ends in '.xyz'.*Known are .csv"),
        ("a.csv", "", {}, "a.csv cannot be read as .csv: No columns"),
        ("a.csv", 'a,b\n1,2,3\n1,2\n"', {}, "a.csv cannot be read as .csv"),
        ("a.parquet", "no", {}, "a.parquet cannot be read as .parquet"),
        (
            "a.csv",
            "dya\n1\n",
            {"dates": ["day"]},
            "'dates' .* mean 'dya'.*columns: dya",
        ),
        ("a.csv", "d\n2024-01-01\nsoon\n", {"dates": "d"}, "'soon' in row 2 of a.csv"),
        ("a.csv", "a\n1\n", {"columns": ["b"]}, "'columns' names the column 'b'"),
    ],
)
async def test_a_file_that_cannot_be_read_says_why(
    fire: Any, tmp_path: Path, name: str, content: str, options: Any, message: str
) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(ValueError, match=message):
        await fire(ends.read, path=name, **options)


ONE = bytes(1_000_000)
_BOMB = "unpacks to more than .* times its size"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        *((f"a.csv.{ending}", pack(b"x\n" + ONE), _BOMB) for ending, pack in PACKED.items()),
        ("a.jsonl.gz", gzip.compress(b'{"a": "' + ONE), _BOMB),
        ("a.csv.zip", _zipped(a=b"x\n" + ONE), _BOMB),
        ("a.csv.zip", _zipped(a=b"1", b=b"2"), "holds 2 files, not one"),
        ("a.xlsx", _zipped(a=ONE), _BOMB),
        ("a.csv.zip", b"PK", "no .zip that can be read"),
        ("a.csv.gz", gzip.compress(b"a" * 9_999)[:-12], "not packed as its name says"),
    ],
)  # fmt: skip
async def test_t48_a_packed_table_in_bounds(
    fire: Any, tmp_path: Path, monkeypatch: Any, name: str, data: bytes, reason: str
) -> None:
    monkeypatch.setattr(packed, "LEAST_ROOM", 20_000)
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ValueError, match=reason):
        await fire(ends.read, path=name)


async def test_t48_a_parquet_file_in_bounds(
    fire: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(packed, "LEAST_ROOM", 20_000)
    rows = pa.table({"same": pa.array(["x" * 1_000]).take(pa.array([0] * 100_000))})
    parquet.write_table(rows, tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").stat().st_size < 20_000
    with pytest.raises(ValueError, match=_BOMB):
        await fire(ends.read, path="a.parquet")


async def test_a_missing_file_is_named(fire: Any) -> None:
    with pytest.raises(FileNotFoundError, match=r"There is no file 'air\.csv'"):
        await fire(ends.read, path="air.csv")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT city, max(pm25) AS top FROM table WHERE n >= $least",
        """select table.city, max(pm25) top from "table" -- é, not from table
           where n >= $least""",
        """WITH é AS (FROM Table) SELECT city, max(pm25) AS top FROM é
           JOIN (SELECT 'from table' AS said) ON n >= $least AND said LIKE 'from t%'""",
    ],
)
async def test_a_table_is_queried(fire: Any, air: pd.DataFrame, sql: str) -> None:
    sql = f"{sql} GROUP BY city ORDER BY city"
    given = await fire(shaping.query, table=air, sql=sql, parameters={"least": 2})
    assert _only(given)["city"].tolist() == ["Oslo", "Rome"]
    assert _only(given)["top"].fillna(-1).tolist() == [-1, 25]


async def test_several_tables_are_joined(fire: Any, air: pd.DataFrame) -> None:
    places = pa.table({"city": ["Oslo"], "country": ["Norway"]})
    sql = "SELECT country, count(*) AS n FROM table JOIN places USING (city) GROUP BY 1"
    given = await fire(
        shaping.query, table=air, tables=["places"], places=places, sql=sql
    )
    assert _only(given).to_dict("records") == [{"country": "Norway", "n": 2}]
    ports = {p.name: p for p in shaping.query.inputs({"tables": ["places", "sql"]})}
    assert ports["places"].type_name == "table"
    assert ports["sql"].type_name == "text"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "COPY table TO 'stolen.csv'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "ATTACH 'other.db'",
        "SELECT * FROM air",
        "SELECT * FROM tables",
        "SELECT nothing FROM table",
        "SELEC 1",
    ],
)
async def test_sql_sees_the_linked_tables_only(
    fire: Any, air: pd.DataFrame, sql: str
) -> None:
    with pytest.raises(ValueError, match=r"'sql' failed\.[\s\S]*Its tables: 'table'"):
        await fire(shaping.query, table=air, sql=sql)


async def test_sql_without_a_table_says_what_to_link(fire: Any) -> None:
    with pytest.raises(ValueError, match="Its tables: none; link one to 'table'"):
        await fire(shaping.query)


async def test_a_query_ends_when_it_is_cancelled(fire: Any) -> None:
    sql = "SELECT count(*) FROM range(1000000) a, range(1000000) b"
    start = time.monotonic()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(fire(shaping.query, sql=sql), 0.2)
    await asyncio.get_running_loop().shutdown_default_executor()  # its thread ends too
    assert time.monotonic() - start < 20  # it would take hours


@pytest.mark.parametrize(
    ("column", "operator", "value", "kept"),
    [
        ("city", "==", "Oslo", [1, 3]),
        ("pm25", ">", "20", [2, 4]),
        ("pm25", "<=", 21, [1, 2]),
        ("pm25", "is empty", None, [3]),
        ("pm25", "is not empty", None, [1, 2, 4]),
        ("day", ">", "2024-01-01", [3, 4]),
        ("city", "is one of", ["Rome", "Bonn"], [2, 4]),
        ("city", "contains", "om", [2, 4]),
        ("pm25", "!=", 8, [2, 4]),
        ("city", "==", "Bonn", []),
    ],
)
async def test_rows_are_filtered(
    fire: Any,
    air: pd.DataFrame,
    column: str,
    operator: str,
    value: Any,
    kept: list[int],
) -> None:
    given = await fire(
        shaping.filter_rows, table=air, column=column, operator=operator, value=value
    )
    assert _only(given)["n"].tolist() == kept
    assert _only(given).index.tolist() == list(range(len(kept)))


async def test_cells_that_are_lists_can_be_compared(fire: Any) -> None:
    lists = pd.DataFrame({"tags": [["a"], ["b", "c"], None]})
    given = await fire(
        shaping.filter_rows, table=lists, column="tags", operator="contains", value="c"
    )
    assert _only(given)["tags"].tolist() == [["b", "c"]]


async def test_a_column_that_is_not_there_is_named_with_the_likely_one(
    fire: Any, air: pd.DataFrame
) -> None:
    message = (
        r"'column' names .* 'citty'.* Did you mean 'city'\? Its columns: city, day"
    )
    with pytest.raises(ValueError, match=message):
        await fire(shaping.filter_rows, table=air, column="citty", value=1)


async def test_groups_are_summarised_in_order(fire: Any, air: pd.DataFrame) -> None:
    given = await fire(shaping.summarise, table=air, by="city", columns=["pm25"])
    assert _only(given).to_dict("records") == [
        {"city": "Oslo", "pm25": 8.0},
        {"city": "Rome", "pm25": 23.0},
    ]


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [
        ("count", 3),
        ("distinct", 3),
        ("first", 8),
        ("last", 25),
        ("max", 25),
        ("mean", 18),
        ("median", 21),
        ("min", 8),
        ("standard deviation", 8.888),
        ("sum", 54),
    ],
)
async def test_a_whole_column_has_one_number(
    fire: Any, air: pd.DataFrame, statistic: str, expected: float
) -> None:
    given = await fire(
        shaping.summarise, table=air, columns="pm25", statistic=statistic
    )
    assert _only(given)["pm25"].tolist() == [pytest.approx(expected, abs=0.001)]


async def test_every_column_of_numbers_is_summarised_by_default(
    fire: Any, air: pd.DataFrame
) -> None:
    given = await fire(shaping.summarise, table=air, by=["city"], statistic="sum")
    assert list(_only(given)) == ["city", "pm25", "n"]


async def test_words_have_no_mean(fire: Any, air: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="'columns' names 'city', which holds str"):
        await fire(shaping.summarise, table=air, columns="city")
    with pytest.raises(ValueError, match="no column of numbers"):
        await fire(shaping.summarise, table=air[["city"]])


async def test_the_first_rows_in_order(fire: Any, air: pd.DataFrame) -> None:
    given = await fire(shaping.sort, table=air, by="pm25", descending=True, limit=2)
    assert _only(given)["pm25"].tolist() == [25, 21]


async def test_a_table_becomes_plain_rows_and_comes_back(
    fire: Any, air: pd.DataFrame
) -> None:
    rows = _only(await fire(ends.rows, table=air))
    assert rows[2] == {"city": "Oslo", "day": "2024-01-02", "pm25": None, "n": 3}
    assert type(rows[0]["n"]) is int
    back = _only(await fire(ends.from_rows, rows=rows))
    assert back["n"].tolist() == [1, 2, 3, 4]


async def test_a_time_of_day_is_kept(fire: Any) -> None:
    moments = pd.DataFrame({"t": pd.to_datetime(["2024-01-01 12:30", None])})
    rows = _only(await fire(ends.rows, table=moments))
    assert rows == [{"t": "2024-01-01T12:30:00"}, {"t": None}]


async def test_the_index_of_a_grouped_table_is_a_column(
    fire: Any, air: pd.DataFrame
) -> None:
    grouped = air.groupby("city")[["n"]].sum()
    assert _only(await fire(ends.rows, table=grouped))[0] == {"city": "Oslo", "n": 4}


async def test_a_table_is_written_as_markdown(fire: Any, air: pd.DataFrame) -> None:
    air["city"] = ["a|b\nc", "Rome", "Oslo", "Rome"]
    given = await fire(ends.to_markdown, table=air, max_rows=3, decimals=1)
    assert _only(given).splitlines() == [
        "| city | day | pm25 | n |",
        "| --- | --- | ---: | ---: |",
        "| a\\|b c | 2024-01-01 | 8 | 1 |",
        "| Rome | 2024-01-01 | 21 | 2 |",
        "| Oslo | 2024-01-02 |  | 3 |",
        "",
        "… and 1 more rows",
    ]


async def test_fractions_have_as_many_digits_as_asked(fire: Any) -> None:
    frame = pd.DataFrame({"x": [1.234, 2.0]})
    text = _only(await fire(ends.to_markdown, table=frame, decimals=1))
    assert text.splitlines()[2:] == ["| 1.2 |", "| 2.0 |"]


async def test_a_table_is_described(fire: Any, air: pd.DataFrame) -> None:
    told = _only(await fire(shaping.describe, table=air)).set_index("column")
    assert told.index.tolist() == ["city", "day", "pm25", "n"]
    assert told.loc["pm25", ["filled", "empty", "distinct"]].tolist() == [3, 1, 3]
    assert told.loc["n", "mean"] == 2.5


async def test_an_arrow_table_will_do(fire: Any) -> None:
    arrow = pa.table({"a": [1, 2]})
    assert _only(await fire(ends.rows, table=arrow)) == [{"a": 1}, {"a": 2}]
