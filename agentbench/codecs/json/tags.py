"""Tags: how JSON says what it has no word for.

An object with one key that starts with `$` is a tag: `{"$tuple": [1, 2]}`. A dict that
looks like one by chance is written as `{"$dict": [[key, value]]}`, so nothing that a
user or a model makes can be taken for a tag. Listed here are the tags of single values;
those of containers are in `codec.py`.
"""

import base64
import datetime
import decimal
import math
import re
import uuid
import zoneinfo
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

INT_RANGE = range(-(2**63), 2**63)
"""Integers that every JSON reader of ours keeps exact."""


class Unkept(Exception):
    """Why a value cannot be kept; each container on the way out adds a step to `path`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.path: list[str] = []
        super().__init__(reason)


class Tag(NamedTuple):
    """A tag's name, and how its value becomes JSON and comes back."""

    name: str
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def check_text(text: str) -> str:
    """The text, if UTF-8 can write it."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Unkept("the text holds half a character (a lone surrogate)") from None
    return text


def _write_float(number: float) -> str:
    if math.isnan(number):
        return "nan"
    return "inf" if number > 0 else "-inf"


def _write_moment(moment: datetime.datetime | datetime.time) -> Any:
    zone = moment.tzinfo
    if zone is None or type(zone) is datetime.timezone:
        return moment.isoformat() if not moment.fold else [moment.isoformat(), "", 1]
    if type(zone) is zoneinfo.ZoneInfo and zone.key:
        return [moment.replace(tzinfo=None).isoformat(), zone.key, moment.fold]
    kind = f"{type(zone).__module__}.{type(zone).__qualname__}"
    raise Unkept(
        f"its time zone is a {kind}; use zoneinfo.ZoneInfo or datetime.timezone"
    )


def _read_moment(kind: Any, written: Any) -> Any:
    if isinstance(written, str):
        return kind.fromisoformat(written)
    text, key, fold = written
    moment = kind.fromisoformat(text).replace(fold=fold)
    return moment.replace(tzinfo=zoneinfo.ZoneInfo(key)) if key else moment


def _write_delta(delta: datetime.timedelta) -> list[int]:
    return [delta.days, delta.seconds, delta.microseconds]


def _write_bytes(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _read_bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _write_complex(number: complex) -> list[str]:
    return [number.real.hex(), number.imag.hex()]


def _read_complex(parts: list[str]) -> complex:
    real, imaginary = parts
    return complex(float.fromhex(real), float.fromhex(imaginary))


BIG_INT = Tag("$int", hex, lambda text: int(text, 16))
"""In hex, because Python refuses decimal numbers of more than 4300 digits."""

ODD_FLOAT = Tag("$float", _write_float, float)

TAGS: Mapping[type, Tag] = {
    bytes: Tag("$bytes", _write_bytes, _read_bytes),
    complex: Tag("$complex", _write_complex, _read_complex),
    datetime.date: Tag("$date", datetime.date.isoformat, datetime.date.fromisoformat),
    datetime.datetime: Tag(
        "$datetime", _write_moment, lambda text: _read_moment(datetime.datetime, text)
    ),
    datetime.time: Tag(
        "$time", _write_moment, lambda text: _read_moment(datetime.time, text)
    ),
    datetime.timedelta: Tag(
        "$timedelta", _write_delta, lambda parts: datetime.timedelta(*parts)
    ),
    decimal.Decimal: Tag("$decimal", str, decimal.Decimal),
    uuid.UUID: Tag("$uuid", str, uuid.UUID),
}
"""By exact type: a class derived from one would come back as something else."""

_DTYPE = re.compile(r"\|b1|\|[iu]1|[<>][iufc](2|4|8|16)|[<>][mM]8\[\w+\]")


def _write_numpy(number: Any) -> list[str]:
    dtype: str = number.dtype.str
    if dtype[1] == "U":
        return ["U", check_text(str(number))]
    if dtype[1] == "S":
        return ["S", _write_bytes(bytes(number))]
    # The longest floats hold unused bytes, and are other numbers on other machines.
    if not _DTYPE.fullmatch(dtype) or dtype[1:] == "f16":
        raise Unkept(f"a NumPy {number.dtype} has no place in JSON")
    return [dtype, _write_bytes(number.tobytes())]


def _read_numpy(written: list[str]) -> Any:
    import numpy as np

    dtype, text = written
    if dtype == "U":
        return np.str_(text)
    if dtype == "S":
        return np.bytes_(_read_bytes(text))
    if not _DTYPE.fullmatch(dtype):
        raise ValueError(f"{dtype!r} is no NumPy type of ours")
    (number,) = np.frombuffer(_read_bytes(text), dtype)
    return number


NUMPY = Tag("$numpy", _write_numpy, _read_numpy)
"""A NumPy number, as `mean()` and the like give it."""

READERS: Mapping[str, Callable[[Any], Any]] = {
    tag.name: tag.read for tag in (BIG_INT, ODD_FLOAT, NUMPY, *TAGS.values())
}
