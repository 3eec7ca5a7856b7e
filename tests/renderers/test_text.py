"""Text in all its kinds: plain, Markdown, code, links, pages, tracebacks, paths."""

from pathlib import Path

import pytest

from agentbench.renderers.markdown import is_markdown
from tests.renderers.values import PAGE, VALUES, Mood, new_renderers

RENDERERS = new_renderers()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("hello", "hello"),
        (None, "None"),
        (True, "True"),
        (2.50, "2.5"),
        (Mood.GOOD, "good"),
        (b"\x00a", "2 bytes: b'\\x00a'"),
    ],
)
def test_plain_values_read_as_they_stand(value: object, text: str) -> None:
    assert RENDERERS.render(value).data == {"text/plain": text}


def test_a_number_too_long_to_write_is_described() -> None:
    text = RENDERERS.render(10**9_000).data["text/plain"]
    assert text == "a whole number of 29,898 bits"


def test_a_huge_text_is_cut_and_says_so_but_is_copied_whole() -> None:
    text = "x" * 300_000
    shown = RENDERERS.render(text).data["text/plain"]
    assert shown.endswith("… 200,000 more characters")
    assert RENDERERS.copy(text) == text


def test_a_preview_of_text_is_its_first_lines() -> None:
    preview = RENDERERS.preview("\n".join(f"line {n}" for n in range(20)))
    lines = preview.data["text/plain"].split("\n")
    assert lines == [*(f"line {n}" for n in range(6)), "… 14 more lines"]


@pytest.mark.parametrize(
    "text",
    [
        "## Part\n\nwords",
        "```python\nx\n```",
        "a | b\n--- | ---\n1 | 2",
        "# Title\n\nSee **this**.",
        "- one\n- two\n\n> quoted",
    ],
)
def test_clear_marks_make_markdown(text: str) -> None:
    assert is_markdown(text)
    assert RENDERERS.render(text).data["text/markdown"] == text


@pytest.mark.parametrize(
    "text",
    [
        "See [the notes] (page 3); f(x) = {x} and a * b * c.",
        "# a comment\nx = [1, 2]",
        "- only\n- a list",
        "price: 3 < 4 && 5 > 2; // done",
        "name_with_underscores and 2 ** 3 ** 4",
    ],
)
def test_prose_and_code_are_not_taken_for_markdown(text: str) -> None:
    assert RENDERERS.render(text).data == {"text/plain": text}


def test_a_hint_makes_anything_markdown() -> None:
    assert "text/markdown" in RENDERERS.render("x", {"mime": "text/markdown"}).data
    assert "text/markdown" in RENDERERS.render("x", {"filename": "a.md"}).data


def test_code_cannot_leave_its_fence() -> None:
    shown = RENDERERS.render("```\n# out", {"language": "text"}).data["text/markdown"]
    assert shown == "````text\n```\n# out\n````"


def test_code_is_a_file_of_its_language() -> None:
    file = RENDERERS.download("x = 1", {"language": "python"})
    assert file is not None
    assert (file.filename, file.content) == ("output.py", b"x = 1")


def test_a_link_can_be_followed_and_cannot_break_out() -> None:
    html = RENDERERS.render("https://example.org/?a=1&b=2").data["text/html"]
    assert 'href="https://example.org/?a=1&amp;b=2"' in html
    assert 'rel="noopener noreferrer"' in html
    assert RENDERERS.renderer_for('https://x.org/"onclick="y').name == "text"
    assert RENDERERS.renderer_for("javascript:alert(1)").name == "text"


def test_a_page_is_shown_in_a_frame_that_can_do_nothing() -> None:
    shown = RENDERERS.render(PAGE).data
    assert shown["text/html"].startswith('<iframe sandbox="" ')
    assert "<script" not in shown["text/html"]
    assert "default-src &#x27;none&#x27;" in shown["text/html"]
    assert shown["text/plain"] == "Hello, reader"


def test_a_page_cannot_close_its_frame() -> None:
    html = RENDERERS.render('<html>"></iframe><b>').data["text/html"]
    assert html.count("</iframe>") == 1
    assert html.endswith("</iframe>")


def test_a_fragment_is_html_only_when_a_hint_says_so() -> None:
    assert RENDERERS.renderer_for("<b>x</b>").name == "text"
    assert RENDERERS.renderer_for("<b>x</b>", {"mime": "text/html"}).name == "html"


def test_a_traceback_names_files_without_their_folders() -> None:
    text = RENDERERS.render(VALUES["exception"]()).data["text/plain"]
    assert text.startswith("Traceback (most recent call last):")
    assert 'File "values.py", line ' in text
    assert text.endswith("ZeroDivisionError: division by zero")


def test_a_traceback_calls_a_cell_a_cell() -> None:
    code = compile(
        "def fail(): raise KeyError('k')", "/tmp/ipykernel_12/345.py", "exec"
    )
    space: dict[str, object] = {}
    exec(code, space)
    with pytest.raises(KeyError) as caught:
        space["fail"]()  # type: ignore[operator]
    text = RENDERERS.render(caught.value).data["text/plain"]
    assert 'File "cell", line 1, in fail' in text


def test_a_path_is_read_only_when_it_is_downloaded(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    assert RENDERERS.render(path).data == {"text/plain": path.as_posix()}
    assert RENDERERS.download(path) is None
    path.write_text("a,b")
    file = RENDERERS.download(path)
    assert file is not None
    assert (file.filename, file.mime, file.content) == (
        "report.csv",
        "text/csv",
        b"a,b",
    )


def test_a_file_name_from_a_hint_stays_a_name() -> None:
    file = RENDERERS.download("x", {"filename": "../../etc/pass\0wd.txt"})
    assert file is not None
    assert file.filename == "pass_wd.txt"
