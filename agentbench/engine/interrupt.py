"""The interrupt: an exception raised in another thread, which ends what is Python there."""


class LeftBehind(BaseException):
    """Raised into a block that nobody waits for any more. Not for blocks to catch."""


def raise_in(thread: int, kind: type[BaseException]) -> None:
    """Has the thread of that number raise `kind` before its next step of Python.

    What it does in C code (a sleep, a long computation of a library) goes on until it
    comes back to Python.
    """
    import ctypes

    raise_there = ctypes.pythonapi.PyThreadState_SetAsyncExc
    raise_there(ctypes.c_ulong(thread), ctypes.py_object(kind))
