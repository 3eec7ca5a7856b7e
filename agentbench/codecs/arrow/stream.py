"""Stream: record batches, one Arrow stream after the other."""

import json
from collections.abc import Iterable
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]

_NOTES = b"agentbench"


def write_streams(batches: Iterable[Any]) -> bytes:
    """The batches as bytes. Who knows only Arrow reads the first one, and no more."""
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    for batch in batches:
        with pa.ipc.new_stream(sink, batch.schema, options=options) as stream:
            stream.write_batch(batch)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def read_streams(data: bytes) -> list[Any]:
    """The batches that `write_streams` wrote."""
    source = pa.BufferReader(data)
    batches = []
    while source.tell() < len(data):
        with pa.ipc.open_stream(source) as stream:
            batches.append(stream.read_next_batch())
            stream.read_all()  # up to the mark at its end, where the next one begins
    return batches


def with_notes(batch: Any, **notes: Any) -> Any:
    """The batch with more notes in its schema."""
    written = json.dumps(notes_of(batch) | notes, sort_keys=True).encode()
    metadata = batch.schema.metadata or {}
    return batch.replace_schema_metadata(metadata | {_NOTES: written})


def notes_of(batch: Any) -> dict[str, Any]:
    """Every note in the batch's schema."""
    metadata = batch.schema.metadata or {}
    notes: dict[str, Any] = json.loads(metadata.get(_NOTES, b"{}"))
    return notes


def renamed(batch: Any, names: list[str]) -> Any:
    """The batch with its columns called otherwise; its notes stay."""
    metadata = batch.schema.metadata
    return batch.rename_columns(names).replace_schema_metadata(metadata)
