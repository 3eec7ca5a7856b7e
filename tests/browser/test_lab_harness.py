"""The ground under the other browser tests: a cell runs and its output is read."""

from collections.abc import Callable

from tests.browser.lab import LabPage, Notebook


def test_cell_runs_in_a_real_lab(open_notebook: Callable[..., Notebook]) -> None:
    notebook = open_notebook("1 + 1", "print('seen')", "1 / 0")
    notebook.run_all()
    assert notebook.text(0) == "2"
    assert notebook.text(1) == "seen"
    assert notebook.errors() == ["ZeroDivisionError: division by zero\n"]


def test_kernel_is_the_one_under_test(open_notebook: Callable[..., Notebook]) -> None:
    import sys

    notebook = open_notebook("import sys; print(sys.executable)")
    notebook.run(0)
    assert notebook.text(0) == sys.executable


def test_page_is_seen_in_both_themes(
    lab_page: LabPage, open_notebook: Callable[..., Notebook]
) -> None:
    open_notebook("1 + 1").run(0)
    pictures = []
    for dark in (True, False):
        lab_page.use_theme(dark=dark)
        pictures.append(lab_page.screenshot(f"harness-{'dark' if dark else 'light'}"))
    assert pictures[0].read_bytes() != pictures[1].read_bytes()
