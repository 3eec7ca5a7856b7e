"""Cells: one value of a table in a line of text."""

import datetime
import re
from collections.abc import Sequence
from typing import Any

from agentbench.renderers.base import fit, short, stable

_NUMBER = re.compile(r"\s*[-+]?\d[\d.,]*(?:[eE][-+]?\d+)?\s*%?")


def are_numbers(column: Sequence[Any]) -> bool:
    """Whether all that is in a column is numbers, and there are some."""
    kinds = {type(item) for item in column if item is not None}
    return bool(kinds) and all(issubclass(k, (int, float)) for k in kinds)


def read_as_numbers(column: Sequence[Any]) -> bool:
    """Whether it is numbers, or texts that read as such, as those of CSV do."""
    held = [item for item in column if item is not None and item != ""]
    texts = [item for item in held if isinstance(item, str)]
    are_texts = bool(texts) and len(texts) == len(held)
    return are_numbers(column) or (are_texts and all(map(_NUMBER.fullmatch, texts)))


def written(value: Any, width: int) -> str:
    """The value in one line of at most `width` characters."""
    if isinstance(value, str):
        return fit(value, width)
    if isinstance(value, tuple):
        return fit(" / ".join(written(part, width) for part in value), width)
    if isinstance(value, float):
        return "NaN" if value != value else f"{value:.6g}"  # noqa: PLR0124 - NaN alone
    if isinstance(value, datetime.datetime) and str(value) != "NaT":
        return str(value).removesuffix(" 00:00:00")
    if value is None or isinstance(value, (int, datetime.date)):
        return short(value, width).removeprefix("datetime.")
    try:
        return fit(stable(str(value)[:1_000]), width)
    except Exception:  # noqa: BLE001 - a cell may hold anything
        return short(value, width)
