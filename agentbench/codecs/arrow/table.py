"""TableCodec and PolarsCodec: what is Arrow already."""

import importlib
import io
from typing import Any

from agentbench.codecs.base import is_exactly, refusing


class TableCodec:
    """Keeps a pyarrow table."""

    name = "arrow.table"

    def can_encode(self, value: Any) -> bool:
        return is_exactly(value, "pyarrow", "Table")

    def encode(self, value: Any) -> bytes:
        with refusing("The table"):
            pa = importlib.import_module("pyarrow")
            sink = pa.BufferOutputStream()
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            with pa.ipc.new_stream(sink, value.schema, options=options) as stream:
                # One piece, whatever pieces it was made of: the same bytes.
                stream.write_table(value.combine_chunks())
            data: bytes = sink.getvalue().to_pybytes()
            return data

    def decode(self, data: bytes) -> Any:
        with refusing("The stored table"):
            pa = importlib.import_module("pyarrow")
            return pa.ipc.open_stream(pa.BufferReader(data)).read_all()


class PolarsCodec:
    """Keeps a Polars frame."""

    name = "arrow.polars"

    def can_encode(self, value: Any) -> bool:
        return is_exactly(value, "polars", "DataFrame")

    def encode(self, value: Any) -> bytes:
        file = io.BytesIO()
        with refusing("The frame"):
            value.rechunk().write_ipc_stream(file, compression="lz4")
        return file.getvalue()

    def decode(self, data: bytes) -> Any:
        with refusing("The stored frame"):
            polars = importlib.import_module("polars")
            return polars.read_ipc_stream(io.BytesIO(data))
