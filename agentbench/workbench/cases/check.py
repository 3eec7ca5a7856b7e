"""Check: one thing that is expected of the values of an output. Data, never code."""

import difflib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agentbench.domain.schema import Checker, kind_of
from agentbench.replay import written

KINDS = ("equals", "contains", "matches", "schema", "count")
OF = ("only", "all", "each", "first", "last")
"""Which of the values are looked at: the only one there is to be, the list of all, …"""
LINES = 60
"""Lines that are shown of a difference."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """What is expected: `equals`, `contains`, `matches`, `schema` or `count`.

    `within` is how far numbers may be from those of `equals`, relative to their size.
    """

    kind: str
    wanted: Any
    of: str = "only"
    within: float = 0.0

    def fault(self, values: Sequence[Any]) -> str:
        """What is wrong with the values, in lines; empty when nothing is."""
        if self.kind == "count":
            is_right = len(values) == self.wanted
            return (
                "" if is_right else f"{self.wanted} values expected, got {len(values)}"
            )
        if self.of == "all":
            return self._fault(list(values))
        if not values:
            return "a value expected, got none"
        if self.of == "only" and len(values) != 1:
            return f'one value expected, got {len(values)} (with "of": "all", "each", "first" or "last" others are looked at)'
        if self.of == "each":
            faults = (
                f"value {number}: {fault}"
                for number, value in enumerate(values, start=1)
                if (fault := self._fault(value))
            )
            return next(faults, "")
        return self._fault(values[0 if self.of == "first" else -1])

    def plain(self) -> dict[str, Any]:
        """The check as JSON."""
        said: dict[str, Any] = {self.kind: written(self.wanted)}
        if self.of != "only":
            said["of"] = self.of
        if self.within:
            said["within"] = self.within
        return said

    def _fault(self, value: Any) -> str:
        found: str = getattr(self, f"_{self.kind}")(value)
        return found

    def _equals(self, value: Any) -> str:
        if _is_equal(self.wanted, value, self.within):
            return ""
        return difference(self.wanted, value)

    def _contains(self, value: Any) -> str:
        if _holds(value, self.wanted):
            return ""
        return f"{_shown(self.wanted)} expected in it, got:\n{_indented(value)}"

    def _matches(self, value: Any) -> str:
        import re2

        text = value if isinstance(value, str) else json.dumps(value)
        if re2.search(self.wanted, text):
            return ""
        return f"a match of {self.wanted!r} expected, got:\n{_indented(value)}"

    def _schema(self, value: Any) -> str:
        import referencing

        try:
            error = next(Checker(self.wanted).iter_errors(value), None)
        except referencing.exceptions.Unresolvable as unresolvable:
            return f"the schema refers to {unresolvable.ref!r}, which is not in it"
        except RecursionError as fault:
            return f"the schema cannot be followed ({fault})"
        if error is None:
            return ""
        return f"{error.json_path}: {error.message}"


def read_checks(place: str, said: Any) -> tuple[Check, ...]:
    """The checks that JSON says: one, or a list of them; `place` is named in errors.

    Raises:
        ValueError: it says none.
    """
    from agentbench.replay import read

    found = []
    for one in said if isinstance(said, list) else [said]:
        kinds = [kind for kind in KINDS if isinstance(one, dict) and kind in one]
        if len(kinds) != 1 or set(one) - {kinds[0], "of", "within"}:
            there = ", ".join(KINDS)
            message = f"{place} is a check or a list of them: one of {there}, and perhaps `of` or `within`, not {_shown(one)}."
            raise ValueError(message)
        kind = kinds[0]
        check = Check(
            kind=kind,
            wanted=read(one[kind], _no_file),
            of=one.get("of", "only"),
            within=one.get("within", 0.0),
        )
        if reason := _why_not(check):
            raise ValueError(f"{place}.{kind}: {reason}")
        found.append(check)
    return tuple(found)


def difference(wanted: Any, got: Any) -> str:
    """Two values line by line, as `diff -u` shows them."""
    lines = list(
        difflib.unified_diff(
            _lines(wanted), _lines(got), "expected", "got", n=2, lineterm=""
        )
    )
    more = len(lines) - LINES
    return "\n".join(lines[:LINES] + ([f"… {more} more lines"] if more > 0 else []))


def _why_not(check: Check) -> str:
    """Why a check cannot be meant, in words."""
    if check.of not in OF:
        return f"`of` is one of {', '.join(OF)}, not {check.of!r}."
    within: Any = check.within
    is_number = isinstance(within, (int, float)) and within >= 0
    if not is_number or (check.within and check.kind != "equals"):
        return "`within` is a number from 0, and goes with `equals`."
    if check.kind == "count" and type(check.wanted) is not int:
        return "it takes a whole number."
    if check.kind == "matches":
        return _why_no_pattern(check.wanted)
    if check.kind == "schema":
        return _why_no_schema(check.wanted)
    return ""


def _why_no_pattern(pattern: Any) -> str:
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except (re2.error, TypeError) as error:
        return f"{pattern!r} is no pattern: {error}."
    return ""


def _why_no_schema(schema: Any) -> str:
    import jsonschema

    try:
        kind_of(schema).check_schema(schema)
    except jsonschema.SchemaError as error:
        return f"{error.json_path} is no JSON schema: {error.message}."
    return ""


def _is_equal(wanted: Any, got: Any, within: float) -> bool:
    if isinstance(wanted, bool) or isinstance(got, bool):
        return wanted is got
    if isinstance(wanted, (int, float)) and isinstance(got, (int, float)):
        return wanted == got or math.isclose(wanted, got, rel_tol=within)
    if isinstance(wanted, dict) and isinstance(got, dict):
        return wanted.keys() == got.keys() and all(
            _is_equal(wanted[key], got[key], within) for key in wanted
        )
    if isinstance(wanted, list) and isinstance(got, list):
        return len(wanted) == len(got) and all(
            _is_equal(a, b, within) for a, b in zip(wanted, got, strict=True)
        )
    return type(wanted) is type(got) and bool(wanted == got)


def _holds(whole: Any, part: Any) -> bool:
    """Whether a text holds another, a list an item, a dictionary some of its items."""
    if isinstance(whole, str):
        return isinstance(part, str) and part in whole
    if isinstance(whole, dict) and isinstance(part, dict):
        return all(
            key in whole
            and (_is_equal(item, whole[key], 0.0) or _holds(whole[key], item))
            for key, item in part.items()
        )
    if isinstance(whole, list):
        return any(_is_equal(part, item, 0.0) or _holds(item, part) for item in whole)
    return _is_equal(part, whole, 0.0)


def _lines(value: Any) -> list[str]:
    if isinstance(value, str):
        return value.split("\n")
    return json.dumps(written(value), indent=2, ensure_ascii=False).split("\n")


def _indented(value: Any) -> str:
    lines = _lines(value)
    kept = lines[:LINES] + (["…"] if len(lines) > LINES else [])
    return "\n".join(f"    {line}" for line in kept)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 100 else text[:99] + "…"


def _no_file(name: str) -> bytes:
    raise ValueError(f"{name!r} would be a file beside it, which a case has not")
