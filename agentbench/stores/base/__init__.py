"""What stores that write to a database have in common.

`database.py` is the store itself but for its tables and values; `append.py` one append on
its way, and the reading of what came of it; `writer.py` the one thread that writes;
`quota.py` counts the bytes of the values.
"""

from agentbench.stores.base.append import (
    Append,
    Row,
    extend_records,
    lines_of,
    named_blobs,
    read_lines,
    rows_of,
)
from agentbench.stores.base.database import DatabaseStore
from agentbench.stores.base.quota import Quota
from agentbench.stores.base.writer import Transactor, Writer

__all__ = [
    "Append",
    "DatabaseStore",
    "Quota",
    "Row",
    "Transactor",
    "Writer",
    "extend_records",
    "lines_of",
    "named_blobs",
    "read_lines",
    "rows_of",
]
