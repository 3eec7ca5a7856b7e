"""The graph editor where people keep notebooks besides JupyterLab: Notebook 7 and marimo."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.editor import LOAD, Editor, show
from tests.browser.lab import (
    APPEARS_WITHIN,
    PANEL,
    SCREENSHOTS,
    TOKEN,
    Lab,
    LabPage,
    Notebook,
    free_port,
    running_lab,
    write_notebook,
)

SIZE = {"width": 1280, "height": 900}


class NotebookPage(LabPage):
    """A page of Notebook 7: one notebook, no workspace."""

    def open(self, path: str, *, with_kernel: bool = True) -> Notebook:
        assert with_kernel
        self.page.goto(f"{self.lab.url}/notebooks/{path}?token={TOKEN}")
        self.page.wait_for_function(
            f"() => window.jupyterapp && {PANEL}?.context?.isReady"
        )
        notebook = Notebook(self, path)
        notebook.wait_until_idle()
        return notebook


@pytest.fixture(scope="module")
def notebook_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    root = tmp_path_factory.mktemp("notebook-7") / "notebooks"
    root.mkdir()
    env = {"AGENTBENCH_HOME": str(tmp_path_factory.mktemp("home"))}
    with running_lab(root, env=env, app="notebook") as server:
        yield server


BUILD = """\
graph = ab.new("notebook-7")
topic = graph.add("text.template", "topic", template="Kyoto")
graph.output("answer", topic)
graph
"""


def test_agent_is_edited_run_and_reloaded_in_notebook_7(
    chromium: Browser, notebook_server: Lab
) -> None:
    write_notebook(notebook_server.root / "seven.ipynb", [LOAD, BUILD])
    page = NotebookPage(chromium.new_page(viewport=SIZE), notebook_server)
    editor = show(page.open("seven.ipynb"), 1)
    editor.field("topic", "template").fill("Oslo")
    editor.run()
    editor.wait_until("Done")
    expect(editor.preview("topic")).to_have_text("Oslo")
    notebook = Notebook(page, "seven.ipynb")
    cells = notebook.count()
    editor.node("topic").focus()
    page.page.keyboard.press("b")  # adds a cell wherever the notebook hears it
    page.page.keyboard.press("Shift+Enter")
    page.screenshot("notebook-7")
    assert notebook.count() == cells
    notebook.save()
    page.open("seven.ipynb")
    expect(editor.preview("topic")).to_have_text("Oslo")
    expect(editor.field("topic", "template")).to_have_value("Oslo")
    assert page.errors == []
    notebook.close()
    page.page.close()


MARIMO = """\
import marimo

app = marimo.App(width="full")


@app.cell
def _():
    import marimo as mo
    import agentbench as ab

    graph = ab.new("in-marimo")
    topic = graph.add("text.template", "topic", template="Kyoto")
    graph.output("answer", topic)
    editor = mo.ui.anywidget(ab.editor(graph))
    editor
    return


if __name__ == "__main__":
    app.run()
"""


@pytest.fixture(scope="module")
def marimo_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("marimo")
    (folder / "agent.py").write_text(MARIMO)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [
        sys.executable, "-m", "marimo", "run", "agent.py", "--headless", "--no-token",
        "--port", str(port),
    ]  # fmt: skip
    home = {
        "AGENTBENCH_HOME": str(folder / "home"),
        "HOME": str(folder),
        "PYTHONPATH": os.pathsep.join([str(Path.cwd()), *filter(None, sys.path)]),
    }
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **home},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_served(process, address)
            yield address
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_served(process: "subprocess.Popen[bytes]", address: str) -> None:
    end = time.monotonic() + APPEARS_WITHIN
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail("marimo did not come up.")


def test_agent_is_edited_and_run_in_marimo(
    chromium: Browser, marimo_address: str
) -> None:
    page: Page = chromium.new_page(viewport=SIZE)
    page.goto(marimo_address)
    editor = Editor(page.locator(".ab-editor"))
    editor.root.wait_for(timeout=1000 * APPEARS_WITHIN)
    editor.wait_until_still()
    editor.field("topic", "template").fill("Oslo")
    editor.run()
    editor.wait_until("Done")
    expect(editor.preview("topic")).to_have_text("Oslo")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / "marimo.png")
    page.close()
