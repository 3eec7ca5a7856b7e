"""Blocks that read, write, move and compare moments."""

import calendar
import datetime
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.blocks.time.zones import moment_of, written, zone_of
from agentbench.domain.example import Example

_Moment = Annotated[
    Any, about("ISO text such as 2024-01-31T15:30, a date, or seconds since 1970.")
]
_Zone = Annotated[str, about("The zone of a moment that names none.", advanced=True)]
_Iso = Annotated[str, about("The moment as ISO text.")]
Unit = Literal["seconds", "minutes", "hours", "days", "weeks", "months", "years"]
_SECONDS = {
    "seconds": 1,
    "minutes": 60,
    "hours": 3600,
    "days": 86_400,
    "weeks": 604_800,
}
_FORMATS = (
    "%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d/%m/%Y", "%m/%d/%Y", "%d %B %Y",
    "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%a, %d %b %Y %H:%M:%S %z", "%a %b %d %H:%M:%S %Y",
    "%Y/%m/%d", "%Y-%m-%d %H:%M:%S %z",
)  # fmt: skip


@block(
    id="time.parse",
    title="Read date",
    keywords=("strptime", "date from text", "timestamp", "convert", "iso"),
    examples=[
        example({"text": "31.01.2024"}, result="2024-01-31T00:00:00+00:00"),
        example({"text": "Jan 5, 2024"}, result="2024-01-05T00:00:00+00:00"),
        example({"text": "2024-05", "format": "%Y-%m"}, result="2024-05-01T00:00:00+00:00"),
    ],
)  # fmt: skip
async def parse(
    text: Annotated[Any, about("A date or moment, as people or servers write it.")],
    *,
    format: Annotated[
        str, about("As strptime has it; empty to try those in use.")
    ] = "",
    timezone: Annotated[str, about("The zone, when the text names none.")] = "UTC",
) -> _Iso:
    """Reads a date or moment. A day before the month, where 03/04 could be either."""
    wanted = str(text).strip()
    formats = (format,) if format else _FORMATS
    if not format:
        try:
            return _iso(moment_of(text, "text", timezone))
        except ValueError:
            pass
    for one in formats:
        try:
            found = datetime.datetime.strptime(wanted, one)  # noqa: DTZ007 - the zone follows
        except ValueError:
            continue
        zone = found.tzinfo or zone_of(timezone)
        return _iso(found.replace(tzinfo=zone))
    said = (
        f"does not follow {format!r}" if format else "is written in no way known here"
    )
    raise ValueError(f"'text' {wanted!r:.60} {said}; say how in 'format'.")


@block(
    id="time.format",
    title="Write date",
    keywords=("strftime", "date to text", "display", "weekday", "month name"),
    examples=[
        example({"moment": "2024-01-31", "format": "%d.%m.%Y"}, result="31.01.2024"),
        example({"moment": 0, "format": "iso"}, result="1970-01-01T00:00:00+00:00"),
    ],
)
async def format_(
    moment: _Moment,
    format: Annotated[str, about("As strftime has it, or `iso`.")] = "%Y-%m-%d %H:%M",
    *,
    timezone: _Zone = "UTC",
) -> Annotated[str, about("The moment as text.")]:
    """Writes a moment the way you want it."""
    return written(moment_of(moment, "moment", timezone), format)


@block(
    id="time.add",
    title="Add to date",
    keywords=("plus", "later", "before", "offset", "shift", "days", "months"),
    examples=[
        example({"moment": "2024-01-31", "amount": 1, "unit": "months"},
                result="2024-02-29T00:00:00+00:00"),
        example({"moment": "2024-03-01", "amount": -1}, result="2024-02-29T00:00:00+00:00"),
    ],
)  # fmt: skip
async def add(
    moment: _Moment,
    amount: Annotated[float, about("How much; below 0 goes back.")],
    unit: Annotated[Unit, about("Of what.")] = "days",
    *,
    timezone: _Zone = "UTC",
) -> _Iso:
    """Moves a moment forth or back; a month later is the same day, or the last there is."""
    start = moment_of(moment, "moment", timezone)
    try:
        if unit in ("months", "years"):
            return _iso(_months(start, amount * (12 if unit == "years" else 1)))
        return _iso(start + datetime.timedelta(seconds=amount * _SECONDS[unit]))
    except (OverflowError, ValueError) as error:
        raise ValueError(f"{amount:g} {unit} cannot be added: {error}.") from error


def _months(start: datetime.datetime, months: float) -> datetime.datetime:
    if months != int(months):
        raise ValueError("whole months only")
    index = start.year * 12 + start.month - 1 + int(months)
    year, month = divmod(index, 12)
    if not datetime.MINYEAR <= year <= datetime.MAXYEAR:
        raise OverflowError("it leads out of the calendar")
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)


@block(
    id="time.difference",
    title="Time between",
    keywords=("duration", "age", "elapsed", "since", "until", "days between"),
    outputs={
        "seconds": Annotated[float, about("In seconds.")],
        "days": Annotated[float, about("In days.")],
        "text": Annotated[str, about("In words.")],
    },
    examples=[
        example(
            {"first": "2024-01-01", "second": "2024-01-02T12:00"},
            seconds=129600.0,
            days=1.5,
            text="1 day 12 hours",
        )
    ],
)
async def difference(
    first: Annotated[Any, about("The earlier moment.")],
    second: Annotated[Any, about("The later one; before it, the result is below 0.")],
    *,
    timezone: _Zone = "UTC",
) -> dict[str, Any]:
    """Says how long it is from one moment to another."""
    start, end = (
        moment_of(one, port, timezone)
        for one, port in ((first, "first"), (second, "second"))
    )
    seconds = (end - start).total_seconds()
    return {"seconds": seconds, "days": seconds / 86_400, "text": _words(seconds)}


def _words(seconds: float) -> str:
    rest, parts = int(abs(seconds)), []
    for name, length in (
        ("day", 86_400),
        ("hour", 3600),
        ("minute", 60),
        ("second", 1),
    ):
        count, rest = divmod(rest, length)
        if count:
            parts.append(f"{count} {name}{'s' if count > 1 else ''}")
    said = " ".join(parts[:2]) or "0 seconds"
    return f"-{said}" if seconds < 0 else said


@block(
    id="time.zone",
    title="Change time zone",
    keywords=("timezone", "convert", "utc", "local time", "offset", "world clock"),
    examples=[
        example(
            {"moment": "2024-07-01T12:00+00:00", "to": "Europe/Oslo"},
            result="2024-07-01T14:00:00+02:00",
        )
    ],
)
async def zone(
    moment: _Moment,
    to: Annotated[str, about("Such as `Europe/Oslo`, `UTC`, `+02:00`.")],
    *,
    timezone: _Zone = "UTC",
) -> _Iso:
    """Says what a moment is called in another time zone."""
    return _iso(moment_of(moment, "moment", timezone).astimezone(zone_of(to)))


@block(
    id="time.parts",
    title="Parts of a date",
    keywords=("year", "month", "day", "weekday", "hour", "week number", "quarter"),
    outputs={
        name: Annotated[int, about(said)]
        for name, said in {
            "year": "The year.", "month": "1 to 12.", "day": "1 to 31.",
            "hour": "0 to 23.", "minute": "0 to 59.", "weekday": "1 is Monday.",
            "week": "The ISO week.", "timestamp": "Seconds since 1970.",
        }.items()
    },
    examples=[
        example({"moment": "2024-01-31T15:30"}, year=2024, month=1, day=31, weekday=3, week=5)
    ],
)  # fmt: skip
async def parts(moment: _Moment, *, timezone: _Zone = "UTC") -> dict[str, Any]:
    """Takes a moment apart into numbers."""
    found = moment_of(moment, "moment", timezone)
    names = ("year", "month", "day", "hour", "minute")
    numbers = {
        name: int(text)
        for name, text in zip(
            names, found.strftime("%Y %m %d %H %M").split(), strict=True
        )
    }
    more = {
        "weekday": found.isoweekday(),
        "week": found.isocalendar().week,
        "timestamp": int(found.timestamp()),
    }
    return numbers | more


@block(
    id="time.range",
    title="Dates in a row",
    keywords=("calendar", "every day", "sequence", "period", "series", "weekly"),
    outputs={
        "date": Annotated[str, about("Each date, one by one.")],
        "dates": Annotated[list[str], about("All of them.")],
    },
    examples=[
        Example(
            inputs={"first": "2024-02-28", "last": "2024-03-01"},
            outputs={"dates": [["2024-02-28", "2024-02-29", "2024-03-01"]]},
        )
    ],
)
async def range_(
    first: Annotated[Any, about("The first day.")],
    last: Annotated[Any, about("The last day.")],
    step: Annotated[int, pydantic.Field(ge=1), about("Every so many days.")] = 1,
) -> AsyncIterator[tuple[str, Any]]:
    """Gives the days from one to another."""
    start, end = (
        moment_of(one, port).date() for one, port in ((first, "first"), (last, "last"))
    )
    count = max((end - start).days // step + 1, 0)
    if count > 10_000:
        raise ValueError(f"That would be {count} days; 10000 is the most.")
    days = [
        (start + datetime.timedelta(days=step * number)).isoformat()
        for number in range(count)
    ]
    for day in days:
        yield "date", day
    yield "dates", days


def _iso(moment: datetime.datetime) -> str:
    precise = "microseconds" if moment.microsecond else "seconds"
    return moment.isoformat(timespec=precise)
