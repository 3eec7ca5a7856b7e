"""Places, lines and areas in GeoJSON: drawn as they lie, without a map behind them."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from agentbench.domain.renderer import Hints, MimeBundle
from agentbench.renderers.base import (
    BaseRenderer,
    Declined,
    as_json,
    count,
    fit,
    picture,
)

KINDS = {
    "Point": "point",
    "MultiPoint": "point",
    "LineString": "line",
    "MultiLineString": "line",
    "Polygon": "area",
    "MultiPolygon": "area",
    "GeometryCollection": "",
}
WIDTH, TALLEST, EDGE = 560, 420, 12
MOST_PLACES = 40_000
"""More corners than this are not drawn."""
_DEEPEST = 8

Place = tuple[float, float]
Shape = tuple[str, list[Place]]
"""`point`, `line` or `area`, and its corners as longitude and latitude in degrees."""


class GeoJsonRenderer(BaseRenderer):
    """Shows GeoJSON as a drawing of its points, lines and areas."""

    name = "geojson"
    priority = 34
    file, mime = "places.geojson", "application/geo+json"

    def can_render(self, value: Any, hints: Hints) -> bool:
        if not isinstance(value, dict):
            return False
        kind = value.get("type")
        if kind == "FeatureCollection":
            return isinstance(value.get("features"), list)
        if kind == "Feature":
            return "geometry" in value
        is_shape = isinstance(kind, str) and kind in KINDS
        return is_shape and ("coordinates" in value or "geometries" in value)

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        shapes = list(_shapes(value, _DEEPEST))
        text = _words(value, shapes)
        places = sum(len(corners) for _, corners in shapes)
        if not places or places > MOST_PLACES:
            return MimeBundle({"text/plain": text})
        svg = _drawn(shapes).encode()
        html = picture("image/svg+xml", svg, text)
        return MimeBundle({"text/html": html, "text/plain": text})

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        return MimeBundle({"text/plain": _words(value, list(_shapes(value, _DEEPEST)))})

    def copy(self, value: Any, hints: Hints) -> str | None:
        return as_json(value)


def _shapes(thing: Any, deep: int) -> Iterator[Shape]:
    if not isinstance(thing, Mapping) or deep == 0:
        return
    inner = [*_list(thing.get("features")), *_list(thing.get("geometries"))]
    for part in [*inner, thing.get("geometry")]:
        yield from _shapes(part, deep - 1)
    kind, held = thing.get("type"), thing.get("coordinates")
    named = KINDS.get(kind, "") if isinstance(kind, str) else ""
    if named:
        yield from ((named, corners) for corners in _runs(held, deep=5))


def _runs(held: Any, deep: int) -> Iterator[list[Place]]:
    """The runs of corners in nested coordinates, whatever their depth."""
    if not isinstance(held, (list, tuple)) or not held or deep == 0:
        return
    if _is_place(held):
        yield [(float(held[0]), float(held[1]))]
    elif _is_place(held[0]):
        if not all(_is_place(corner) for corner in held):
            raise Declined
        yield [(float(corner[0]), float(corner[1])) for corner in held]
    else:
        for part in held:
            yield from _runs(part, deep - 1)


def _is_place(held: Any) -> bool:
    return (
        isinstance(held, (list, tuple))
        and len(held) >= 2
        and all(type(n) in (int, float) and abs(n) < 1e9 for n in held[:2])
    )


def _list(held: Any) -> list[Any]:
    return held if isinstance(held, list) else []


def _drawn(shapes: list[Shape]) -> str:
    """The shapes as SVG; a degree of longitude is as wide as in their middle."""
    xs = [x for _, corners in shapes for x, _ in corners]
    ys = [y for _, corners in shapes for _, y in corners]
    middle = math.radians(max(-80.0, min(80.0, (min(ys) + max(ys)) / 2)))
    narrow = math.cos(middle)
    wide = max((max(xs) - min(xs)) * narrow, 1e-6)
    tall = max(max(ys) - min(ys), 1e-6)
    scale = min((WIDTH - 2 * EDGE) / wide, (TALLEST - 2 * EDGE) / tall)
    width, height = wide * scale + 2 * EDGE, tall * scale + 2 * EDGE
    left, top = min(xs), max(ys)

    def at(place: Place) -> str:
        x = (place[0] - left) * narrow * scale + EDGE
        return f"{x:.1f} {(top - place[1]) * scale + EDGE:.1f}"

    order = {"area": 0, "line": 1, "point": 2}
    parts = [_part(s, at) for s in sorted(shapes, key=lambda s: order[s[0]])]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}"'
        f' height="{height:.0f}" viewBox="0 0 {width:.1f} {height:.1f}"'
        ' stroke-linejoin="round" stroke-linecap="round">' + "".join(parts) + "</svg>"
    )


def _part(shape: Shape, at: Any) -> str:
    kind, corners = shape
    if kind == "point":
        dots = (at(corner).split() for corner in corners)
        return "".join(
            f'<circle cx="{x}" cy="{y}" r="4" fill="#d64545" stroke="#fff"/>'
            for x, y in dots
        )
    path = "M" + "L".join(at(corner) for corner in corners)
    if kind == "area":
        return f'<path d="{path}Z" fill="#2f81d8" fill-opacity=".22" stroke="#2f81d8"/>'
    return f'<path d="{path}" fill="none" stroke="#2a9276" stroke-width="2"/>'


def _words(value: Mapping[str, Any], shapes: list[Shape]) -> str:
    kinds = ("point", "line", "area")
    numbers = {kind: sum(shape[0] == kind for shape in shapes) for kind in kinds}
    said = ", ".join(count(number, kind) for kind, number in numbers.items() if number)
    names = [
        str((feature.get("properties") or {}).get("name", ""))
        for feature in _list(value.get("features"))[:200]
        if isinstance(feature, Mapping)
        and isinstance(feature.get("properties"), Mapping)
    ]
    named = fit(", ".join(name for name in names if name), 160)
    head = f"GeoJSON {fit(str(value.get('type')), 30)}: {said or 'nothing to draw'}"
    return f"{head}\n{named}" if named else head
