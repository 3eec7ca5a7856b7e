"""Patterns: regular expressions in RE2, whose time grows with the text alone."""

import itertools
from collections.abc import Iterator
from typing import Any

from agentbench.blocks.base import library

MOST_MATCHES = 10_000


class Pattern:
    """A regular expression that was understood."""

    def __init__(self, made: Any) -> None:
        self._made = made
        self.groups: int = made.groups
        self.names: tuple[str, ...] = tuple(made.groupindex)

    def matches(self, text: str, most: int) -> Iterator[Any]:
        """The first matches in a text, so many at most."""
        return itertools.islice(self._made.finditer(text), most)


def compiled(pattern: str, *, case_sensitive: bool, dot_all: bool = False) -> Pattern:
    """The pattern, ready to look.

    Raises:
        ValueError: it has a mistake, or asks for what RE2 does not do.
    """
    re2 = library("re2", "Looking for a pattern", package="google-re2")
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = case_sensitive
    options.dot_nl = dot_all
    try:
        return Pattern(re2.compile(pattern, options))
    except re2.error as error:
        reason = error.args[0] if error.args else error
        said = reason.decode() if isinstance(reason, bytes) else reason
        raise ValueError(f"'pattern' {pattern!r} is no pattern: {said}.") from error


def group_of(made: Pattern, group: int | str, pattern: str) -> int | str:
    """The bracket by number or name, once it is known to be there.

    Raises:
        ValueError: there is no such bracket.
    """
    wanted = int(group) if str(group).isdigit() else group
    known = [*range(made.groups + 1), *made.names]
    if wanted not in known:
        raise ValueError(
            f"'group' is {group!r}; {pattern!r} has {', '.join(map(repr, known))}."
        )
    return wanted
