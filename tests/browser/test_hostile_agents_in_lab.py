"""T34: agents that mean harm, opened on the canvas of a real JupyterLab, do nothing."""

import json
from pathlib import Path

from playwright.sync_api import Dialog, Request, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.editor import LOAD
from tests.browser.lab import LabPage

ROOT = Path(__file__).parents[2]
READ = f"""\
import json, pathlib, socket, sys
sys.path.append({str(ROOT)!r})
from tests.formats.hostile import documents, watched
from agentbench.workbench.workbench import workbench
folder = pathlib.Path("hostile")
folder.mkdir(exist_ok=True)
files = []
for name, document in documents():
    files.append(folder / name)
    files[-1].write_text(json.dumps(document))
# What is loaded when it is first used is loaded now: the vaults, which the canvas asks for
# the names of credentials; `keyring` starts programs as it looks for one of the system's;
# and our own lock server, which any canvas gets ready.
ab.credentials.list()
workbench().looking.submit(workbench().get_ready).result()
ab.editor(ab.new("warm", blank=True))
"""
OPEN = """\
before = len(ab.runs())
seen = watched(workbench().settings.home)
graphs = []
for file in files:
    for reads in (ab.open, lambda it: ab.import_agent(it).graph):
        try:
            graphs.append(reads(file))
            break
        except (ab.AgentbenchError, OSError):
            pass
len(graphs)
"""
SHOW = """\
from IPython.display import display
shown = graphs[13:16] + graphs[::16]
for graph in shown:
    display(ab.editor(graph))
"""
TELL = """\
did = list(seen)
socket.getaddrinfo("127.0.0.1", 9)  # what the watch is for, so that it is seen to see
print(json.dumps([len(files), len(graphs), len(shown), did, len(ab.runs()) - before, len(seen) > len(did)]))
"""


def test_t34_a_canvas_of_a_hostile_agent_is_inert(
    lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    page, asked, dialogs = lab_page.page, [], []
    here = page.url.split("/lab", maxsplit=1)[0]

    def note(request: Request) -> None:
        if not request.url.startswith(
            (here, "data:", "blob:", here.replace("http", "ws"))
        ):
            asked.append(request.url)

    def notice(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("request", note)
    page.on("dialog", notice)
    notebook = open_notebook(LOAD, READ, OPEN, SHOW, TELL)
    for cell in range(4):
        notebook.run(cell)
    views = notebook.cell(3).locator(".ab-editor")
    count = len(notebook.outputs(3))
    expect(views).to_have_count(count)
    for number in range(count):
        view = views.nth(number)
        view.scroll_into_view_if_needed()
        view.locator(".react-flow__node").first.wait_for()
        view.locator(".react-flow__node").first.dispatch_event("click")
    notebook.run(4)
    assert notebook.errors() == []
    files, opened, shown, did, runs, is_watching = json.loads(notebook.text(4))
    assert (files >= 60, opened >= 60, shown >= 8) == (True, True, True)
    assert (did, runs, is_watching) == ([], 0, True)
    assert count == shown
    assert not list(lab_page.lab.root.rglob("ran"))
    assert (asked, dialogs) == ([], [])
    page.remove_listener("request", note)
    page.remove_listener("dialog", notice)
