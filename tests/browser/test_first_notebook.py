"""The first notebook in a real JupyterLab: it runs from top to bottom, and looks good."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.editor import Editor, box_of, editor_under
from tests.browser.lab import Lab, LabPage, Notebook

FIRST = "01-first-agent.ipynb"
NODES, NOTES = 13, 1
OPENS, REFUSED = 3, 16


@pytest.fixture(scope="module")
def lab_page(chromium: Browser, lab: Lab) -> Iterator[LabPage]:
    """A page of its own, larger and sharper: its pictures are for the README."""
    size: ViewportSize = {"width": 1600, "height": 1000}
    page = chromium.new_page(viewport=size, device_scale_factor=1.5)
    lab_page = LabPage(page, lab)
    lab_page.load()
    lab_page.command("application:toggle-left-area")
    yield lab_page
    lab_page.use_theme(dark=False)  # the server keeps it for the pages after this one
    page.close()


@pytest.fixture(scope="module")
def notebook(lab_page: LabPage) -> Iterator[Notebook]:
    """The notebook, after all of it has run."""
    notebook = lab_page.open(FIRST)
    notebook.run_all()
    yield notebook
    notebook.close()


def test_first_paint_comes_soon(
    open_notebook: OpenNotebook, capsys: pytest.CaptureFixture[str]
) -> None:
    open_agent = "%agent open agents/weather-brief.agent.json"
    notebook = open_notebook("%load_ext agentbench", open_agent)
    start = time.monotonic()
    notebook.run(0)
    loaded = time.monotonic()
    notebook.run(1, wait=False)
    notebook.cell(1).locator(".react-flow__node:visible").first.wait_for()
    painted = time.monotonic()
    took = f"load_ext {loaded - start:.1f} s, first node {painted - loaded:.1f} s"
    with capsys.disabled():
        print(f"\n{took}")


def test_notebook_runs_from_top_to_bottom(
    notebook: Notebook, lab_page: LabPage
) -> None:
    assert len(notebook.errors()) == 1
    assert notebook.text(REFUSED).startswith("InputError: Input 'year'")


def test_canvas_shows_every_node_as_done(notebook: Notebook, lab_page: LabPage) -> None:
    editor = editor_under(notebook, OPENS)
    editor.wait_until("Done")
    expect(editor.drawn_nodes).to_have_count(NODES)
    done = editor.root.locator('.ab-node[data-run="completed"]')
    expect(done).to_have_count(NODES - NOTES)


def test_whole_agent_is_in_sight_in_both_themes(
    notebook: Notebook, lab_page: LabPage
) -> None:
    editor = editor_under(notebook, OPENS)
    editor.fold_palette()
    editor.root.get_by_role("button", name="Tidy up").click()
    for theme in ("light", "dark"):
        lab_page.use_theme(dark=theme == "dark")
        show_all(editor)
        lab_page.screenshot(f"first-notebook-{theme}")
        editor.button("Fill the panel").click()
        show_all(editor)
        lab_page.screenshot(f"editor-{theme}", of=editor.root)
        assert editor.comes_to(lambda: all_inside(editor))
        editor.button("Back into the notebook").click()


def show_all(editor: Editor) -> None:
    editor.wait_until_still(moves=True)
    editor.root.get_by_role("button", name="Show all").click()
    editor.wait_until_still(moves=True)


def all_inside(editor: Editor) -> bool:
    """Whether no node is cut off at an edge of the canvas."""
    canvas = box_of(editor.canvas)
    right, bottom = canvas["x"] + canvas["width"], canvas["y"] + canvas["height"]
    return all(
        canvas["x"] <= box["x"]
        and box["x"] + box["width"] <= right
        and canvas["y"] <= box["y"]
        and box["y"] + box["height"] <= bottom
        for box in map(box_of, editor.drawn_nodes.all())
    )
