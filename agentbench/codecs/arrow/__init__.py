"""Tables in Arrow's stream format: pandas, pyarrow and Polars.

`table.py` keeps what is Arrow already. `frame.py` keeps pandas frames and series, in
`cells.py` column by column, in `axis.py` their labels.
"""

from agentbench.codecs.arrow.frame import FrameCodec, SeriesCodec
from agentbench.codecs.arrow.table import PolarsCodec, TableCodec

__all__ = ["FrameCodec", "PolarsCodec", "SeriesCodec", "TableCodec"]
