"""Registry: name to thing; refuses doubles, and tells whoever listens."""

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from agentbench.domain.block import Block
from agentbench.domain.errors import DuplicateName, UnknownBlock

Thing = TypeVar("Thing")


class Registry(Generic[Thing]):
    """Things by name, in the order they came; safe to use from any thread.

    `fill` is called once, before the first look-up: what is costly to load is
    loaded when somebody asks.
    """

    def __init__(
        self,
        kind: str,
        name_of: Callable[[Thing], str],
        fill: Callable[[], Iterable[Thing]] | None = None,
    ) -> None:
        self.kind = kind
        self._name_of = name_of
        self._fill = fill
        self._is_filled = fill is None
        self._things: dict[str, Thing] = {}
        self._listeners: list[Callable[[Thing], None]] = []
        self._lock = threading.RLock()
        self.revision = 0
        """Grows with every thing that is registered."""

    def register(self, thing: Thing, *, replace: bool = False) -> Thing:
        """Adds a thing and returns it.

        Raises:
            DuplicateName: the name is taken and `replace` is false.
        """
        with self._lock:
            self._filled()
            name = self._name_of(thing)
            if name in self._things and not replace:
                raise DuplicateName(self.kind, name)
            self._things[name] = thing
            self.revision += 1
            listeners = list(self._listeners)
        for listener in listeners:
            listener(thing)
        return thing

    def remove(self, name: str) -> None:
        """Takes a thing away; one that is not there is no error."""
        with self._lock:
            things = dict(self._filled())
            things.pop(name, None)
            self._things = things  # whoever goes through the old one is not disturbed

    def get(self, name: str) -> Thing | None:
        """The thing of that name, or None."""
        return self._filled().get(name)

    def names(self) -> list[str]:
        """Every name, in order of arrival."""
        return list(self._filled())

    def listen(self, listener: Callable[[Thing], None]) -> Callable[[], None]:
        """Calls `listener` with every thing registered from now on, until told to stop."""
        with self._lock:
            self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def __iter__(self) -> Iterator[Thing]:
        return iter(list(self._filled().values()))

    def __contains__(self, name: str) -> bool:
        return name in self._filled()

    def __len__(self) -> int:
        return len(self._filled())

    def _filled(self) -> dict[str, Thing]:
        if self._is_filled:
            return self._things
        with self._lock:
            fill, self._fill = self._fill, None
            if fill is not None:
                for thing in fill():
                    self.register(thing)
                self._is_filled = True
            return self._things


class BlockRegistry(Registry[Block]):
    """The blocks that may be placed."""

    def __init__(
        self,
        fill: Callable[[], Iterable[Block]] | None = None,
        *,
        unlisted: Callable[[str, "BlockRegistry"], Block | None] | None = None,
    ) -> None:
        """`unlisted` makes blocks that are in no list, such as those of imported agents."""
        super().__init__("block", lambda block: block.id, fill)
        self._make, self._made = unlisted, dict[str, Block | None]()

    def get(self, name: str) -> Block | None:
        """The block of that id, listed or not, or None."""
        found = super().get(name)
        if found is not None or self._make is None:
            return found
        if name not in self._made:
            self._made[name] = self._make(name, self)
        return self._made[name]

    def block(self, id: str) -> Block:
        """The block of that id.

        Raises:
            UnknownBlock: with the ids that look like it.
        """
        found = self.get(id)
        if found is None:
            raise UnknownBlock(id, self.names())
        return found
