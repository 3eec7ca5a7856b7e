"""Zones: what a moment, a date and a zone may be written as."""

import datetime
import re
import zoneinfo
from collections.abc import Mapping
from typing import Any

LOCAL = "local"


def zone_of(name: str) -> datetime.tzinfo:
    """The time zone of that name: `Europe/Oslo`, `UTC`, `+02:00`, `local`.

    Raises:
        ValueError: there is no such zone.
    """
    wanted = name.strip()
    if wanted.upper() in ("", "UTC", "Z"):
        return datetime.UTC
    if wanted.lower() == LOCAL:
        return datetime.datetime.now().astimezone().tzinfo or datetime.UTC
    shift = re.fullmatch(r"([+-])(\d\d):?(\d\d)", wanted)
    if shift:
        sign = -1 if shift[1] == "-" else 1
        minutes = sign * (int(shift[2]) * 60 + int(shift[3]))
        if abs(minutes) < 24 * 60:
            return datetime.timezone(datetime.timedelta(minutes=minutes))
    try:
        return zoneinfo.ZoneInfo(wanted)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"There is no time zone {name!r}; write it as Europe/Oslo, UTC or +02:00."
        ) from None


def now(zone: str = "") -> datetime.datetime:
    """This moment, in a zone."""
    return datetime.datetime.now(zone_of(zone))


def moment_of(value: Any, port: str, zone: str = "") -> datetime.datetime:
    """A moment of ISO text, a date, or seconds since 1970; of no zone, it is in `zone`.

    Raises:
        ValueError: it is none of these.
    """
    found = _moment(value)
    if found is None:
        raise ValueError(
            f"{port!r} {value!r:.60} is no moment; write 2024-01-31 or"
            " 2024-01-31T15:30, or read it first (`time.parse`)."
        )
    return found if found.tzinfo else found.replace(tzinfo=zone_of(zone))


def _moment(value: Any) -> datetime.datetime | None:
    if isinstance(value, datetime.datetime):
        return value
    if isinstance(value, datetime.date):
        return datetime.datetime.combine(value, datetime.time())
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.datetime.fromtimestamp(value, datetime.UTC)
        return datetime.datetime.fromisoformat(str(value).strip())
    except (ValueError, OverflowError, OSError):
        return None


def written(
    moment: datetime.datetime, how: str, form: Mapping[str, Any] | None = None
) -> str:
    """A moment as text: `how` is `iso`, or what strftime takes.

    Raises:
        ValueError: it cannot be written like that.
    """
    if how == "iso":
        precise = bool((form or {}).get("include_microseconds"))
        return moment.isoformat(timespec="microseconds" if precise else "seconds")
    if len(how) > 500:
        raise ValueError("'format' is longer than 500 letters.")
    try:
        return moment.strftime(how)
    except (ValueError, UnicodeError) as error:
        raise ValueError(
            f"'format' {how!r} cannot be written: {error}. Such as %Y-%m-%d %H:%M."
        ) from error


def settled(
    form: Mapping[str, Any], how: str, zone: str
) -> tuple[str, datetime.tzinfo, bool]:
    """The format, the zone, and whether microseconds count; what `form` says wins.

    `form` is a dictionary with `discriminator` (`strftime` or `iso8601`), `format`,
    `timezone`, `use_user_timezone`, `include_microseconds`, as other programs have it.
    """
    if str(form.get("discriminator", "")) == "iso8601":
        how = "iso"
    elif form.get("format"):
        how = str(form["format"])
    named = (
        LOCAL if form.get("use_user_timezone") else str(form.get("timezone") or zone)
    )
    return how, zone_of(named), bool(form.get("include_microseconds"))
