"""T32: what happens to a notebook while a run goes on, in a real JupyterLab and browser."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.editor import LOAD, Editor, show
from tests.browser.lab import Lab, LabPage, Notebook, running_lab, write_notebook

HERE = Path(__file__).parent
MIME = "application/vnd.jupyter.widget-state+json"
SAVING = "@jupyter-widgets/jupyterlab-manager:saveWidgetState"

COUNTING = """\
import asyncio, pathlib

@ab.block
async def count(context: ab.Context, lines: int = 20000) -> int:
    for number in range(lines):
        context.log(f"line {number}")
        if number % 500 == 0:
            context.progress(number, lines)
            await asyncio.sleep(0)
    return lines

@ab.block
async def until(number: int, file: str) -> int:
    pathlib.Path(file + "-is-awaited").touch()
    while not pathlib.Path(file).exists():
        await asyncio.sleep(0.02)
    return number

@ab.block
async def spread(file: str, many: int = 400) -> int:
    for number in range(many):
        yield number
        await asyncio.sleep(0.01)
        while number == 20 and not pathlib.Path(file).exists():
            await asyncio.sleep(0.02)

@ab.block
async def same(number: int) -> int:
    return number

@ab.block
async def finish(number: int, file: str, last: int = 399) -> int:
    if number == last:
        pathlib.Path(file).touch()
    return number
"""


@pytest.fixture
def page(chromium: Browser, lab: Lab) -> Iterator[LabPage]:
    """A page with a line to the server that can be made faulty."""
    page = chromium.new_page(viewport={"width": 1400, "height": 1000})
    page.add_init_script(path=HERE / "faulty_line.js")
    lab_page = LabPage(page, lab)
    lab_page.load()
    yield lab_page
    page.close()
    assert lab_page.errors == []


@pytest.fixture
def notebooks(page: LabPage) -> Iterator[list[Notebook]]:
    """The notebooks that a test opens, closed when it is done."""
    opened: list[Notebook] = []
    yield opened
    for notebook in opened:
        notebook.close()


def opened(page: LabPage, notebooks: list[Notebook], *cells: str) -> Notebook:
    name = f"fault-{len(list(page.lab.root.glob('fault-*')))}.ipynb"
    write_notebook(page.lab.root / name, cells)
    notebooks.append(page.open(name))
    return notebooks[-1]


def line(page: LabPage) -> dict[str, Any]:
    """What the line to the server has carried."""
    carried: dict[str, Any] = page.page.evaluate("() => window.faultyLine")
    return carried


def make(page: LabPage, mode: str) -> None:
    """Makes the line whole, lossy or cut from now on."""
    page.page.evaluate("mode => { window.faultyLine.mode = mode }", mode)


@pytest.mark.parametrize("mode", ["lossy", "cut"])
def test_t32a_lost_messages(
    page: LabPage, notebooks: list[Notebook], mode: str
) -> None:
    build = (
        f'graph = ab.new("{mode}")\n'
        f'spreading = graph.add(spread, "spread", file="{mode}-has-begun")\n'
        'last = graph.add(same, "last")\n'
        f'end = graph.add(finish, "end", file="{mode}-is-over")\n'
        "spreading >> last\nlast >> end\ngraph"
    )
    notebook = opened(page, notebooks, LOAD, COUNTING, build)
    editor = show(notebook, 2)
    expect(editor.button("Run")).to_be_enabled()
    editor.run()
    expect(editor.state("spread")).to_contain_text("Running", timeout=30_000)
    make(page, mode)
    (page.lab.root / f"{mode}-has-begun").touch()
    wait_for(page.lab.root / f"{mode}-is-over")
    page.page.wait_for_timeout(500)  # what is told of the end is lost as well
    make(page, "whole")
    expect(editor.status).to_contain_text("Done", timeout=30_000)
    for node in ("spread", "last", "end"):
        expect(editor.state(node)).to_contain_text("Done", timeout=30_000)
        expect(editor.preview(node)).to_have_text("399", timeout=30_000)
    assert line(page)["lost"] > 20


def test_t32b_rate_limit(page: LabPage, notebooks: list[Notebook]) -> None:
    build = 'graph = ab.new("rate")\ngraph.add(count, "count")\ngraph'
    notebook = opened(page, notebooks, LOAD, COUNTING, build)
    editor = show(notebook, 2)
    page.page.evaluate("() => { window.faultyLine.times = [] }")
    editor.run()
    editor.wait_until("Done")
    expect(editor.state("count")).to_contain_text("Done")
    times = line(page)["times"]
    busiest = max(sum(t <= other < t + 1000 for other in times) for t in times)
    # Twenty a second of updates; a sync and the traits come on top of them.
    assert busiest <= 25, f"{busiest} messages in one second"
    assert "rate exceeded" not in page.page.locator("body").inner_text()
    assert "rate exceeded" not in page.lab.log.read_text()


def wait_for(path: Path, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Waits until a block has made a file."""
    end = time.monotonic() + 150
    while not path.exists():
        assert time.monotonic() < end, "the run did not get so far"
        meanwhile()
        time.sleep(0.05)


def memory_of(lab: Lab) -> int:
    """Bytes that the server has in memory."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
            if b"jupyterlab" in words and f"root_dir={lab.root}".encode() in b" ".join(
                words
            ):
                status = (entry.parent / "status").read_text()
                return 1024 * int(status.split("VmRSS:")[1].split()[0])
        except OSError:
            continue
    pytest.skip("this system does not say how much memory a process has")


LOGGING = """\
@ab.block
async def chatter(context: ab.Context, lines: int = 15000) -> int:
    for number in range(lines):
        context.log("x" * 1990)
        if number % 100 == 0:
            context.progress(number, lines)
            await asyncio.sleep(0.02)
    return lines

graph = ab.new("chatter")
graph.add(chatter, "chatter") >> graph.add(until, "end", file="half")
graph
"""


def test_t32c_disconnect(chromium: Browser, lab: Lab) -> None:
    (lab.root / "half").unlink(missing_ok=True)
    path = write_notebook(lab.root / "fault-closed.ipynb", [LOAD, COUNTING, LOGGING])
    first = chromium.new_page(viewport={"width": 1400, "height": 1000})
    page = LabPage(first, lab)
    page.load()
    notebook = page.open(path.name)
    editor = show(notebook, 2)
    editor.run()
    expect(editor.state("chatter")).to_contain_text("Running")
    notebook.save()
    first.close()
    before, sizes = memory_of(lab), [0]
    # Thirty megabytes are logged meanwhile, with nobody there to take anything.
    wait_for(lab.root / "half-is-awaited", lambda: sizes.append(memory_of(lab)))
    assert max(sizes) - before < 20_000_000
    second = chromium.new_page(viewport={"width": 1400, "height": 1000})
    page = LabPage(second, lab)
    page.load(path.name)
    notebook = page.open(path.name)
    editor = Editor(notebook.cell(2).locator(".ab-editor"))
    editor.root.wait_for()
    expect(editor.state("chatter")).to_contain_text("Done")
    expect(editor.state("end")).to_contain_text("Running")
    expect(editor.status).to_contain_text("Running")
    (lab.root / "half").touch()
    editor.wait_until("Done")
    notebook.close()
    second.close()


def test_t32d_saved_mid_run(
    chromium: Browser,
    page: LabPage,
    notebooks: list[Notebook],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    build = (
        'graph = ab.new("half-way")\n'
        'graph.add(until, "end", file="never", number=1)\ngraph'
    )
    begin = "run = graph.start()\nrun"
    notebook = opened(page, notebooks, LOAD, COUNTING, build, begin)
    editor = show(notebook, 2)
    notebook.run(3)
    expect(editor.state("end")).to_contain_text("Running")
    notebook.save()
    saved = (page.lab.root / notebook.path).read_text()
    nbformat.validate(nbformat.reads(saved, as_version=4))
    root = tmp_path_factory.mktemp("fresh") / "notebooks"
    root.mkdir()
    (root / "copy.ipynb").write_text(saved)
    home = tmp_path_factory.mktemp("home")
    with running_lab(root, env={"AGENTBENCH_HOME": str(home)}) as fresh:
        copy_page = LabPage(chromium.new_page(), fresh)
        copy_page.load()
        copy = copy_page.open("copy.ipynb")
        for cell in (2, 3):
            output = copy.cell(cell).locator(".jp-OutputArea")
            expect(output.locator("img").first).to_be_visible()
            expect(output).not_to_contain_text("Loading widget")
            expect(output.locator("[data-status=running]")).to_have_count(0)
        said = "It was going on when this was shown. `%agent runs` lists it"
        expect(copy.cell(3).locator(".jp-OutputArea")).to_contain_text(said)
        copy_page.screenshot("saved-mid-run")
        copy.close()
        copy_page.page.close()
    assert list(home.iterdir()) == [], "opening opened no store and started no run"


def test_t32f_no_persisted_widget_state(
    page: LabPage, notebooks: list[Notebook]
) -> None:
    build = 'graph = ab.new("kept")\ngraph.add(same, "same", number=1)\ngraph'
    run = "run = await graph.run()\nrun"
    notebook = opened(page, notebooks, LOAD, COUNTING, build, run)
    show(notebook, 2)
    notebook.run(3)
    page.command(SAVING)
    try:
        notebook.save()
    finally:
        page.command(SAVING)
    saved = json.loads((page.lab.root / notebook.path).read_text())
    models = saved["metadata"]["widgets"][MIME]["state"]
    ours = {id: m for id, m in models.items() if m["model_module"] == "anywidget"}
    assert len(ours) == 2
    for model in ours.values():
        assert set(model["state"]) <= {
            "_anywidget_id", "_esm", "_model_module", "_model_module_version",
            "_model_name", "_view_count", "_view_module", "_view_module_version",
            "_view_name",
        }  # fmt: skip
        assert "Run the cell again" in model["state"]["_esm"]
    assert len(json.dumps(ours)) < 2000
    nbformat.validate(nbformat.from_dict(saved))
