"""The graph editor in a real JupyterLab when something goes wrong around it."""

import json
import os
import re
import signal
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenNotebook
from tests.browser.editor import DRAFTED, LOAD, Editor, show
from tests.browser.lab import LabPage

WAITING = """\
import asyncio, pathlib

@ab.block
async def wait_for_file() -> str:
    while not pathlib.Path("go-on").exists():
        await asyncio.sleep(0.05)
    return "it came"

graph = ab.new("reloaded")
graph.add(wait_for_file, "wait")
graph
"""


@pytest.fixture
def go_on(lab_page: LabPage) -> Path:
    """The file that the block above waits for."""
    path = lab_page.lab.root / "go-on"
    path.unlink(missing_ok=True)
    return path


def test_page_reloaded_in_a_run_shows_how_it_stands(
    lab_page: LabPage, open_notebook: OpenNotebook, go_on: Path
) -> None:
    notebook = open_notebook(LOAD, WAITING)
    editor = show(notebook, 1)
    editor.run()
    expect(editor.state("wait")).to_have_text("Running")
    notebook.save()
    lab_page.load()  # not by its path: it would be opened twice, once of them late
    lab_page.open(notebook.path)
    editor.root.wait_for()
    expect(editor.state("wait")).to_have_text("Running")
    go_on.touch()
    expect(editor.state("wait")).to_have_text("Done")
    expect(editor.preview("wait")).to_have_text("it came")


def test_restarted_kernel_is_told_and_the_cell_brings_the_editor_back(
    lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    build = 'graph = ab.new("restarted")\ngraph.add("text.template", "a")\ngraph'
    notebook = open_notebook(LOAD, build)
    editor = show(notebook, 1)
    editor.field("a", "template").fill("never saved")
    expect(editor.saved).to_have_text("Unsaved")
    lab_page.page.evaluate(DRAFTED, "never saved")
    notebook.restart()
    expect(editor.banner).to_contain_text("kernel was restarted")
    lab_page.screenshot("kernel-restarted")
    expect(editor.field("a", "template")).to_be_disabled()
    expect(editor.button("Save")).to_be_disabled()
    expect(editor.button("Run")).to_be_disabled()
    editor.node("a").locator(".ab-node-title").click()
    lab_page.page.keyboard.press("Delete")
    expect(editor.node("a")).to_be_visible()
    editor = show(notebook, 1)
    expect(editor.banner).to_contain_text("were never saved: 1 node changed")
    lab_page.screenshot("recovery-in-lab")
    editor.banner.get_by_role("button", name="Bring them back").click()
    expect(editor.banner).to_have_count(0)
    expect(editor.field("a", "template")).to_have_value("never saved")
    editor.field("a", "template").fill("again")
    expect(editor.saved).to_have_text("Unsaved")


def test_a_dead_kernel_makes_the_editor_read_only_until_one_lives_again(
    lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    build = """\
import os
graph = ab.new("dying")
graph.add("text.template", "a", template="first")
print(os.getpid())
graph"""
    notebook = open_notebook(LOAD, build)
    editor = show(notebook, 1)
    editor.field("a", "template").fill("before it died")
    expect(editor.saved).to_have_text("Unsaved")
    lab_page.page.evaluate(DRAFTED, "before it died")
    os.kill(int(notebook.text(1).split()[0]), signal.SIGKILL)
    # Jupyter says so itself, once or twice, over everything.
    said = lab_page.page.get_by_role("dialog", name="Kernel Restarting")
    lab_page.page.add_locator_handler(
        said, lambda dialog: dialog.get_by_role("button").first.click()
    )
    _expect_read_only(editor)
    notebook.wait_until_idle()
    editor = show(notebook, 1)
    editor.banner.get_by_role("button", name="Bring them back").click()
    expect(editor.field("a", "template")).to_have_value("before it died")
    notebook.shut_down()
    _expect_read_only(editor)  # nothing was sent meanwhile: Jupyter has told it
    expect(editor.field("a", "template")).to_have_value("before it died")
    lab_page.screenshot("kernel-shut-down")
    notebook.start_kernel()
    editor = show(notebook, 1)
    editor.banner.get_by_role("button", name="Bring them back").click()
    expect(editor.banner).to_have_count(0)
    expect(editor.field("a", "template")).to_have_value("before it died")
    expect(editor.field("a", "template")).to_be_enabled()
    editor.run()
    editor.wait_until("Done")
    lab_page.page.remove_locator_handler(said)


def _expect_read_only(editor: Editor) -> None:
    expect(editor.banner).to_contain_text("Read-only: the kernel was restarted or shut")
    expect(editor.field("a", "template")).to_be_disabled()
    for name in ("Save", "Run"):
        expect(editor.button(name)).to_be_disabled()
    editor.node("a").locator(".ab-node-title").click()
    editor.page.keyboard.press("Delete")
    expect(editor.node("a")).to_be_visible()


BUSY = """\
import time

print("busy now")
time.sleep(150)  # longer than anything here is waited for
print("free again")
"""


def test_run_is_stopped_while_a_cell_is_busy(open_notebook: OpenNotebook) -> None:
    build = 'graph = ab.new("busy")\ngraph.add("logic.wait", "w", seconds=60)\ngraph'
    notebook = open_notebook(LOAD, build, BUSY)
    editor = show(notebook, 1)
    notebook.run(2, wait=False)
    output = notebook.cell(2).locator(".jp-OutputArea")
    expect(output).to_contain_text("busy now")
    editor.run()
    expect(editor.state("w")).to_have_text("Waiting")
    editor.stop()
    expect(editor.status).to_contain_text("Stopped")
    expect(editor.state("w")).to_have_text("Stopped")
    assert notebook.text(2) == "busy now"
    notebook.interrupt()
    expect(output).to_contain_text("KeyboardInterrupt")


def write_agent(folder: Path, name: str, **changed: object) -> None:
    node = {"block": "text.template", "constants": {"template": "Hi"}}
    document = {
        "format": "agentbench/1",
        "name": name,
        "description": "",
        "nodes": {"hello": node},
        "links": [],
        "layout": {},
    }
    text = json.dumps({**document, **changed})
    (folder / f"{name}.agent.json").write_text(text)


def test_newer_file_opens_read_only_with_the_reason(
    lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    write_agent(lab_page.lab.root, "newer", format="agentbench/9")
    editor = show(open_notebook(LOAD, "%agent open newer.agent.json"), 1)
    expect(editor.banner).to_contain_text("Read-only: its format is agentbench/9")
    lab_page.screenshot("newer-file")
    expect(editor.field("hello", "template")).to_be_disabled()
    expect(editor.button("Save")).to_be_disabled()


def test_unknown_block_has_a_placeholder_with_the_reason(
    lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    unknown = {"old": {"block": "vendor.summarise"}}
    write_agent(lab_page.lab.root, "unknown", nodes=unknown)
    editor = show(open_notebook(LOAD, "%agent open unknown.agent.json"), 1)
    problem = editor.node("old").locator(".ab-node-problem")
    expect(problem).to_contain_text("There is no block 'vendor.summarise'")
    lab_page.screenshot("unknown-block")


def test_damaged_file_gives_the_error_in_the_cell(
    lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    (lab_page.lab.root / "damaged.agent.json").write_text('{"format": ')
    notebook = open_notebook(LOAD, "%agent open damaged.agent.json")
    notebook.run_all()
    said = r"DocumentError: damaged\.agent\.json cannot be read .*: it is no JSON"
    assert re.match(said, notebook.text(1))
    lab_page.screenshot("damaged-file")


FAILING = """\
@ab.block
def unlucky() -> str:
    raise ValueError("no luck today")

graph = ab.new("failing")
graph.add(unlucky, "unlucky")
graph
"""


def test_failing_block_shows_its_error_and_traceback(
    lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    editor = show(open_notebook(LOAD, FAILING), 1)
    editor.run()
    editor.wait_until("Failed")
    error = editor.node("unlucky").locator(".ab-node-error")
    expect(error).to_contain_text("ValueError: no luck today")
    expect(error.locator("code")).to_contain_text("line 3 of unlucky: raise ValueError")
    expect(editor.state("unlucky")).to_have_text("Failed")
    inspector = editor.inspect("unlucky")
    inspector.get_by_role("button", name="Traceback").click()
    expect(inspector).to_contain_text('raise ValueError("no luck today")')
    lab_page.screenshot("failing-block")


def test_notebook_without_a_kernel_shows_the_drawing(
    lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    build = 'graph = ab.new("drawn")\ngraph.add("text.template", "a")\ngraph'
    notebook = open_notebook(LOAD, build)
    show(notebook, 1)
    notebook.save()
    copy = changed_copy(lab_page.lab.root / notebook.path)
    cold = open_notebook(path=copy.name, with_kernel=False)
    drawing = cold.cell(1).locator(".jp-OutputArea-output img")
    expect(drawing).to_be_visible()
    assert (drawing.get_attribute("src") or "").startswith("data:image/svg+xml")
    width = drawing.evaluate("image => image.decode().then(() => image.naturalWidth)")
    assert width > 100
    expect(cold.cell(1).locator(".ab-editor")).to_have_count(0)
    lab_page.screenshot("without-a-kernel")


def changed_copy(path: Path) -> Path:
    """A copy of a notebook that nobody has trusted yet."""
    notebook = nbformat.v4.reads(path.read_text())
    notebook.cells[0].source += "  # from elsewhere"
    copy = path.with_stem(path.stem + "-copy")
    copy.write_text(nbformat.v4.writes(notebook))
    return copy
