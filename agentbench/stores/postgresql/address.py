"""Address: where a PostgreSQL store is, read from its URL."""

import dataclasses
import re

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from agentbench.domain.errors import StoreError
from agentbench.domain.store import Durability

_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}")
DEFAULT_SCHEMA = "agentbench"

_SECRETS = ("password", "sslpassword", "passfile")


@dataclasses.dataclass(frozen=True)
class Address:
    """The database, the schema in it that is ours, and what a commit outlives.

    With `full` a commit waits until the server's disk has it, whatever the server is set
    to do; with `fast` it is as safe as the server's own setting, which is the same
    unless its administrator chose otherwise.
    """

    server: URL = dataclasses.field(repr=False)
    schema: str
    durability: Durability

    @property
    def url(self) -> str:
        """The address as a URL, without a password."""
        shown = self.server.difference_update_query(_SECRETS)
        if self.schema != DEFAULT_SCHEMA:
            shown = shown.update_query_dict({"schema": self.schema})
        # A copy without it: `set` takes None for "as it is".
        shown = shown._replace(drivername="postgresql", password=None)
        return shown.render_as_string()

    @classmethod
    def read(cls, where: str, durability: Durability = Durability.FAST) -> "Address":
        """The address of `postgresql://user:password@host/database`.

        `?schema=name` has the tables in another schema than `agentbench`; `?durability=`
        goes before `durability`; what else stands there is for libpq.

        Raises:
            StoreError: it names no database.
        """
        try:
            url = make_url(where)
        except (ArgumentError, ValueError):
            raise _not_an_address() from None
        query = {
            key: value if isinstance(value, str) else value[-1]
            for key, value in url.query.items()
        }
        schema = query.pop("schema", DEFAULT_SCHEMA)
        wanted = query.pop("durability", str(durability)).lower()
        is_ours = url.drivername in {"postgresql", "postgresql+psycopg"}
        if (
            not is_ours
            or not _SCHEMA.fullmatch(schema)
            or wanted not in list(Durability)
        ):
            raise _not_an_address()
        server = url.set(drivername="postgresql+psycopg", query=query)
        return cls(server, schema, Durability(wanted))


def _not_an_address() -> StoreError:
    # What was given is not repeated: there may be a password in it.
    return StoreError(
        "That is no address of a PostgreSQL store. Write"
        " postgresql://user:password@host:5432/database (with ?schema=name for tables"
        " of your own, ?durability=full to outlive a power cut)."
    )
