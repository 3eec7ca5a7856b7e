"""The interrupt of the user, while a cell waits for a run."""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any


@contextlib.contextmanager
def none_lost() -> Iterator[Callable[[], None]]:
    """Gives what raises the user's interrupt once more, should it have been lost.

    Python drops what is raised while it is in a callback of the collector, of a weak
    reference, or in a `__del__`. Only in the main thread; elsewhere no interrupt comes.
    """
    before = signal.getsignal(signal.SIGINT)
    is_main = threading.current_thread() is threading.main_thread()
    if not (is_main and callable(before)):
        yield lambda: None
        return
    noted: list[bool] = []

    def note(number: int, frame: FrameType | None) -> Any:
        try:
            return before(number, frame)
        except KeyboardInterrupt:
            noted.append(True)
            raise

    def look() -> None:
        if noted:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, note)
    try:
        yield look
    finally:
        if signal.getsignal(signal.SIGINT) is note:
            signal.signal(signal.SIGINT, before)
