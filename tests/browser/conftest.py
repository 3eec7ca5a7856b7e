"""The browser, the server and the page; one of each serves all browser tests."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench
from tests.browser.editor import COMES_WITHIN
from tests.browser.lab import Lab, LabPage, Notebook, running_lab, write_notebook
from tests.browser.live import Live, Served, serving_live
from tests.browser.playground import BUILT, Playground, serving

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
# Nothing in the background: tests may run where no network is.
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
FAILED = pytest.StashKey[bool]()

# Playwright's own five seconds say how fast the machine is; what is waited for here comes or
# does not.
expect.set_options(timeout=1000 * COMES_WITHIN)

OpenNotebook = Callable[..., Notebook]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks these tests, and puts them last: Playwright keeps a loop on this thread."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(300))
    items.sort(key=lambda item: item.path.is_relative_to(HERE))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Keeps a picture of the page as a failing test left it."""
    report = yield
    page = getattr(item, "funcargs", {}).get("lab_page")
    if report.failed and page:
        item.stash[FAILED] = True
        page.screenshot(f"failed-{item.name}")
    return report


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Chromium is."""
    find = [sys.executable, ROOT / "scripts" / "chromium.py"]
    found = subprocess.run(find, capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.fail(found.stderr, pytrace=False)
    return found.stdout.strip()


@pytest.fixture(scope="session")
def chromium(chromium_path: str) -> Iterator[Browser]:
    """A real Chromium, without a window."""
    with sync_playwright() as playwright:
        start = playwright.chromium.launch
        browser = start(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab over a copy of the notebooks."""
    root = tmp_path_factory.mktemp("lab") / "notebooks"
    shutil.copytree(ROOT / "notebooks", root)
    # A home of its own: the library of whoever runs the tests stays as it is.
    home = str(tmp_path_factory.mktemp("home"))
    with running_lab(root, env={"AGENTBENCH_HOME": home}) as lab:
        yield lab


@pytest.fixture(scope="session")
def loaded_page(chromium: Browser, lab: Lab) -> Iterator[LabPage]:
    """The one page; a test asks for `lab_page`."""
    page = chromium.new_page(viewport={"width": 1400, "height": 1000})
    lab_page = LabPage(page, lab)
    lab_page.load()
    yield lab_page
    page.close()


@pytest.fixture
def lab_page(loaded_page: LabPage, request: pytest.FixtureRequest) -> Iterator[LabPage]:
    """The page; after a failure it is loaded afresh."""
    loaded_page.errors.clear()
    yield loaded_page
    if request.node.stash.get(FAILED, False):
        loaded_page.load()
    assert loaded_page.errors == []


@pytest.fixture
def open_notebook(lab_page: LabPage) -> Iterator[OpenNotebook]:
    """Opens a notebook by path, or one made of the given cells; closed when done."""
    opened: list[Notebook] = []

    def opens(*cells: str, path: str = "", with_kernel: bool = True) -> Notebook:
        if not path:
            path = f"untitled-{len(list(lab_page.lab.root.glob('untitled-*')))}.ipynb"
            write_notebook(lab_page.lab.root / path, cells)
        opened.append(lab_page.open(path, with_kernel=with_kernel))
        return opened[-1]

    yield opens
    for notebook in opened:
        notebook.close()


@pytest.fixture(scope="session")
def playground_address() -> Iterator[str]:
    """Where the built playground is served."""
    if not (BUILT / "main.js").exists():
        pytest.fail("The playground is not built: run `npm run build` in widgets/.")
    with serving() as address:
        yield address


@pytest.fixture
def playground_page(chromium: Browser, playground_address: str) -> Iterator[Playground]:
    """The editor on a fake kernel; an error of the page fails the test."""
    page = chromium.new_page(viewport={"width": 1280, "height": 720})
    errors: list[str] = []

    def note(error: Error) -> None:
        errors.append(str(error))

    page.on("pageerror", note)
    yield Playground(page, playground_address)
    page.close()
    assert errors == []


@pytest.fixture(scope="session")
def live_bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    home = tmp_path_factory.mktemp("home")
    made = Workbench(Settings(home=home, store_url="memory:", redis_url="local:"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def live_page(
    chromium: Browser, playground_address: str
) -> Iterator[tuple[Page, str, Served]]:
    context = chromium.new_context(viewport={"width": 1280, "height": 760})
    with serving_live() as (address, served):
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        yield page, address, served
        context.close()


@pytest.fixture
def live(live_page: tuple[Page, str, Served], live_bench: Workbench) -> Iterator[Live]:
    page, address, served = live_page
    use_workbench(live_bench)  # another file may have used its own since
    errors: list[str] = []

    def note(error: Error) -> None:
        errors.append(str(error))

    page.on("pageerror", note)
    yield Live(page, address, served, live_bench)
    page.remove_listener("pageerror", note)
    assert errors == []


@pytest.fixture
def chain(live: Live) -> Live:
    """Three templates in a row, shown."""
    graph = live.open()
    graph.add("text.template", "a", template="hello").set(at=(0, 0))
    graph.add("text.template", "b", template="{{ x }}!", x=graph["a"]).set(at=(300, 0))
    graph.add("text.template", "c", template="{{ y }}?", y=graph["b"]).set(at=(600, 0))
    live.show()
    return live
