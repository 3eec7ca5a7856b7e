"""What lies over the canvas: the runs side by side and in line, and the versions of a file."""

import subprocess
import threading
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

import agentbench as ab
from agentbench.domain.context import Context
from tests.browser.live import Live

GATES: dict[str, threading.Event] = {}


@ab.block(id="test.held")
async def held(city: str, context: Context) -> str:
    """Gives the city once its gate is open."""
    while not GATES[city].is_set():
        await context.sleep(0.02)
    return city.upper()


@pytest.fixture
def gates() -> dict[str, threading.Event]:
    GATES.clear()
    GATES.update({city: threading.Event() for city in ("Oslo", "Lima", "Kyoto")})
    return GATES


def _run(live: Live, city: str, way: str = "") -> None:
    if way:
        live.button("Ways to run").click()
        live.page.get_by_role("menuitem", name=way).click()
    else:
        live.run()
    form = live.root.get_by_role("dialog")
    form.get_by_role("textbox").first.fill(city)
    form.get_by_role("button", name="Run", exact=True).click()
    expect(form).to_have_count(0)


def test_runs_go_side_by_side_and_in_line(
    live: Live, gates: dict[str, threading.Event]
) -> None:
    graph = live.open("side by side")
    city = graph.input("city", type="text")
    graph.output("loud", graph.add(held, "held", city=city))
    live.show()
    live.fold_palette()
    _run(live, "Oslo")
    expect(live.state("held")).to_have_text("Running")
    _run(live, "Lima", "Run beside this one")
    _run(live, "Kyoto", "Run when this one has ended")
    live.button("2 runs, 1 in line").click()
    panel = live.root.get_by_role("region", name="Runs", exact=True)
    rows = panel.get_by_role("listitem")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("Queued")
    expect(rows.nth(0)).to_contain_text("city: Kyoto")
    expect(rows.nth(1)).to_contain_text("Running")
    expect(_shown(rows)).to_contain_text("city: Lima")
    live.keep_pictures("runs-side-by-side")
    # The canvas shows the run that is chosen.
    gates["Lima"].set()
    expect(rows.nth(1)).to_contain_text("loud: LIMA")
    live.wait_until("Done")
    rows.nth(2).get_by_role("button", name="city: Oslo").click()
    live.wait_until("Running")
    expect(live.state("held")).to_have_text("Running")
    # Stopped, it makes room for the one in line, which the canvas then shows.
    rows.nth(2).get_by_role("button", name="Stop this run").click()
    expect(rows.nth(2)).to_contain_text("Stopped")
    expect(panel).not_to_contain_text("Queued")
    expect(_shown(rows)).to_contain_text("city: Kyoto")
    expect(live.state("held")).to_have_text("Running")
    gates["Kyoto"].set()
    expect(rows.nth(0)).to_contain_text("loud: KYOTO")
    ended = lambda: sorted(run.status.value for run in live.bench.runs()[:3])  # noqa: E731
    live.expect_that(ended, ["completed", "completed", "stopped"])


def _shown(rows: Locator) -> Locator:
    return rows.and_(rows.page.locator("[data-shown]"))


def test_a_run_is_taken_out_of_the_line(
    live: Live, gates: dict[str, threading.Event]
) -> None:
    graph = live.open("out of line")
    graph.output("loud", graph.add(held, "held", city=graph.input("city", type="text")))
    live.show()
    _run(live, "Oslo")
    expect(live.state("held")).to_have_text("Running")
    _run(live, "Kyoto", "Run when this one has ended")
    live.button("1 run, 1 in line").click()
    panel = live.root.get_by_role("region", name="Runs", exact=True)
    panel.get_by_role("button", name="Take it out of the line").click()
    expect(panel.get_by_role("listitem")).to_have_count(1)
    gates["Oslo"].set()
    live.wait_until("Done")


def test_a_file_is_held_against_its_commits(live: Live, tmp_path: Path) -> None:
    graph = live.open("kept in git")
    topic = graph.input("topic", "rain", type="text").set(at=(0, 0))
    text = graph.add(
        "text.template", "draft", template="About {{ topic }}", topic=topic
    )
    text.set(at=(300, 0))
    graph.save(tmp_path / "brief.agent.json")
    _git(tmp_path, "init", "--quiet")
    _git(tmp_path, "add", "--all")
    _git(tmp_path, "commit", "--quiet", "--message", "A first draft")
    graph.output("said", text).set(at=(600, 0))
    text["template"] = "All about {{ topic }}"
    live.show()
    live.button("Versions").click()
    review = live.root.get_by_role("region", name="Versions")
    saved = review.get_by_role("list", name="Saved").get_by_role("listitem")
    expect(saved).to_have_count(2)
    expect(saved.nth(0)).to_contain_text("The file")
    expect(saved.nth(1)).to_contain_text("A first draft")
    saved.nth(1).get_by_role("button", name="Compare from").click()
    expect(review).to_contain_text("1 node added, 1 changed")
    expect(review.locator("ins").first).to_have_text("All about {{ topic }}")
    live.keep_pictures("versions-of-a-file")
    review.get_by_role("button", name="Put back commit").click()
    live.expect_nodes("draft", "topic")
    assert graph.node("draft").constants["template"] == "About {{ topic }}"
    assert live.comes_to(lambda: graph.history.undo_title.startswith("Put back"))


def _git(folder: Path, *arguments: str) -> None:
    own = ("-c", "user.name=a", "-c", "user.email=a@b")
    subprocess.run(["git", *own, *arguments], cwd=folder, check=True)
