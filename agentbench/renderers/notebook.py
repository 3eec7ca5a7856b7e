"""Notebooks, as documents: their cells and the plain parts of their outputs."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from agentbench.domain.renderer import Hints, MimeBundle
from agentbench.renderers.base import (
    BaseRenderer,
    Declined,
    as_json,
    count,
    cut,
    escape,
    fit,
    is_hinted,
)
from agentbench.renderers.base.highlight import highlighted
from agentbench.renderers.base.inert import markdown_as_html

MOST_CELLS, MOST_SOURCE, MOST_OUTPUT = 40, 6_000, 2_000
MOST_PICTURE, MOST_PICTURES = 150_000, 400_000
"""Bytes in base64: of one picture of an output, and of all."""
_PICTURES = ("image/png", "image/jpeg")


class NotebookRenderer(BaseRenderer):
    """Shows a Jupyter notebook (a dictionary, its text, an `nbformat` node) cell by cell.

    Nothing of it runs: of outputs, pictures and text are shown, pages as their text.
    """

    name = "notebook"
    priority = 56
    file, mime = "notebook.ipynb", "application/x-ipynb+json"

    def can_render(self, value: Any, hints: Hints) -> bool:
        if isinstance(value, dict):
            return _is_notebook(value)
        if not isinstance(value, str):
            return False
        is_named = is_hinted(hints, self.mime, suffixes=(".ipynb",))
        start = value[:1] == "{" and '"nbformat"' in value[-400:]
        is_free = not (hints.get("mime") or hints.get("language"))
        return is_named or (is_free and start and len(value) < 20_000_000)

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        notebook = _read(value)
        cells = notebook["cells"]
        room = [MOST_PICTURES]
        html = "".join(_cell(cell, room) for cell in cells[:MOST_CELLS])
        more = len(cells) - MOST_CELLS
        if more > 0:
            html += f"<p>… {count(more, 'more cell')}</p>"
        text = f"{_said(cells)}\n\n{cut(_outline(cells), 20_000)}".strip()
        return MimeBundle({"text/html": f"<div>{html}</div>", "text/plain": text})

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        return MimeBundle({"text/plain": _said(_read(value)["cells"])})

    def copy(self, value: Any, hints: Hints) -> str | None:
        return value if isinstance(value, str) else as_json(value)


def _is_notebook(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and isinstance(value.get("cells"), list)
        and isinstance(value.get("nbformat"), int)
    )


def _read(value: Any) -> Mapping[str, Any]:
    try:
        read = json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        raise Declined from None
    if not _is_notebook(read):
        raise Declined
    cells = [cell for cell in read["cells"] if isinstance(cell, Mapping)]
    return {**read, "cells": cells}


def _said(cells: list[Any]) -> str:
    code = sum(cell.get("cell_type") == "code" for cell in cells)
    return f"Notebook, {count(len(cells), 'cell')}, {code:,} of code"


def _outline(cells: list[Any]) -> str:
    sources = (_text(cell.get("source")).strip() for cell in cells[:MOST_CELLS])
    return "\n\n".join(cut(source, MOST_SOURCE) for source in sources if source)


def _text(held: Any) -> str:
    lines = held if isinstance(held, list) else [held]
    return "".join(line for line in lines if isinstance(line, str))


def _cell(cell: Mapping[str, Any], room: list[int]) -> str:
    source = cut(_text(cell.get("source")), MOST_SOURCE)
    if cell.get("cell_type") == "markdown":
        return f'<div style="margin:8px 0">{markdown_as_html(source)}</div>'
    look = (
        "margin:8px 0;padding:6px 10px;border-radius:6px;background:#8881;"
        "border-left:3px solid #8885"
    )
    outputs = cell.get("outputs")
    shown = "".join(
        _output(output, room)
        for output in (outputs if isinstance(outputs, list) else [])[:20]
        if isinstance(output, Mapping)
    )
    language = "python" if cell.get("cell_type") == "code" else "text"
    return f'<div style="{look}">{highlighted(source, language)}</div>{shown}'


def _output(output: Mapping[str, Any], room: list[int]) -> str:
    return "".join(
        f'<div style="margin:4px 0 4px 12px">{p}</div>' for p in _parts(output, room)
    )


def _parts(output: Mapping[str, Any], room: list[int]) -> Iterator[str]:
    data = output.get("data")
    data = data if isinstance(data, Mapping) else {}
    for mime in _PICTURES:
        held = _text(data.get(mime)).replace("\n", "")
        if held and len(held) <= min(MOST_PICTURE, room[0]):
            room[0] -= len(held)
            yield f'<img alt="output" style="max-width:100%" src="data:{mime};base64,{escape(held)}">'
            return
    text = _text(output.get("text")) or _text(data.get("text/plain"))
    if output.get("output_type") == "error":
        name, said = output.get("ename", ""), output.get("evalue", "")
        text = f"{fit(str(name), 80)}: {fit(str(said), 400)}"
    if text:
        yield highlighted(cut(text, MOST_OUTPUT), "text")
