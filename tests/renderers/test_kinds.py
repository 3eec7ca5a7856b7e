"""What each value is taken for, and what it is not."""

from typing import Any

import numpy
import pytest

from agentbench.renderers.base.language import language_of
from agentbench.workbench.ways import hints_of
from tests.renderers import values
from tests.renderers.values import VALUES, new_renderers

RENDERERS = new_renderers()


@pytest.mark.parametrize(
    ("name", "renderer"),
    [
        ("code", "code"),
        ("json text", "json tree"),
        ("bad json text", "text"),
        ("formula", "latex"),
        ("mermaid", "mermaid"),
        ("graphviz", "graphviz"),
        ("diff", "diff"),
        ("conversation", "chat"),
        ("notebook", "notebook"),
        ("notebook text", "notebook"),
        ("place", "geojson"),
        ("vega data", "vega-lite"),
        ("plotly data", "plotly data"),
        ("film", "video"),
        ("sound", "audio"),
        ("pdf", "pdf"),
        ("polars frame", "table"),
    ],
)
def test_a_value_is_shown_as_what_it_is(name: str, renderer: str) -> None:
    assert RENDERERS.renderer_for(VALUES[name]()).name == renderer


@pytest.mark.parametrize(
    "text",
    [
        "It costs 5 $ (or 4 $) in [Oslo].",
        "from here we import goods; class matters (a lot).",
        "- milk\n- eggs",
        "a = b is what they say",
        "let it rain; const is a word",
        "select the best from all",
        "graph of the year",
        "--- a line\n+++ another",
        "[1]",
    ],
)
def test_prose_is_text(text: str) -> None:
    assert set(RENDERERS.render(text).data) == {"text/plain"}


def test_code_is_known_by_what_only_code_has() -> None:
    assert language_of(values.CODE) == "python"
    assert language_of("def broken(:\n  pass") == ""
    assert language_of("SELECT a FROM b WHERE c > 1") == "sql"
    assert language_of("#!/bin/bash\necho hello") == "bash"


@pytest.mark.parametrize(
    ("value", "way", "mime"),
    [
        ("# T\ntext", "text", "text/plain"),
        ("plain", "markdown", "text/markdown"),
        ('{"a": 1}', "text", "text/plain"),
        ("a,b\n1,2", "csv", "text/html"),
        ([[1, 2], [3, 4]], "table", "text/html"),
        ({"a": [1, 2], "b": [3, 4]}, "table", "text/html"),
        (numpy.zeros((2, 3)), "table", "text/html"),
        ("x^2", "latex", "text/latex"),
        ("let x = 1", "rust", "text/html"),
        ("<b>x</b>", "html", "text/html"),
        ({"a": 1}, "plain", "text/plain"),
    ],
)
def test_a_user_says_how(value: Any, way: str, mime: str) -> None:
    names = [renderer.name for renderer in RENDERERS]
    shown = RENDERERS.render(value, hints_of(way, names)).data
    assert next(iter(shown)) == mime


def test_a_file_is_opened_only_when_asked(tmp_path: Any) -> None:
    file = tmp_path / "notes.md"
    file.write_text("# Notes\n\n- a\n- b")
    assert RENDERERS.render(file).data == {"text/plain": file.as_posix()}
    assert "text/markdown" in RENDERERS.render(file, {"is_opened": True}).data
    gone = tmp_path / "gone.md"
    assert RENDERERS.render(gone, {"is_opened": True}).data == {
        "text/plain": gone.as_posix()
    }
