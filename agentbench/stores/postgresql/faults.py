"""Faults: what PostgreSQL and its driver say, in words that help."""

import contextlib
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from agentbench.domain.errors import StorageFull, StoreError, StoreUnreachable

_FULL = {"53100"}
_AWAY = {
    "57P01",
    "57P02",
    "57P03",
    "53300",
    "08000",
    "08001",
    "08003",
    "08004",
    "08006",
}
"""Shutting down, crashed, starting up, too many connections, connection failures."""
_COLLISION = {"40001", "40P01", "55P03"}


def state(error: BaseException) -> str:
    """The five characters by which PostgreSQL names an error; empty for any other."""
    found = getattr(getattr(error, "orig", error), "sqlstate", None)
    return found or ""


def is_away(error: BaseException) -> bool:
    """Whether the server cannot be reached, for the moment at least."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated or state(error) in _AWAY:
        return True
    # What libpq finds out by itself has no state: refused, no such host, no socket.
    return type(error.orig).__name__ == "OperationalError" and not state(error)


def is_collision(error: BaseException) -> bool:
    """Whether two transactions got in each other's way: trying again helps."""
    return state(error) in _COLLISION


def store_error(error: Exception, url: str) -> StoreError:
    """The error in our words."""
    reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    if state(error) in _FULL:
        return StorageFull(f"the store {url}", reason)
    if is_away(error) or is_collision(error):
        return StoreUnreachable(url, reason)
    return StoreError(f"The store {url}: {reason}.")


@contextlib.contextmanager
def told_plainly(url: str) -> Iterator[None]:
    """Raises whatever PostgreSQL refuses as a `StoreError`."""
    try:
        yield
    except (SQLAlchemyError, UnicodeError, OverflowError) as error:
        raise store_error(error, url) from error
