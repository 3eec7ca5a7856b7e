"""Branches: a tree of any size, opened branch by branch, so that it never travels whole."""

import itertools
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from agentbench.domain.renderer import Branch, Member
from agentbench.renderers.base.json_form import JsonForm
from agentbench.renderers.base.literal import fields_of, in_order, short

MOST = 100
"""So many members are in one page of a branch."""
_GLANCE = 6
_SETS = 8


class Branches:
    """The branches of one value; each is named by the places of its members, from the root."""

    def __init__(self, value: Any) -> None:
        self._value = value
        self._ordered: dict[int, list[Any]] = {}

    def branch(self, path: Sequence[int], start: int = 0) -> Branch:
        """The members of a branch from `start` on, at most a page of them.

        Raises:
            LookupError: there is no such branch.
        """
        held = self._held(self._value)
        for place in path:
            held = self._held(self._member(held, place))
        if held is None:
            raise LookupError("There is no such branch.")
        total = len(held)
        first = max(0, min(start, max(total - 1, 0)))
        return Branch(
            members=list(self._members(held, first)),
            start=first,
            total=total,
            is_list=not isinstance(held, Mapping),
        )

    def _members(self, held: Any, start: int) -> Iterator[Member]:
        until = start + MOST
        if isinstance(held, Mapping):
            for key, item in itertools.islice(held.items(), start, until):
                yield self._told(key if type(key) is str else short(key), item)
        else:
            for place, item in enumerate(held[start:until], start):
                yield self._told(str(place), item)

    def _told(self, name: str, item: Any) -> Member:
        held = self._held(item)
        name = name if len(name) <= 200 else f"{name[:199]}…"
        if held is None:
            return Member(name=name, value=JsonForm(string=2_000).of(item), length=-1)
        glance = JsonForm(depth=2, items=_GLANCE, string=60, left=30).of(item)
        return Member(name=name, value=glance, length=len(held))

    def _member(self, held: Any, place: int) -> Any:
        if held is None or not 0 <= place < len(held):
            raise LookupError("There is no such branch.")
        if isinstance(held, Mapping):
            return next(itertools.islice(held.values(), place, None))
        return held[place]

    def _held(self, value: Any) -> Any:
        """What a value holds, as a mapping or a sequence; None for a leaf."""
        fields = fields_of(value)
        held = value if fields is None else fields
        if isinstance(held, Set):
            if id(held) not in self._ordered:
                while len(self._ordered) >= _SETS:
                    self._ordered.pop(next(iter(self._ordered)))
                self._ordered[id(held)] = list(in_order(held))
            return self._ordered[id(held)]
        return held if isinstance(held, (Mapping, list, tuple)) else None
