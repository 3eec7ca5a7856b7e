"""The film of a run in a real JupyterLab: its timeline, and what is read in it."""

from collections.abc import Iterator

from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.editor import LOAD, box_of, show
from tests.browser.lab import LabPage

BUILD = """\
import asyncio

@ab.block(id="film.fetch")
async def fetch(context: ab.Context, n: int) -> int:
    await asyncio.sleep(0.04 + 0.03 * (n % 3))
    context.log(f"fetched {n}")
    context.use(tokens=120 + n, cost=0.002)
    return n

failing = {2: 1, 5: 9}

@ab.block(id="film.rate")
async def rate(n: int) -> int:
    await asyncio.sleep(0.03)
    if failing.get(n, 0) > 0:
        failing[n] -= 1
        raise ValueError(f"no rate for {n}")
    return n * 10

@ab.block(id="film.numbers")
async def numbers(count: int) -> int:
    for n in range(count):
        yield n

graph = ab.Graph("market watch")
each = graph.add(numbers, "numbers", count=8)
fetched = graph.add(fetch, "fetch", n=each)
rated = graph.add(rate, "rate", n=fetched)
rated.set(retries=1, retry_wait=0.08)
graph.output("rates", rated)
run = graph.run_sync()
run.timeline()
"""


def timeline_under(notebook, index: int) -> Locator:
    film = notebook.cell(index).locator(".ab-film")
    expect(film.locator(".ab-timeline-line")).to_contain_text("firings")
    expect(film.locator("canvas")).to_have_attribute("data-still", "true")
    return film


STEPS = """\
@ab.block(id="film.numbers")
async def numbers(count: int) -> int:
    for n in range(count):
        yield n

@ab.block(id="film.plus")
async def plus(left: int, right: int = 10) -> int:
    return left + right

graph = ab.new("played {theme}", blank=True)
each = graph.add(numbers, "numbers", count=3)
graph.output("sum", graph.add(plus, "plus", left=each))
graph
"""


GAVE = "[ab.run(it.id).outputs['sum'] for it in ab.runs(graph.name)]"


def test_a_run_is_played_back_and_gone_on_from(
    lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    lab_page.use_theme(dark=False)
    notebook = open_notebook(LOAD, STEPS.format(theme="back"), GAVE)
    editor = show(notebook, 1)
    editor.fold_palette()
    editor.button("Fill the panel").click()
    editor.run()
    editor.wait_until("Done")
    editor.button("Timeline").click()
    film = editor.root.get_by_role("region", name="Film of the run")
    expect(film.locator(".ab-film-said")).to_contain_text("Run finished: completed")
    place = film.locator(".ab-film-at")
    last = int(place.inner_text().rpartition("/")[2])
    expect(film.locator("canvas")).to_have_attribute("data-still", "true")
    editor.wait_until_still()
    lab_page.screenshot("film-light")

    film.get_by_role("button", name="To the beginning").click()
    expect(place).to_have_text(f"1 / {last}")
    expect(editor.state("plus")).to_have_text("Pending")
    slider = film.get_by_role("slider", name="Event")
    slider.focus()
    # The canvas and where the film stands come together; what the event said, by itself.
    for at in range(2, last):
        editor.page.keyboard.press("ArrowRight")
        expect(place).to_have_text(f"{at} / {last}")
        if editor.preview("plus").count():
            break
    expect(film.locator(".ab-film-said")).to_contain_text("plus #1 gave result")
    expect(editor.preview("plus")).to_have_text("10")
    expect(editor.state("plus")).to_have_text("Running")
    editor.wait_until_still()
    lab_page.screenshot("film-past-light")
    film.get_by_role("button", name="One event back").click()
    expect(editor.preview("plus")).to_have_count(0)
    film.get_by_role("button", name="One event on").click()
    expect(editor.preview("plus")).to_have_text("10")

    film.get_by_role("button", name="Continue from here").click()
    field = film.get_by_label("as JSON")
    expect(field).to_have_value("10")
    field.fill("1000")
    lab_page.use_theme(dark=True)
    lab_page.screenshot("film-continue-dark")
    film.get_by_role("button", name="Continue with this value").click()
    expect(editor.preview("sum")).to_have_text("12")
    editor.wait_until("Done")
    notebook.run(2)
    assert notebook.text(2) == "[[1000, 11, 12], [10, 11, 12]]"


def test_timelines_and_a_comparison_are_shown_in_cells(
    lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    many = STEPS.format(theme="many").replace("count=3", "count=3000")
    many = many.rpartition("graph\n")[0] + "run = graph.run_sync()\nrun.timeline()"
    twice = STEPS.format(theme="twice").rpartition("graph\n")[0]
    twice += 'one = graph.run_sync()\neach["count"] = 4\none.diff(graph.run_sync())'
    # One kernel for all three: to start one takes longer than what they look at.
    notebook = open_notebook(LOAD, BUILD, many, twice)
    for index in range(4):
        notebook.run(index)
    firing_by_firing(lab_page, timeline_under(notebook, 1))
    many_zoomed_by_message(lab_page, timeline_under(notebook, 2))
    shown = notebook.cell(3).locator(".jp-OutputArea-output").last
    shown.scroll_into_view_if_needed()
    expect(shown).to_contain_text("First difference")
    expect(shown).to_contain_text("the node was changed: count")
    for theme in ("light", "dark"):
        lab_page.use_theme(dark=theme == "dark")
        lab_page.screenshot(f"diff-{theme}")


DRAWN = """\
@ab.block(id="film.dot")
async def dot() -> str:
    return 'digraph { fetch -> clean; clean -> rank }'

@ab.block(id="film.mermaid")
async def mermaid() -> str:
    return "flowchart LR\\n  Fetch --> Clean\\n  Clean --> Rank"

@ab.block(id="film.formula")
async def formula() -> str:
    return r"$$\\frac{1}{3}$$"

@ab.block(id="film.chart")
async def chart() -> dict:
    trace = {"type": "bar", "x": ["Oslo", "Bergen"], "y": [763, 2250]}
    return {"data": [trace], "layout": {"title": {"text": "Rain"}}}

graph = ab.new("drawn", blank=True)
for block, name in (dot, "dot"), (mermaid, "mermaid"), (formula, "formula"), (chart, "chart"):
    graph.add(block, name)
graph
"""
LOOKS = {
    "chart": (".main-svg", "Rain"),
    "dot": ("svg .node", "rank"),
    "formula": (".katex-html", "3"),
    "mermaid": ("svg .node", "Rank"),
}
"""What is found in the frame of each value, and a word of it."""


def test_charts_are_drawn_in_the_timeline_and_in_the_film(
    lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    lab_page.use_theme(dark=False)
    timeline = "ab.run(ab.runs(graph.name)[0].id).timeline()"
    notebook = open_notebook(LOAD, DRAWN, timeline)
    editor = show(notebook, 1)
    editor.fold_palette()
    editor.run()
    editor.wait_until("Done")
    editor.button("Timeline").click()
    film = editor.root.get_by_role("region", name="Film of the run")
    for id, shown in each_drawn(film):
        # Beside the timeline: it stands no lower than what is seen of the film.
        dock = box_of(film.locator(".ab-film-dock"))
        box = box_of(shown)
        assert box["y"] + 60 < dock["y"] + dock["height"], f"{id} is below what is seen"
        assert box["x"] > box_of(film.locator("canvas"))["x"] + 100
        lab_page.screenshot(f"film-{id}-light", of=editor.root)
    notebook.run(2)
    for id, _ in each_drawn(timeline_under(notebook, 2)):
        lab_page.screenshot(f"timeline-{id}-light")


def each_drawn(film: Locator) -> Iterator[tuple[str, Locator]]:
    """Goes from row to row by the keys; gives each frame once it is drawn."""
    expect(film.locator("canvas")).to_have_attribute("data-still", "true")
    film.locator("canvas").press("Enter")
    firing = film.get_by_label("The firing that is chosen")
    for id, (part, word) in LOOKS.items():
        expect(firing.locator("h3")).to_have_text(id)
        value = firing.locator("[data-port=result]").last
        value.scroll_into_view_if_needed()
        inside = value.frame_locator("iframe").locator(part)
        expect(inside.filter(has_text=word).first).to_be_visible()
        expect(value.locator("pre")).to_be_hidden()
        yield id, value.locator("iframe")
        film.locator("canvas").press("ArrowDown")
    film.locator("canvas").press("ArrowUp")
    expect(firing.locator("h3")).to_have_text("formula")


def firing_by_firing(lab_page: LabPage, film: Locator) -> None:
    expect(film.locator(".ab-timeline-line")).to_contain_text("1 failed")
    canvas = film.locator("canvas")
    canvas.focus()
    canvas.press("Enter")
    firing = film.get_by_label("The firing that is chosen")
    expect(firing).to_contain_text("firing 1 of 1")
    canvas.press("Escape")
    expect(firing).to_be_hidden()
    for theme in ("dark", "light"):
        lab_page.use_theme(dark=theme == "dark")
        box = canvas.bounding_box()
        canvas.hover(position={"x": box["width"] * 0.5, "y": 100})
        lab_page.screenshot(f"timeline-{theme}")


def many_zoomed_by_message(lab_page: LabPage, film: Locator) -> None:
    expect(film.locator(".ab-timeline-line")).to_contain_text("6,001 firings")
    canvas = film.locator("canvas")
    canvas.focus()
    lab_page.screenshot("timeline-many")
    for _ in range(12):
        canvas.press("w")
    expect(canvas).to_have_attribute("data-still", "true")
    lab_page.screenshot("timeline-many-close")
    canvas.press("]")
    canvas.press("]")
    expect(film.get_by_label("The firing that is chosen")).to_contain_text(
        "firing 1 of 1"
    )


def test_earlier_runs_are_found_and_shown(
    lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    lab_page.use_theme(dark=False)
    notebook = open_notebook(
        LOAD, STEPS.format(theme="earlier"), "run = graph.run_sync()"
    )
    notebook.run(0)
    notebook.run(1)
    notebook.run(2)
    notebook.restart()
    editor = show(notebook, 1)
    editor.fold_palette()
    expect(editor.status).to_have_count(0)
    editor.button("Runs").click()
    earlier = editor.root.get_by_role("region", name="Earlier runs")
    row = earlier.get_by_title("Show it on the canvas")
    expect(row).to_have_count(1)
    earlier.get_by_label("Status").select_option("failed")
    expect(earlier).to_contain_text("None like that.")
    earlier.get_by_label("Status").select_option("completed")
    expect(row).to_have_count(1)
    words = earlier.get_by_role("searchbox")
    words.fill("no such words")
    expect(earlier).to_contain_text("None like that.")
    words.fill("RUN-")
    row.click()
    expect(editor.preview("sum")).to_have_text("12")
    lab_page.screenshot("earlier-runs")
    editor.field("numbers", "count").fill("4")
    editor.button("Run").click()
    expect(editor.preview("sum")).to_have_text("13")
    compare = editor.root.get_by_role("button", name="Compare with the run")
    compare.first.click()
    panel = editor.root.get_by_role("region", name="Comparison of two runs")
    expect(panel).to_contain_text("First difference")
    expect(panel.locator(".ab-comparison-first")).to_contain_text("numbers #1, result")
    drawing = panel.get_by_role("img", name="What differs")
    first = drawing.get_by_role("button", name="numbers")
    expect(first).to_have_attribute("data-mark", "first_difference")
    lab_page.screenshot("comparison")
    first.click()
    expect(editor.inspector).to_be_visible()
    panel.get_by_role("listitem").last.get_by_role("button").click()
    expect(editor.inspector).to_be_visible()
    # Escape closes what is open, one after the other.
    runs = editor.root.get_by_role("region", name="Runs", exact=True)
    editor.page.keyboard.press("Escape")
    expect(editor.inspector).to_have_count(0)
    expect(panel).to_be_visible()
    editor.page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(runs).to_be_visible()
    editor.page.keyboard.press("Escape")
    expect(runs).to_have_count(0)
