"""Charts: Altair, matplotlib and Plotly."""

import importlib.util
import io
import json
from collections.abc import Mapping
from typing import Any

from agentbench.domain.renderer import Download, Hints, MimeBundle
from agentbench.renderers.base import (
    TIMES,
    BaseRenderer,
    Declined,
    count,
    filename,
    fit,
    is_a,
)

VEGALITE = "application/vnd.vegalite.v5+json"
"""The newest version JupyterLab draws; a chart of a later one is shown as this."""
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
PLOTLY = "application/vnd.plotly.v1+json"
MOST_BYTES = 800_000
"""A chart with more bytes of data than this is not shown."""
MOST_DRAWN = 100_000
"""An Altair chart with more than this is not drawn as a picture: it takes seconds."""
PREVIEW_WIDTH, PREVIEW_BYTES = 220, 13_000

_ALTAIR = tuple(f"altair.vegalite.v{n}.api.TopLevelMixin" for n in (4, 5, 6, 7))
_FIGURE = "matplotlib.figure.Figure"
_AXES = "matplotlib.axes._base._AxesBase"
_PLOTLY = "plotly.basedatatypes.BaseFigure"


class AltairRenderer(BaseRenderer):
    """Shows Altair charts: alive in our views and JupyterLab, as a picture elsewhere."""

    name = "altair"
    priority = 74

    def can_render(self, value: Any, hints: Hints) -> bool:
        return is_a(value, *_ALTAIR)

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        spec = _spec(value)
        text, weight = said(spec), len(json.dumps(spec))
        if weight > MOST_BYTES:
            more = (
                f"{text}\n({count(weight, 'byte')} of data are too many to show here)"
            )
            return MimeBundle({"text/plain": more})
        data: dict[str, Any] = {VEGALITE: {**spec, "$schema": SCHEMA}}
        png = drawn(spec, 1.5) if weight <= MOST_DRAWN else None
        data.update({"image/png": png} if png else {})
        return MimeBundle({**data, "text/plain": text})

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        spec = _spec(value)
        is_light = len(json.dumps(spec)) <= MOST_DRAWN
        for scale in (0.75, 0.5, 0.35) if is_light else ():
            png = drawn(spec, scale)
            if png and len(png) <= PREVIEW_BYTES:
                return MimeBundle({"image/png": png, "text/plain": said(spec)})
        return MimeBundle({"text/plain": said(spec)})

    def copy(self, value: Any, hints: Hints) -> str | None:
        return json.dumps(_spec(value), indent=2, ensure_ascii=False)

    def download(self, value: Any, hints: Hints) -> Download | None:
        spec = _spec(value)
        png = drawn(spec, 2)
        if png:
            return _as_file(hints, "chart.png", png)
        content = json.dumps(spec, indent=2).encode()
        return _as_file(hints, "chart.vl.json", content)


class MatplotlibRenderer(BaseRenderer):
    """Shows matplotlib figures, and axes by the figure they belong to, as PNG."""

    name = "matplotlib"
    priority = 73

    def can_render(self, value: Any, hints: Hints) -> bool:
        return is_a(value, _FIGURE, _AXES)

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        figure = _figure(value)
        png = next(
            (p for dpi in (100, 72, 48) if len(p := _png(figure, dpi)) <= MOST_BYTES),
            None,
        )
        data: dict[str, Any] = {"text/plain": _size(figure)}
        return MimeBundle({"image/png": png, **data} if png else data)

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        figure = _figure(value)
        dpi = PREVIEW_WIDTH / max(*figure.get_size_inches(), 1)
        pictures = (_png(figure, dpi * part) for part in (1, 0.7, 0.45))
        png = next((p for p in pictures if len(p) <= PREVIEW_BYTES), None)
        data: dict[str, Any] = {"text/plain": _size(figure)}
        return MimeBundle({"image/png": png, **data} if png else data)

    def copy(self, value: Any, hints: Hints) -> str | None:
        return None

    def download(self, value: Any, hints: Hints) -> Download | None:
        return _as_file(hints, "chart.png", _png(_figure(value), 150))


class PlotlyRenderer(BaseRenderer):
    """Shows Plotly figures, alive in our views and where Jupyter has Plotly's extension."""

    name = "plotly"
    priority = 72

    def can_render(self, value: Any, hints: Hints) -> bool:
        return is_a(value, _PLOTLY)

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        kinds = [str(getattr(trace, "type", "trace")) for trace in value.data]
        text = f"Plotly figure, {count(len(kinds), 'trace')}: {', '.join(kinds)}"
        return MimeBundle({PLOTLY: _plotly(value), "text/plain": fit(text, 200)})

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        return MimeBundle({"text/plain": self.text(value, hints)})

    def copy(self, value: Any, hints: Hints) -> str | None:
        return str(value.to_json(pretty=True))

    def download(self, value: Any, hints: Hints) -> Download | None:
        content = str(value.to_json()).encode()
        return _as_file(hints, "chart.plotly.json", content)


def _as_file(hints: Hints, default: str, content: bytes) -> Download:
    name = filename(hints, default)
    mime = "application/json" if name.endswith(".json") else "image/png"
    return Download(filename=name, mime=mime, content=content)


def _plotly(figure: Any) -> Any:
    return {**json.loads(figure.to_json()), "config": {"displaylogo": False}}


# ---- Altair ----------------------------------------------------------------------


def _spec(chart: Any) -> dict[str, Any]:
    """The chart as Vega-Lite, its data in it however many rows there are."""
    import altair

    with altair.data_transformers.enable("default", max_rows=None):
        return dict(chart.to_dict(format="vega-lite"))


def drawn(spec: Mapping[str, Any], scale: float) -> bytes | None:
    """The chart as PNG; None where it cannot be drawn from what is in it alone.

    The library would fetch data and images by itself, past our door to the network.
    """
    if _has_images(spec):
        return None
    try:
        import vl_convert
    except ImportError:
        return None
    if _is_vega(spec):
        return _packed(bytes(_vega(spec, scale)))
    version = str(spec.get("$schema", "")).rpartition("/v")[2].split(".")
    known = ".".join(version[:2]) if len(version) > 2 else None
    try:
        png = bytes(
            vl_convert.vegalite_to_png(
                dict(spec), vl_version=known, scale=scale, allowed_base_urls=[]
            )
        )
    except ValueError:
        return None
    return _packed(png)


def can_draw() -> bool:
    """Whether there is what draws a chart as a picture in the kernel."""
    return importlib.util.find_spec("vl_convert") is not None


def _is_vega(spec: Mapping[str, Any]) -> bool:
    """Whether it is a chart of Vega itself, into which one of Vega-Lite is made."""
    return "/schema/vega/v" in str(spec.get("$schema", ""))


def _vega(spec: Mapping[str, Any], scale: float) -> bytes:
    import vl_convert

    return vl_convert.vega_to_png(dict(spec), scale=scale, allowed_base_urls=[])


def _has_images(spec: Any) -> bool:
    if isinstance(spec, Mapping):
        mark = spec.get("mark")
        kind = mark.get("type") if isinstance(mark, Mapping) else mark
        parts = (part for name, part in spec.items() if name != "datasets")
        return kind == "image" or any(map(_has_images, parts))
    return isinstance(spec, list) and any(map(_has_images, spec))


def _packed(png: bytes) -> bytes:
    """The same picture in fewer bytes: the drawing library barely compresses."""
    try:
        from PIL import Image
    except ImportError:
        return png
    written = io.BytesIO()
    Image.open(io.BytesIO(png)).save(written, "PNG", optimize=True)
    return min(png, written.getvalue(), key=len)


def said(spec: Mapping[str, Any]) -> str:
    """A chart in words: its mark, and what each channel shows."""
    if _is_vega(spec):
        marks = [m for m in spec.get("marks") or () if isinstance(m, Mapping)]
        kinds = dict.fromkeys(str(mark.get("type", "mark")) for mark in marks)
        return fit(f"Chart: {', '.join(kinds)}" if kinds else "Chart", 300)
    layers = [part for part in _layers(spec) if "mark" in part]
    parts = list(dict.fromkeys(filter(None, (_layer_said(part) for part in layers))))
    title = spec.get("title")
    head = f"Chart {title!r}" if isinstance(title, str) and title else "Chart"
    return fit(f"{head}: {'; '.join(parts)}" if parts else head, 300)


def _layers(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    inner = [
        part
        for name in ("layer", "hconcat", "vconcat", "concat")
        for layer in spec.get(name, ())
        for part in _layers(layer)
    ]
    nested = spec.get("spec")
    return [spec, *inner, *(_layers(nested) if isinstance(nested, Mapping) else [])]


def _layer_said(spec: Mapping[str, Any]) -> str:
    mark = spec["mark"]
    kind = mark.get("type", "mark") if isinstance(mark, Mapping) else mark
    channels = []
    for channel, about in (spec.get("encoding") or {}).items():
        if isinstance(about, Mapping) and ("field" in about or "aggregate" in about):
            words = (about.get("aggregate"), about.get("field"))
            channels.append(f"{channel}: {' '.join(str(w) for w in words if w)}")
    return f"{kind}, {', '.join(channels)}" if channels else str(kind)


# ---- matplotlib ------------------------------------------------------------------


def _figure(value: Any) -> Any:
    figure = value if is_a(value, _FIGURE) else value.get_figure()
    if figure is None:
        raise Declined
    return figure


def _png(figure: Any, dpi: float) -> bytes:
    written = io.BytesIO()
    figure.savefig(written, format="png", dpi=dpi, metadata={"Software": None})
    return written.getvalue()


def _size(figure: Any) -> str:
    width, height = (round(side * 100) for side in figure.get_size_inches())
    return f"Figure {width} {TIMES} {height}, {count(len(figure.axes), 'plot')}"
