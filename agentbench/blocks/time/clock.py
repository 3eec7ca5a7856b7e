"""Blocks that say what time it is, and that wait."""

import datetime
from collections.abc import AsyncIterator
from typing import Annotated, Any

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.blocks.time.zones import settled, written
from agentbench.domain.context import Context
from agentbench.domain.example import Example, Like

_Trigger = Annotated[Any, about("Whatever comes here starts it.", advanced=True)]
_Zone = Annotated[str, about("Such as `Europe/Oslo`, `UTC`, `+02:00` or `local`.")]
_Form = Annotated[
    dict[str, Any],
    about("Format and zone in one: `discriminator`, `format`, `timezone`.", advanced=True),
]  # fmt: skip
_Format = Annotated[str, about("As strftime has it, such as `%d.%m.%Y`; or `iso`.")]
_LONGEST = 366 * 86_400


@block(
    id="time.now",
    title="Date and time now",
    keywords=("current", "timestamp", "today", "clock", "datetime"),
    effects="reads",
    examples=[
        example({}, result=Like(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")),
        example({"format": "iso"}, result=Like(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")),
    ],
)  # fmt: skip
async def now_(
    trigger: _Trigger = None,
    *,
    format: _Format = "%Y-%m-%d %H:%M:%S",
    timezone: _Zone = "UTC",
    format_type: _Form = {},  # noqa: B006 - read, never changed
) -> Annotated[str, about("The moment as text.")]:
    """Says what date and time it is."""
    del trigger
    how, zone, _ = settled(format_type, format, timezone)
    return written(datetime.datetime.now(zone), how, format_type)


@block(
    id="time.date",
    title="Date today",
    keywords=("current", "today", "day", "calendar", "yesterday", "tomorrow"),
    effects="reads",
    examples=[
        example({}, result=Like(r"\d{4}-\d\d-\d\d")),
        example({"format": "%Y"}, result=Like(r"\d{4}")),
    ],
)
async def date(
    trigger: _Trigger = None,
    offset: Annotated[int, about("So many days ago; -1 is tomorrow.")] = 0,
    *,
    format: _Format = "%Y-%m-%d",
    timezone: _Zone = "UTC",
    format_type: _Form = {},  # noqa: B006
) -> Annotated[str, about("The date as text.")]:
    """Says what day it is, or was so many days ago."""
    del trigger
    how, zone, _ = settled(format_type, format, timezone)
    try:
        day = datetime.datetime.now(zone) - datetime.timedelta(days=offset)
    except OverflowError:
        raise ValueError(f"'offset' {offset} leads out of the calendar.") from None
    return day.date().isoformat() if how == "iso" else written(day, how)


@block(
    id="time.time",
    title="Time now",
    keywords=("current", "clock", "hour", "minute", "o'clock"),
    effects="reads",
    examples=[
        example({}, result=Like(r"\d\d:\d\d:\d\d")),
        example({"format": "iso"}, result=Like(r"T\d\d:\d\d:\d\d\+00:00")),
    ],
)
async def time_(
    trigger: _Trigger = None,
    *,
    format: _Format = "%H:%M:%S",
    timezone: _Zone = "UTC",
    format_type: _Form = {},  # noqa: B006
) -> Annotated[str, about("The time as text.")]:
    """Says what time of day it is."""
    del trigger
    how, zone, _ = settled(format_type, format, timezone)
    text = written(datetime.datetime.now(zone), how, format_type)
    return f"T{text.partition('T')[2]}" if how == "iso" else text


@block(
    id="time.countdown",
    title="Countdown",
    keywords=("timer", "delay", "sleep", "wait", "later", "repeat", "interval"),
    effects="reads",
    outputs={"message": Annotated[Any, about("The message, each time.")]},
    examples=[
        Example(
            inputs={"message": "ding", "repeat": 2},
            outputs={"message": ["ding", "ding"]},
        )
    ],
)
async def countdown(
    message: Annotated[Any, about("What is given when the time is over.")] = "timer finished",
    seconds: Annotated[float, pydantic.Field(ge=0), about("Seconds.")] = 0,
    *,
    minutes: Annotated[float, pydantic.Field(ge=0), about("And minutes.")] = 0,
    hours: Annotated[float, pydantic.Field(ge=0), about("And hours.")] = 0,
    days: Annotated[float, pydantic.Field(ge=0), about("And days.")] = 0,
    repeat: Annotated[int, pydantic.Field(ge=0, le=10_000), about("How often.")] = 1,
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:  # fmt: skip
    """Gives a message when a time is over, once or several times in a row.

    It holds nothing meanwhile. For more than a moment all of it comes at its own time,
    also after this kernel has ended and another went on.
    """
    length = seconds + 60 * minutes + 3600 * hours + 86_400 * days
    if length * max(repeat, 1) > _LONGEST:
        raise ValueError("That is more than a year in all; make a schedule of it.")
    for _ in range(repeat):
        await context.sleep(length)
        yield "message", message
