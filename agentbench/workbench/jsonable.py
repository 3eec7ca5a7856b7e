"""Jsonable: values as JSON, for machines that read what came of a run."""

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def jsonable(value: Any, bench: Any) -> Any:
    """A value as JSON; what is none as its JSON MIME form, or else its text form.

    A number that is none (nan) or has no end is null, as in pandas' JSON.
    """
    try:
        return _as_json(value, bench)
    except RecursionError:  # it holds itself, or is nested beyond what JSON takes
        return bench.render(value).data["text/plain"]


def _as_json(value: Any, bench: Any) -> Any:
    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError):
        pass
    if isinstance(value, float):
        return None
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: _as_json(item, bench) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_json(item, bench) for item in value]
    if type(value).__module__ == "numpy" and getattr(value, "ndim", None) == 0:
        return _as_json(value.item(), bench)
    if isinstance(value, Path):
        return str(value)
    if type(value).__module__.startswith("pandas") and hasattr(value, "columns"):
        with contextlib.suppress(ValueError):  # two columns of one name are no record
            return json.loads(value.to_json(orient="records", date_format="iso"))
    data: Mapping[str, Any] = bench.render(value).data
    for mime, form in data.items():
        if mime.endswith("json") and isinstance(form, (dict, list)):
            return form
    return data["text/plain"]
