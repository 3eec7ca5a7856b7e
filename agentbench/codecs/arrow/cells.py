"""Cells: the columns of a pandas frame as one Arrow batch, without its labels."""

from typing import Any

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]

from agentbench.codecs.arrow.stream import notes_of, with_notes
from agentbench.domain.errors import CodecError

_WORDS = {"NoneType": None, "float": float("nan"), type(pd.NA).__name__: pd.NA}
"""The ways in which a column of objects says "nothing": Arrow has one only."""


def pack(frame: Any) -> Any:
    """The columns as a batch, named by position.

    pyarrow takes those of numbers, times and the like. A column of objects goes cell by
    cell, because pandas would guess another type for it on the way back.
    """
    body = frame.set_axis([str(i) for i in range(frame.shape[1])], axis=1)
    body = body.reset_index(drop=True)
    objects = [name for name, dtype in body.dtypes.items() if is_object(dtype)]
    plain = pa.RecordBatch.from_pandas(body.drop(columns=objects), preserve_index=False)
    arrays = {name: plain.column(name) for name in plain.schema.names}
    missing = {}
    for name in objects:
        arrays[name], missing[name] = _pack_objects(body[name])
    names = list(body.columns)
    batch = pa.RecordBatch.from_arrays([arrays[name] for name in names], names=names)
    batch = batch.replace_schema_metadata(plain.schema.metadata)
    return with_notes(batch, missing=missing, categories=_categories(body))


def unpack(batch: Any) -> Any:
    """The frame that was packed, with labels that count from 0."""
    notes = notes_of(batch)
    missing = notes["missing"]
    plain = [name for name in batch.schema.names if name not in missing]
    frame = batch.select(plain).to_pandas()
    for name, dtype in notes["categories"].items():
        column = frame[name].array
        categories = column.categories.astype(dtype)
        frame[name] = pd.Categorical.from_codes(
            column.codes, categories=categories, ordered=column.ordered
        )
    for position, name in enumerate(batch.schema.names):
        if name in missing:
            cells = _unpack_objects(batch.column(name), missing[name])
            frame.insert(position, name, cells)
    return frame


def is_object(dtype: Any) -> bool:
    """Whether a column of this type holds Python objects."""
    return type(dtype).__module__.startswith("numpy") and dtype.kind == "O"


def _pack_objects(column: Any) -> tuple[Any, str]:
    is_missing = column.isna()
    words = {type(cell).__name__ for cell in column[is_missing]} or {"NoneType"}
    if len(words) > 1 or not words <= set(_WORDS):
        raise CodecError(
            f"It says nothing in several ways: {', '.join(sorted(words))}."
        )
    cells = [
        None if nothing else cell
        for cell, nothing in zip(column, is_missing, strict=True)
    ]
    return pa.array(cells, from_pandas=False), words.pop()


def _unpack_objects(array: Any, word: str) -> Any:
    nothing = _WORDS[word]
    cells = [nothing if cell is None else cell for cell in array.to_pylist()]
    return pd.Series(cells, dtype=object)


def _categories(body: Any) -> dict[str, str]:
    return {
        name: str(dtype.categories.dtype)
        for name, dtype in body.dtypes.items()
        if isinstance(dtype, pd.CategoricalDtype)
    }
