"""Values in a real JupyterLab: the gallery, the tools at each value, and what must not get out."""

import json
import re
import time
from typing import Any

import nbconvert
import pytest
from playwright.sync_api import Browser, Dialog, Error, Locator, Request, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.editor import LOAD, editor_under
from tests.browser.lab import LabPage, Notebook
from tests.renderers.hostile import CANARY, PAYLOADS, PWNED

GALLERY = "10-gallery.ipynb"
MILLION = """\
import pyarrow
numbers = range(1_000_000)
table = pyarrow.table({"number": list(numbers), "mod": [n % 97 for n in numbers]})
ab.show(table)
"""
HOSTILE = """\
import json, pathlib
payloads = json.loads(pathlib.Path("payloads.json").read_text())
for value, way in payloads[:40]:
    ab.show(value, as_=way)
"""
MORE = """\
for value, way in payloads[40:]:
    ab.show(value, as_=way)
"""
STANDING = """\
from IPython.display import display
for value, way in payloads[::2]:
    shown = ab.inspector(value, as_=way)
    display({k: v for k, v in shown._repr_mimebundle_()[0].items() if "widget" not in k}, raw=True)
"""
ON_CANVAS = """\
graph = ab.new("<img src=x onerror=top.agentbenchPwned=1>", blank=True)
for number, (value, way) in enumerate(payloads):
    if isinstance(value, str):
        node = graph.add("text.template", "n%d" % number, template="{{ it }}", it=value)
node.title = payloads[0][0]
ab.editor(graph)
run = graph.run_sync()
graph
"""

CONTROL = "display({'text/html': payloads[1][0], 'text/plain': ''}, raw=True)"


def shows(notebook: Notebook, index: int) -> Locator:
    return notebook.cell(index).locator(".ab-show")


@pytest.fixture
def gallery(open_notebook: OpenNotebook) -> Notebook:
    notebook = open_notebook(path=GALLERY)
    notebook.run_all()
    return notebook


def test_gallery_shows_every_kind_of_value(
    gallery: Notebook, lab_page: LabPage
) -> None:
    assert gallery.errors() == []
    page = lab_page.page
    sources = [cell for cell in range(gallery.count()) if gallery._outputs_of(cell)]
    drawn = 0
    for dark in (False, True):
        lab_page.use_theme(dark=dark)
        for cell in sources[::4] if dark else sources:
            gallery.cell(cell).scroll_into_view_if_needed()
            view = shows(gallery, cell).first
            view.wait_for()
            expect(view.locator(".ab-show-body > *").first).to_be_visible()
            expect(view.get_by_text("No view for")).to_have_count(0)
            stage = view.locator(".ab-stage-place")
            for number in range(stage.count()):
                expect(stage.nth(number)).to_have_attribute("data-state", "drawn")
            drawn += 0 if dark else stage.count()
            page.evaluate("() => document.fonts.ready")
            lab_page.screenshot(
                f"gallery-{cell:02d}-{'dark' if dark else 'light'}", of=view
            )
    lab_page.use_theme(dark=False)
    assert drawn == 8


# ---- the tools at a value --------------------------------------------------------


def test_a_million_rows_are_sorted_filtered_and_paged_in_the_kernel(
    open_notebook: OpenNotebook,
) -> None:
    notebook = open_notebook(LOAD, "ab.show(1)", MILLION)
    notebook.run(0)
    notebook.run(1)
    shows(notebook, 1).wait_for()
    notebook.run(2, wait=False)
    table = notebook.cell(2).locator(".ab-table")
    foot = table.locator(".ab-table-foot")
    expect(foot).to_contain_text("of 1,000,000 rows")
    table.get_by_role("button", name="mod").click()
    table.get_by_role("button", name="mod").click()
    first = table.locator("tbody tr").first
    expect(first.locator("td").nth(1)).to_have_text("96")
    expect(table.locator("th[aria-sort=descending]")).to_contain_text("mod")
    table.get_by_label("Filter the rows").fill("number > 999990")
    expect(foot).to_contain_text("9 of 1,000,000 rows")
    expect(table.locator("tbody tr")).to_have_count(9)
    table.get_by_label("Filter the rows").fill("number > many")
    expect(table.locator(".ab-table-fault")).to_contain_text("'many' is none")
    table.get_by_label("Filter the rows").fill("")
    expect(table.locator(".ab-table-fault")).to_have_count(0)
    table.get_by_role("button", name="Next rows").click()
    expect(foot).to_contain_text("21")


def test_a_value_is_copied_named_opened_and_downloaded(
    lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    values = 'ab.show({"a": [1, 2]}, note="Rain", picture=__import__("PIL.Image").Image.new("RGB", (8, 8)))'
    notebook = open_notebook(LOAD, values, "given", "result")
    notebook.run(0)
    notebook.run(1)
    view = shows(notebook, 1)
    view.wait_for()
    note = view.get_by_label("note", exact=True)
    lab_page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    note.get_by_role("button", name="Copy note").click()
    expect(note.get_by_role("status")).to_have_text("Copied.")
    assert lab_page.page.evaluate("navigator.clipboard.readText()") == "Rain"

    note.get_by_role("button", name="Give note a name").click()
    note.get_by_role("textbox", name="Name in the notebook").fill("not a name")
    note.get_by_role("textbox", name="Name in the notebook").press("Enter")
    expect(note.get_by_role("status")).to_contain_text("is no name of a variable")
    note.get_by_role("button", name="Give note a name").click()
    note.get_by_role("textbox", name="Name in the notebook").fill("given")
    note.get_by_role("textbox", name="Name in the notebook").press("Enter")
    expect(note.get_by_role("status")).to_have_text("Its name is given.")
    notebook.run(2)
    assert notebook.text(2) == "'Rain'"

    note.get_by_role("button", name="Open note in a new cell").click()
    expect(note.get_by_role("status")).to_contain_text("its name is note")
    assert notebook.count() == 5
    notebook.run(2)
    assert notebook.text(2) == "'Rain'"

    with lab_page.page.expect_download() as download:
        note.get_by_role("button", name="Download note").click()
    assert download.value.suggested_filename == "output.txt"
    with lab_page.page.expect_download() as download:
        view.get_by_role("button", name="Download all of them").click()
    assert download.value.suggested_filename == "values.zip"
    import zipfile

    with zipfile.ZipFile(download.value.path()) as archive:
        assert set(archive.namelist()) == {"texts.txt", "picture.png"}


HUGE = """\
huge = "rain " * 100_000_000
ab.show(text=huge, bytes=huge.encode(), table=__import__("pyarrow").table({"n": range(9)}))
"""


def test_500_megabytes_stay_in_the_kernel(
    lab_page: LabPage, open_notebook: OpenNotebook, capsys: pytest.CaptureFixture[str]
) -> None:
    sizes: list[int] = []
    lab_page.page.on(
        "websocket",
        lambda line: line.on("framereceived", lambda frame: sizes.append(len(frame))),
    )
    notebook = open_notebook(LOAD, "ab.show(1)", HUGE)
    notebook.run(0)
    notebook.run(1)
    shows(notebook, 1).wait_for()
    sizes.clear()
    notebook.run(2)
    view = shows(notebook, 2)
    more = view.get_by_role("button", name="Read on")
    expect(more).to_contain_text("499,960,000 more")
    more.click()
    expect(more).to_contain_text("499,920,000 more")
    view.get_by_role("button", name="Copy text").click()
    expect(view.get_by_label("text", exact=True).get_by_role("status")).to_contain_text(
        "too much for the clipboard"
    )
    assert sizes
    assert max(sizes) < 100_000
    written = json.dumps(notebook.outputs(2))
    assert len(written) < 100_000
    start = time.monotonic()
    notebook.run(1, wait=False)
    shows(notebook, 1).get_by_text("1", exact=True).wait_for()
    with capsys.disabled():
        print(f"\nfirst pixels after {1000 * (time.monotonic() - start):.0f} ms")


# ---- what must not get out -------------------------------------------------------


class Watch:
    """What a page asks of the canary host, and every dialog."""

    def __init__(self, page: Any) -> None:
        self._asked: list[Request] = []
        self._dialogs: list[str] = []
        self._page = page
        page.on("request", self._note)
        page.on("dialog", self._notice)

    def close(self) -> None:
        self._page.remove_listener("request", self._note)
        self._page.remove_listener("dialog", self._notice)

    def _notice(self, dialog: Dialog) -> None:
        self._dialogs.append(dialog.message)
        dialog.dismiss()

    def _note(self, request: Request) -> None:
        if CANARY in request.url and not request.url.startswith("data:"):
            self._asked.append(request)

    @property
    def seen(self) -> list[str]:
        """Chromium tells of what the frame's own policy stops, too: that went nowhere."""
        asked = [it.url for it in self._asked if it.failure != "csp"]
        return asked + self._dialogs


def _are_clean(page: Any) -> None:
    """Fails where what the values carry has run in any frame; some come and go meanwhile."""
    for frame in page.frames:
        try:
            is_pwned = frame.evaluate(f"() => '{PWNED}' in window")
        except Error:
            if frame.is_detached():
                continue
            frame.wait_for_load_state("domcontentloaded")
            is_pwned = frame.evaluate(f"() => '{PWNED}' in window")
        assert not is_pwned, frame.url


def _is_clean(page: Any) -> None:
    _are_clean(page)
    assert page.evaluate("() => typeof window.jupyterapp.serviceManager") == "object"
    assert page.locator("#jupyter-config-data").count() == 1


def test_t56_hostile_values_reach_neither_page_nor_kernel_nor_network(
    chromium: Browser, lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    page = lab_page.page
    watch = Watch(page)
    (lab_page.lab.root / "payloads.json").write_text(json.dumps(PAYLOADS))
    notebook = open_notebook(LOAD, HOSTILE, MORE, STANDING, ON_CANVAS, CONTROL)
    notebook.run(0)
    for cell, count in ((1, 40), (2, len(PAYLOADS) - 40)):
        notebook.run(cell)
        views = notebook.cell(cell).locator(".ab-show")
        expect(views).to_have_count(count)
        for number in range(0, count, 4):
            views.nth(number).scroll_into_view_if_needed()
        hrefs = "all => all.map((it) => it.getAttribute('href') ?? '')"
        for address in views.locator("a").evaluate_all(hrefs):
            assert re.match("(?i)https?:|mailto:|#", address), address
        _is_clean(page)
    notebook.run(3)
    parts = notebook.cell(3).locator(".jp-OutputArea-child")
    for number in range(0, parts.count(), 4):
        parts.nth(number).scroll_into_view_if_needed()
    _is_clean(page)
    notebook.run(4)
    editor = editor_under(notebook, 4)
    for node in ("n0", "n33", "n40"):
        editor.inspect(node)
        expect(editor.inspector.locator(".ab-value-body").first).to_be_visible()
    _is_clean(page)
    assert notebook.errors() == []

    notebook.save()
    exported, _ = nbconvert.HTMLExporter().from_filename(
        str(lab_page.lab.root / notebook.path)
    )
    file = lab_page.lab.root / "exported.html"
    file.write_text(exported)
    static = chromium.new_page()
    watch_there = Watch(static)
    static.goto(file.as_uri(), wait_until="domcontentloaded")
    _are_clean(static)
    assert watch.seen + watch_there.seen == []
    static.close()

    # The same value put out by hand does get out, and is seen: so the rest was watched.
    notebook.run(5)
    page.wait_for_function(f"() => '{PWNED}' in window")
    expect(notebook.cell(5).locator("img")).to_have_count(1)
    assert watch.seen
    watch.close()
    page.evaluate(f"() => delete window.{PWNED}")
