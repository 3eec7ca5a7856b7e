"""Charts as plain data: dictionaries, or JSON text, of Vega-Lite and of Plotly.

Where they come from nobody knows. So one of Vega is alive only on our own stage, under a
MIME type that no other program draws, and a picture elsewhere, drawn in the kernel
without network; one of Plotly is shown as a chart only when nothing in it names an address.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from agentbench.domain.renderer import Download, Hints, MimeBundle
from agentbench.renderers.base import BaseRenderer, Declined, as_json, count, fit
from agentbench.renderers.chart.live import (
    MOST_BYTES,
    PLOTLY,
    PREVIEW_BYTES,
    can_draw,
    drawn,
    said,
)

VEGA = "application/vnd.agentbench.vega+json"
_SCHEMA = re.compile(r"https?://vega\.github\.io/schema/vega(-lite)?/v\d")
_REACHES_OUT = re.compile(r"//|script\s*:|data\s*:|<\s*[a-z]", re.IGNORECASE)
_MAPS = re.compile(r"geo|map|choropleth|image", re.IGNORECASE)
"""Traces that fetch a map, or draw pictures by their address."""
_PARTS = {"data", "layout", "frames", "config"}


class VegaSpecRenderer(BaseRenderer):
    """Shows a chart given as a specification of Vega or Vega-Lite."""

    name = "vega-lite"
    priority = 58
    file, mime = "chart.vl.json", "application/json"

    def can_render(self, value: Any, hints: Hints) -> bool:
        if not isinstance(value, dict):
            return False
        schema = value.get("$schema")
        return isinstance(schema, str) and _SCHEMA.match(schema) is not None

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        bundle = _picture(value, (1.5, 1.0, 0.6), MOST_BYTES)
        written = json.dumps(value, allow_nan=False)
        if len(written) > MOST_BYTES:
            return bundle
        return MimeBundle({VEGA: json.loads(written), **bundle.data})

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        return _picture(value, (0.75, 0.5, 0.35), PREVIEW_BYTES)

    def copy(self, value: Any, hints: Hints) -> str | None:
        return as_json(value)


class PlotlySpecRenderer(BaseRenderer):
    """Shows a chart given as the data of a Plotly figure: `data` and `layout`."""

    name = "plotly data"
    priority = 57
    file, mime = "chart.plotly.json", "application/json"

    def can_render(self, value: Any, hints: Hints) -> bool:
        if not isinstance(value, dict) or not set(value) <= _PARTS:
            return False
        traces = value.get("data")
        is_figure = isinstance(traces, list) and isinstance(value.get("layout"), dict)
        return is_figure and all(_is_trace(trace) for trace in traces or [])

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        kinds = [str(trace["type"]) for trace in value["data"]]
        text = f"Plotly figure, {count(len(kinds), 'trace')}: {', '.join(kinds)}"
        written = json.dumps(value, allow_nan=False)
        if _REACHES_OUT.search(written) or len(written) > MOST_BYTES:
            raise Declined
        if any(_MAPS.search(kind) for kind in kinds):
            raise Declined
        figure = {"data": value["data"], "layout": value["layout"]}
        figure["config"] = {"displaylogo": False}
        return MimeBundle({PLOTLY: figure, "text/plain": fit(text, 200)})

    def copy(self, value: Any, hints: Hints) -> str | None:
        return as_json(value)

    def download(self, value: Any, hints: Hints) -> Download | None:
        text = as_json(value)
        return None if text is None else self.as_file(text, hints)


def _picture(
    spec: Mapping[str, Any], scales: tuple[float, ...], room: int
) -> MimeBundle:
    """A chart as a picture, where one can be drawn here, and in words."""
    if _names_addresses(spec):
        raise Declined
    for scale in scales if can_draw() else ():
        try:
            png = drawn(spec, scale)
        except Exception:  # noqa: BLE001 - whatever it is, it is no chart
            raise Declined from None
        if png is None:
            raise Declined
        if len(png) <= room:
            return MimeBundle({"image/png": png, "text/plain": said(spec)})
    return MimeBundle({"text/plain": said(spec)})


def _names_addresses(spec: Any) -> bool:
    """Whether data or a picture is to be fetched: then there is nothing to be drawn."""
    if isinstance(spec, Mapping):
        parts = (
            part for name, part in spec.items() if name not in ("datasets", "values")
        )
        return "url" in spec or any(map(_names_addresses, parts))
    return isinstance(spec, list) and any(map(_names_addresses, spec))


def _is_trace(trace: Any) -> bool:
    return isinstance(trace, dict) and isinstance(trace.get("type"), str)
