"""PostgresqlTransactor: one transaction after the other, over whatever the server does."""

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Select, func, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from agentbench.domain.errors import StoreError
from agentbench.domain.store import Durability
from agentbench.stores.base import Append
from agentbench.stores.postgresql import run_log
from agentbench.stores.postgresql.address import Address
from agentbench.stores.postgresql.faults import is_away, is_collision, store_error

RECONNECT_SECONDS = 30.0
"""How long a write is tried while the server is away; what is appended meanwhile waits."""

PAUSE_SECONDS = (0.02, 0.5)
"""Between two tries: at first, and at most."""

Result = TypeVar("Result")


class _Unsure(Exception):
    """The connection broke while committing: only the server knows whether it did."""

    def __init__(self, number: int, result: object) -> None:
        self.number, self.result = number, result
        super().__init__(number)


class PostgresqlTransactor:
    """Writes over one connection, which is made anew when the server was away.

    A transaction that broke off is done again, unless the server says that it was
    committed: each has a number, under which the server knows what became of it. So it
    is done once, and the events of an append are kept once.
    """

    def __init__(self, engine: Engine, address: Address) -> None:
        self._engine = engine
        self._address = address
        self._connection: Connection | None = None
        self._hurry = threading.Event()

    def transact(
        self,
        work: Callable[[Connection], Result],
        durability: Durability | None = None,
    ) -> Result:
        """Does `work` whole or not at all.

        Raises:
            StoreError: it could not be written.
        """
        deadline = time.monotonic() + RECONNECT_SECONDS
        pause, longest = PAUSE_SECONDS
        unsure: _Unsure | None = None
        while True:
            try:
                if unsure and self._was_committed(unsure.number):
                    return unsure.result  # type: ignore[return-value]
                unsure = None
                return self._once(work, durability or self._address.durability)
            except _Unsure as doubt:
                unsure, error = doubt, doubt.__cause__
            except (SQLAlchemyError, UnicodeError, OverflowError) as fault:
                error = fault
            assert isinstance(error, Exception)  # noqa: S101 - for the type checker
            is_over = time.monotonic() > deadline or self._hurry.wait(pause)
            if is_over or not (is_away(error) or is_collision(error)):
                raise self._give_up(error, unsure) from error
            pause = min(2 * pause, longest)

    def write(
        self, connection: Connection, appends: Sequence[Append]
    ) -> dict[Append, Exception]:
        return run_log.write_appends(connection, appends)

    def sync(self) -> None:
        # Its commit waits for the disk, and with it for all that was committed before.
        self.transact(lambda _: None, Durability.FULL)

    def hurry(self) -> None:
        self._hurry.set()

    def close(self) -> None:
        self._drop()

    def _once(
        self, work: Callable[[Connection], Result], durability: Durability
    ) -> Result:
        connection = self._connected()
        try:
            number: int = connection.execute(_begin(durability)).scalar_one()
            result = work(connection)
        except BaseException:
            self._roll_back(connection)
            raise
        try:
            connection.commit()
        except DBAPIError as error:
            self._drop()
            if is_away(error):
                raise _Unsure(number, result) from error
            raise
        return result

    def _was_committed(self, number: int) -> bool:
        """What became of the transaction of that number, once it is over."""
        while True:
            connection = self._connected()
            try:
                status = connection.scalar(select(func.txid_status(number)))
            except DBAPIError as error:
                if is_away(error):
                    raise
                status = "unknown to a server that came back without it"
            finally:
                self._roll_back(connection)
            if status != "in progress":
                return bool(status == "committed")
            time.sleep(PAUSE_SECONDS[0])  # its process has not noticed yet

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _roll_back(self, connection: Connection) -> None:
        try:
            connection.rollback()
        except SQLAlchemyError:
            self._drop()
        else:
            if connection.invalidated:
                self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(SQLAlchemyError):
                connection.close()

    def _give_up(self, error: Exception, unsure: _Unsure | None) -> StoreError:
        if unsure is None:
            return store_error(error, self._address.url)
        return StoreError(
            f"The store {self._address.url} went away while it wrote, and nobody knows"
            f" whether it did: {store_error(error, self._address.url)}"
        )


def _begin(durability: Durability) -> "Select[Any]":
    """Asks for the transaction's number, and how safe its commit shall be."""
    if durability is Durability.FULL:
        is_local = True
        safe = func.set_config("synchronous_commit", "on", is_local)
        return select(func.txid_current(), safe)
    return select(func.txid_current())
