"""Troubles: what went wrong behind a canvas, kept for a while under a short name.

A view shows a line and the name; the whole of it, with where it came from, is found here.
"""

import secrets
import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from agentbench.domain.errors import UnknownTrouble

KEPT = 100
"""So many are kept; the oldest go first."""

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Those that nobody takes for another."""


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """One error: its name, what was asked, when (in seconds since 1970), and all of it."""

    id: str
    asked: str
    at: float
    text: str
    """The message, and the lines of code that led to it."""

    def __repr__(self) -> str:
        when = time.strftime("%H:%M:%S", time.localtime(self.at))
        return f"{self.id} at {when}, asked to {self.asked}:\n{self.text}"


class Troubles:
    """Safe to use from any thread. `masked` hides secrets in a text."""

    def __init__(self, masked: Callable[[str], str]) -> None:
        self._masked = masked
        self._kept: OrderedDict[str, Trouble] = OrderedDict()
        self._lock = threading.Lock()

    def note(self, error: BaseException, asked: str) -> str:
        """Keeps an error, and gives the name under which it is found."""
        text = self._masked("".join(traceback.format_exception(error)).rstrip())
        with self._lock:
            id = _new_id()
            while id in self._kept:
                id = _new_id()
            self._kept[id] = Trouble(id=id, asked=asked, at=time.time(), text=text)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return id

    def find(self, id: str = "") -> Trouble:
        """The error of that name; the newest for no name.

        Raises:
            UnknownTrouble: there is none.
        """
        with self._lock:
            known = list(reversed(self._kept))
            wanted = id.upper() or (known[0] if known else "")
            if wanted not in self._kept:
                raise UnknownTrouble(id, known)
            return self._kept[wanted]


def _new_id() -> str:
    return "E-" + "".join(secrets.choice(_LETTERS) for _ in range(4))
