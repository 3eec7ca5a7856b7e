"""The style sheet of a drawing: every shade from the palette, light and dark."""

from collections.abc import Iterable
from typing import Literal

from agentbench.renderers.graph import palette
from agentbench.renderers.graph.palette import Tone

Theme = Literal["auto", "light", "dark"]

_SANS = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
_MONO = "ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace"
_SHAPES = f"""\
text{{font-family:{_SANS}}}
.ab-title{{font-size:13px;font-weight:600}}
.ab-sub{{font-size:10.5px}}
.ab-port{{font-size:12px}}
.ab-value{{font-size:11px;font-family:{_MONO}}}
.ab-note-text{{font-size:12px}}
.ab-pill-text{{font-size:10.5px;font-weight:600}}
.ab-shade{{opacity:.055}}
.ab-tint{{opacity:.11}}
.ab-link{{fill:none;stroke-width:2;stroke-linecap:round;opacity:.9}}
.ab-sticky{{stroke-dasharray:5 6}}
.ab-dot{{stroke-width:2}}
.ab-icon{{fill:none;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}}
.ab-mark{{fill:none;stroke-width:2.4;stroke-linecap:round;stroke-linejoin:round}}
.ab-unknown{{stroke-dasharray:5 4}}
"""
_FIXED: dict[str, tuple[str, Tone]] = {
    ".ab-card": ("fill", palette.CARD),
    ".ab-edge": ("stroke", palette.CARD_LINE),
    ".ab-shade": ("fill", palette.SHADE),
    ".ab-title": ("fill", palette.TEXT),
    ".ab-port": ("fill", palette.TEXT_2),
    ".ab-sub,.ab-value": ("fill", palette.TEXT_3),
    ".ab-icon,.ab-mark": ("stroke", palette.ON_ACCENT),
    ".ab-pill-text": ("fill", palette.ON_ACCENT),
    ".ab-note": ("fill", palette.NOTE),
    ".ab-note-edge": ("stroke", palette.NOTE_LINE),
    ".ab-note-text": ("fill", palette.NOTE_TEXT),
}
_TABLES = {
    "family": {**palette.FAMILIES, **palette.NODE_COLOURS},
    "status": palette.STATUSES,
    "type": {key.replace(" ", "_"): tone for key, tone in palette.TYPES.items()},
}


def sheet(used: Iterable[str], theme: Theme) -> str:
    """The rules for the classes that are used, as the text of a `<style>`."""
    tones = [(name, how, tone) for name, (how, tone) in _FIXED.items()]
    for name in sorted(set(used)):
        tones.extend(_coloured(name))
    light = "".join(f"{name}{{{how}:{tone.light}}}\n" for name, how, tone in tones)
    dark = "".join(f"{name}{{{how}:{tone.dark}}}\n" for name, how, tone in tones)
    if theme == "dark":
        return _SHAPES + dark + ".ab-edge{fill:none}\n"
    shapes = _SHAPES + ".ab-edge{fill:none}\n"
    if theme == "light":
        return shapes + light
    return f"{shapes}{light}@media (prefers-color-scheme:dark){{\n{dark}}}\n"


def _coloured(name: str) -> list[tuple[str, str, Tone]]:
    """The rules of one colour class, such as `ab-type-text` or `ab-status-failed`."""
    _, kind, key = name.split("-", 2)
    tone = _TABLES[kind][key]
    return [(f".{name}", "fill", tone), (f".{name}-line", "stroke", tone)]


def colour_class(kind: Literal["type", "family", "status"], key: str) -> str:
    """The class that fills with a colour; with `-line` after it, it strokes."""
    return f"ab-{kind}-{key.replace(' ', '_')}"
