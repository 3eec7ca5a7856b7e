"""The tables of values: every statement on them is here."""

import datetime
import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from agentbench.domain.errors import StoreError
from agentbench.domain.store import Swept
from agentbench.stores.base import Quota
from agentbench.stores.postgresql.tables import BLOB_PARTS, BLOBS

DAMAGED = "damaged-"
PART_BYTES = 4 * 1024 * 1024

_HASH = re.compile(r"[0-9a-f]{64}")
_ADD_PART = insert(BLOB_PARTS).values(
    upload=bindparam("upload"), number=bindparam("number"), data=bindparam("data")
)


def name_of(data: bytes) -> str:
    """The SHA-256 of the bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def put(connection: Connection, parts: Iterable[bytes], quota: Quota) -> str:
    """Keeps the bytes, given in parts, and returns their hash."""
    upload = connection.scalar(select(func.txid_current()))
    digest = hashlib.sha256()
    size = 0
    for number, data in enumerate(_in_parts(parts)):
        quota.take(len(data), before=size)
        digest.update(data)
        size += len(data)
        row = {"upload": upload, "number": number, "data": data}
        connection.execute(_ADD_PART, row)
    blob = digest.hexdigest()
    named = upsert(BLOBS).values(hash=blob, size=size, upload=upload)
    kept = named.on_conflict_do_update(
        index_elements=["hash"], set_={"put": func.now()}
    ).returning(BLOBS.c.upload)
    if connection.scalar(kept) != upload:  # it was there
        connection.execute(delete(BLOB_PARTS).where(BLOB_PARTS.c.upload == upload))
    return blob


def has(connection: Connection, blob: str) -> bool:
    """Whether it is there; its age begins anew."""
    if not _HASH.fullmatch(blob):
        return False
    touch = update(BLOBS).where(BLOBS.c.hash == blob).values(put=func.now())
    return connection.execute(touch).rowcount == 1


def find(connection: Connection, blob: str) -> int:
    """The number of its upload.

    Raises:
        StoreError: it is missing.
    """
    if not _HASH.fullmatch(blob):
        raise StoreError(f"{blob!r} is not the hash of a value.")
    upload = connection.scalar(select(BLOBS.c.upload).where(BLOBS.c.hash == blob))
    if upload is None:
        raise StoreError(f"The value {blob} is missing from the store.")
    found: int = upload
    return found


def is_sound(connection: Connection, blob: str, upload: int) -> bool:
    """Whether its bytes, all looked at, are what they were."""
    digest = hashlib.sha256()
    for data in read(connection, upload):
        digest.update(data)
    return digest.hexdigest() == blob


def set_aside(connection: Connection, blob: str, upload: int) -> str:
    """Gives a damaged one another name, so that the value can be put anew."""
    name = f"{DAMAGED}{blob}-{upload}"
    is_it = (BLOBS.c.hash == blob) & (BLOBS.c.upload == upload)
    connection.execute(update(BLOBS).where(is_it).values(hash=name))
    return name


def read(connection: Connection, upload: int) -> Iterator[bytes]:
    """The bytes of an upload, part by part."""
    for number in itertools.count():
        query = select(BLOB_PARTS.c.data).where(
            BLOB_PARTS.c.upload == upload, BLOB_PARTS.c.number == number
        )
        data = connection.scalar(query)
        if data is None:
            return
        yield bytes(data)


def measure(connection: Connection) -> int:
    """How many bytes all values have."""
    return int(connection.scalar(select(func.sum(BLOBS.c.size))) or 0)


def time_before(connection: Connection, seconds: float) -> datetime.datetime:
    """The time so many seconds ago, by the server's clock."""
    now: datetime.datetime = connection.execute(select(func.now())).scalar_one()
    return now - datetime.timedelta(seconds=seconds)


def sweep(connection: Connection, used: set[str], before: datetime.datetime) -> Swept:
    """Takes away what is not used and was put before that time.

    Its row is looked at once more under its lock: whoever asked for it in the meantime
    has it.
    """
    old = select(BLOBS.c.hash).where(
        BLOBS.c.put <= before, ~BLOBS.c.hash.startswith(DAMAGED)
    )
    unused = [blob for blob in connection.execute(old).scalars() if blob not in used]
    count = size = 0
    for blob in unused:
        gone = (
            delete(BLOBS)
            .where(BLOBS.c.hash == blob, BLOBS.c.put <= before)
            .returning(BLOBS.c.upload, BLOBS.c.size)
        )
        row = connection.execute(gone).first()
        if row is not None:
            connection.execute(
                delete(BLOB_PARTS).where(BLOB_PARTS.c.upload == row.upload)
            )
            count, size = count + 1, size + row.size
    return Swept(count=count, size=size)


def _in_parts(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces that the server can take."""
    for data in parts:
        for start in range(0, len(data), PART_BYTES):
            yield bytes(data[start : start + PART_BYTES])
