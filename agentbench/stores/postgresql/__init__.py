"""The PostgreSQL store: one server, many kernels on many machines.

`store.py` is the face. `address.py` reads the URL, `tables.py` and `schema.py` are what
the server holds, `transactor.py` writes for the thread of `stores.base` and outlives a
restart of the server, `run_log.py`, `library.py` and `blobs.py` hold the statements,
`faults.py` the words for what goes wrong. SQLAlchemy and psycopg are at home here only.
"""

from agentbench.domain.errors import MissingLibrary

try:
    from agentbench.stores.postgresql.store import PostgresqlStore
except ModuleNotFoundError as error:
    if error.name not in {"psycopg", "sqlalchemy"}:
        raise
    raise MissingLibrary("The PostgreSQL store", error.name, "postgres") from error

__all__ = ["PostgresqlStore"]
