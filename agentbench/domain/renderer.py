"""Renderer: turns a value into a MIME bundle, the form in which Jupyter shows things."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Hints = Mapping[str, Any]
"""What is known of a value besides itself: `mime`, `filename`, `language`, `title`,
`type` (`table`, `image`), `renderer` (the name of the one to be asked first), and
`is_opened` (a file is to be read and not only named)."""


@dataclass(frozen=True)
class MimeBundle:
    """One value in one or more MIME types, `text/plain` always among them."""

    data: dict[str, Any]
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Download:
    """A value as a file."""

    filename: str
    mime: str
    content: bytes


class Renderer(Protocol):
    """Shows one kind of value. The registry asks renderers in falling `priority`."""

    name: str
    priority: int

    def can_render(self, value: Any, hints: Hints) -> bool:
        """Whether it shows this value; it must not import a library to find out."""
        ...

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        """The value as a MIME bundle: the same for the same value, and of bounded size."""
        ...

    def copy(self, value: Any, hints: Hints) -> str | None:
        """The value as text for the clipboard, or None."""
        ...

    def download(self, value: Any, hints: Hints) -> Download | None:
        """The value as a file, or None."""
        ...


@dataclass(frozen=True, kw_only=True)
class PageAsked:
    """Which part of a table is wanted: rows from `start`, columns from `column`.

    `sort` is the number of a column, None for the order as it is. `filter` is text
    that a cell of the row holds, or a comparison such as `price > 10`.
    """

    start: int = 0
    rows: int = 50
    column: int = 0
    sort: int | None = None
    is_descending: bool = False
    filter: str = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A part of a table as text; the first `labels` columns name the rows.

    `total` and `columns` say how large the table is, `matching` how many of its rows
    the filter leaves.
    """

    names: list[str]
    rows: list[list[str]]
    are_numbers: list[bool]
    labels: int
    start: int
    column: int
    total: int
    matching: int
    columns: int


class Pager(Protocol):
    """Gives a large table page by page, so that it never travels as a whole."""

    def page(self, asked: PageAsked) -> Page:
        """One page of it.

        Raises:
            ValueError: the filter cannot be understood.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Member:
    """A member of a branch. `length` is how many members it has itself, -1 for a leaf.

    `value` is JSON: a leaf as it is, within bounds; of a branch a glance.
    """

    name: str
    value: Any
    length: int


@dataclass(frozen=True, kw_only=True)
class Branch:
    """Members of a dictionary, a list or an object, from `start` on; `total` has it."""

    members: list[Member]
    start: int
    total: int
    is_list: bool


class Brancher(Protocol):
    """Gives a large tree branch by branch."""

    def branch(self, path: Sequence[int], start: int = 0) -> Branch:
        """A page of a branch, which is named by the places of its members.

        Raises:
            LookupError: there is no such branch.
        """
        ...
