"""What stores that write to a database have in common.

`append.py` is one append on its way, and the reading of what came of it; `writer.py` the
one thread that writes; `quota.py` counts the bytes of the values.
"""

from agentbench.stores.base.append import (
    Append,
    Row,
    extend_records,
    named_blobs,
    read_lines,
    rows_of,
)
from agentbench.stores.base.quota import Quota
from agentbench.stores.base.writer import Transactor, Writer

__all__ = [
    "Append",
    "Quota",
    "Row",
    "Transactor",
    "Writer",
    "extend_records",
    "named_blobs",
    "read_lines",
    "rows_of",
]
