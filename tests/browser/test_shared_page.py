"""A run as a page of its own: opened from disk with no network, whatever the run has said."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

import agentbench as ab
from agentbench.domain.context import Context
from agentbench.domain.edit import SetTitle
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench
from tests.browser.lab import SCREENSHOTS
from tests.kernels import with_samples

FAR = "https://evil.example"
HOSTILE = [
    "</script><script>window.pwned = 1</script>",
    "<!--<script>",
    "<img src=x onerror='window.pwned = 2'>",
    f"<img src={FAR}/pixel.png>",
    "<svg onload='window.pwned = 3'><script>window.pwned = 4</script></svg>",
    "<math><mtext><img src=x onerror='window.pwned = 5'></mtext></math>",
    f"<iframe srcdoc='<script>parent.pwned = 6</script>' src={FAR}></iframe>",
    f"<link rel=stylesheet href={FAR}/a.css><style>*{{display:none}}</style>",
    f"<meta http-equiv=refresh content='0;url={FAR}'>",
    f"<base href={FAR}>",
    f"<form action={FAR}><input name=body><button>go</button></form>",
    "<a href='javascript:window.pwned = 7'>press</a>",
    "<details open ontoggle='window.pwned = 8'>",
    "<div id=run>clobbered</div><div id=film name=getElementById>x</div>",
    "\u2028\u2029</title><script>window.pwned = 9</script>",
    "__proto__",
    "constructor#1",
    "[x](javascript:alert(1)) ![y](https://evil.example/z.png)",
    "\x1b]0;title\x07\x00\ud800",
]
SVG = f"""<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20" onload="window.pwned=10">
<script>window.pwned = 11</script><image href="{FAR}/i.png" width="9" height="9"/>
<rect width="60" height="20" fill="#7a4fd0"/></svg>"""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    home = tmp_path_factory.mktemp("home")
    made = Workbench(Settings(home=home, store_url="memory:", redis_url="local:"))
    with_samples(made.blocks)
    use_workbench(made)
    yield made
    made.close()


class Opened:
    """A page from disk in a browser that has no network, and what it tried."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page = page
        self.errors: list[str] = []
        self.asked: list[str] = []
        self.dialogs: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(error.message))
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("dialog", lambda dialog: self.dialogs.append(dialog.message))
        page.goto(path.as_uri())

    def check_nothing_happened(self, path: Path) -> None:
        there = [url for url in self.asked if not url.startswith("data:")]
        assert there == [path.as_uri()]
        assert self.dialogs == []
        assert self.errors == []
        assert self.page.evaluate("window.pwned") is None
        assert self.page.url == path.as_uri()
        assert self.page.title() == "A run of an agent"


@pytest.fixture
def opens(chromium: Browser) -> Iterator[object]:
    contexts = []

    def open_page(path: Path, *, dark: bool = False, scripts: bool = True) -> Opened:
        context = chromium.new_context(
            offline=True,
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            viewport={"width": 1280, "height": 1000},
        )
        contexts.append(context)
        return Opened(context.new_page(), path)

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def hostile(bench: Workbench, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a run that says hostile things wherever it can say anything."""

    @ab.block(id="test.hostile")
    async def hostile(context: Context, number: int, told: str = HOSTILE[0]) -> str:
        said = HOSTILE[number]
        context.log(said)
        if number % 4 == 3:
            raise ValueError(said)
        return said

    @ab.block(id="test.drawing")
    async def drawing() -> dict:
        return {HOSTILE[0]: HOSTILE[2], "svg": SVG}

    graph = ab.Graph(HOSTILE[0], HOSTILE[2], blocks=bench.blocks)
    stream = graph.add("test.numbers", "stream", count=len(HOSTILE))
    said = graph.add(hostile, "says", number=stream)
    graph.apply(SetTitle(id="says", title=HOSTILE[4]))
    graph.output("said", said)
    graph.output("drawn", graph.add(drawing, "drawing"))
    run = graph.run_sync()
    return run.share(tmp_path_factory.mktemp("pages") / "hostile.html")


def test_t58_a_hostile_run_is_inert(opens, hostile: Path) -> None:
    opened = opens(hostile)
    page = opened.page
    expect(page.locator("h1")).to_have_text(HOSTILE[0])
    expect(page.locator(".ab-page-values")).to_contain_text("onerror=")
    canvas = page.locator("canvas")
    expect(canvas).to_have_attribute("data-still", "true")
    canvas.focus()
    for _ in range(len(HOSTILE) + 1):
        canvas.press("]")
    page.get_by_label("The firing that is chosen").wait_for()
    assert (
        page.evaluate("document.querySelectorAll('iframe, form, base, link').length")
        == 0
    )
    scripts = "[...document.querySelectorAll('script')].map((it) => it.type)"
    assert page.evaluate(scripts) == ["application/json", ""]
    box = canvas.bounding_box()
    for x in range(200, int(box["width"]), 160):
        for y in (70, 90, 120):
            canvas.click(position={"x": x, "y": min(y, box["height"] - 3)})
    opened.check_nothing_happened(hostile)


def test_t58_a_hostile_run_is_inert_and_readable_without_scripts(
    opens, hostile: Path
) -> None:
    opened = opens(hostile, scripts=False)
    expect(opened.page.locator("pre")).to_contain_text("X failed")
    there = [url for url in opened.asked if not url.startswith("data:")]
    assert there == [hostile.as_uri()]


@pytest.mark.parametrize("dark", [False, True])
def test_a_page_shows_the_run(
    opens, bench: Workbench, tmp_path: Path, dark: bool
) -> None:
    failing = {2: 1, 5: 9}

    @ab.block(id="test.rate")
    async def rate(context: Context, number: int) -> int:
        context.log(f"asking for {number}")
        context.use(tokens=40, cost=0.001)
        if failing.get(number, 0) > 0:
            failing[number] -= 1
            raise ValueError(f"no rate for {number}")
        return number * 10

    graph = ab.Graph("market watch", blocks=bench.blocks)
    each = graph.add("test.numbers", "each", count=8)
    slow = graph.add("test.slow_if_even", "fetch", number=each)
    rated = graph.add(rate, "rate", number=slow)
    rated.set(retries=1, retry_wait=0.03)
    graph.output("rates", rated)
    graph.output("law", graph.add("text.template", template="$$E = mc^2$$"))
    path = graph.run_sync().share(tmp_path)
    opened = opens(path, dark=dark)
    page = opened.page
    expect(page.locator("h1")).to_have_text("market watch")
    expect(page.locator(".ab-timeline-line")).to_contain_text("1 failed · 400 tokens")
    expect(page.locator(".ab-page-failure")).to_contain_text("no rate for 5")
    law = page.locator("[data-port=law]")
    law.scroll_into_view_if_needed()
    formula = law.frame_locator("iframe").locator(".katex-html")
    expect(formula).to_be_visible()
    expect(law.locator("pre")).to_be_hidden()
    canvas = page.locator("canvas")
    expect(canvas).to_have_attribute("data-still", "true")
    canvas.focus()
    canvas.press("]")
    firing = page.get_by_label("The firing that is chosen")
    expect(firing).to_contain_text("firing 1 of 1")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(firing.locator("[data-port=result]").last).to_contain_text("7")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    theme = "dark" if dark else "light"
    page.screenshot(path=SCREENSHOTS / f"shared-page-{theme}.png", full_page=True)
    opened.check_nothing_happened(path)


@pytest.mark.parametrize("way", ["file", "http"])
def test_a_page_draws_graphs_and_diagrams(
    chromium: Browser, opens, bench: Workbench, tmp_path: Path, way: str
) -> None:
    graph = ab.Graph("drawings", blocks=bench.blocks)
    drawings = {
        "dot": 'digraph { fetch -> clean; clean -> "the rest" }',
        "mermaid": "flowchart LR\n  Fetch --> Clean\n  Clean --> Rank",
    }
    for name, text in drawings.items():
        graph.output(name, graph.add("text.template", name, template=text))
    path = graph.run_sync().share(tmp_path)
    if way == "file":
        opened = opens(path)
        shows_drawings(opened.page)
        opened.check_nothing_happened(path)
        return
    with served(tmp_path) as address:
        page = chromium.new_page(viewport={"width": 1280, "height": 1000})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/{path.name}")
        shows_drawings(page)
        page.close()
    assert [url for url in asked if not url.startswith(("data:", address))] == []


def shows_drawings(page: Page) -> None:
    for port, word in ("dot", "the rest"), ("mermaid", "Rank"):
        value = page.locator(f"[data-port={port}]")
        value.scroll_into_view_if_needed()
        drawn = value.frame_locator("iframe").locator("svg .node", has_text=word)
        expect(drawn.first).to_be_visible()
        expect(value.locator("pre")).to_be_hidden()
        # What is painted is more than an empty frame, which is one colour.
        picture = Image.open(io.BytesIO(value.locator("iframe").screenshot()))
        assert len(picture.convert("RGB").getcolors(1 << 24) or []) > 8
    page.screenshot(path=SCREENSHOTS / "shared-page-drawings.png")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder over HTTP, on this machine."""
    answers = partial(SimpleHTTPRequestHandler, directory=folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
