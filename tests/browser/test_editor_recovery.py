"""What is not lost: drafts in a real browser's database, versions, and a large graph."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.conftest import FLAGS
from tests.browser.lab import SCREENSHOTS
from tests.browser.playground import Playground

CHANGES = """() => playground.model.send({
    op: "edit", client: "another", rid: 1, title: "", group: "", edits: [
        {edit: "set_constant", id: "prompt", port: "template", value: "Say {topic}."},
        {edit: "add_node", block: "text.split", id: "cut", position: [620, 200]},
        {edit: "remove_node", id: "page"},
    ]})"""
# Evaluated, as `wait_for_function` takes the promise itself for a yes.
# Resolves once a view waits for another to let go of its draft: it has looked and found it.
LOOKED = """async () => {
    const waits = ({ pending }) => pending.some((it) => it.name.includes("draft"))
    while (!waits(await navigator.locks.query()))
        await new Promise((done) => setTimeout(done, 20))
}"""
WRITTEN = """async () => {
    const asked = (request) => new Promise((done, failed) => {
        request.onsuccess = () => done(request.result)
        request.onerror = () => failed(request.error)
    })
    const database = await asked(indexedDB.open("agentbench", 1))
    for (;;) {
        const drafts = database.transaction("drafts").objectStore("drafts")
        if ((await asked(drafts.getAll())).some(it => it.mine.nodes.cut)) break
        await new Promise((done) => setTimeout(done, 20))
    }
    database.close()
}"""


@pytest.fixture
def profile(
    chromium: Browser, chromium_path: str, tmp_path: Path
) -> Iterator[BrowserContext]:
    """A browser's own storage on its disk: in memory it may go with the page."""
    context = chromium.browser_type.launch_persistent_context(
        tmp_path,
        executable_path=chromium_path,
        args=FLAGS,
        viewport={"width": 1280, "height": 720},
    )
    yield context
    context.close()


def picture(it: Playground, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    it.page.screenshot(path=SCREENSHOTS / f"{name}.png")


def test_what_a_kernel_took_with_it_is_brought_back(
    profile: BrowserContext, playground_address: str
) -> None:
    lost = Playground(profile.new_page(), playground_address)
    lost.open("brief", own="first")
    lost.page.evaluate(CHANGES)
    expect(lost.node("cut")).to_be_visible()
    lost.page.evaluate(WRITTEN)
    lost.page.close()  # as a browser that crashed: nothing was said, nothing is asked
    it = Playground(profile.new_page(), playground_address)
    it.open("brief", own="second", theme="dark")
    expect(it.banner).to_contain_text("1 node added, 1 removed, 1 changed")
    picture(it, "recovery-dark")
    it.banner.get_by_role("button", name="Bring them back").click()
    expect(it.banner).to_have_count(0)
    expect(it.node("cut")).to_be_visible()
    nodes = it.nodes()
    assert "page" not in nodes
    assert nodes["prompt"]["constants"]["template"] == "Say {topic}."


def test_a_draft_that_somebody_is_writing_is_not_offered(
    profile: BrowserContext, playground_address: str
) -> None:
    one = Playground(profile.new_page(), playground_address)
    one.open("brief", own="first")
    one.page.evaluate(CHANGES)
    one.page.evaluate(WRITTEN)
    two = Playground(profile.new_page(), playground_address)
    two.open("brief", own="second")
    two.page.evaluate(LOOKED)
    expect(two.banner).to_have_count(0)
    one.page.close()
    expect(two.banner).to_contain_text("1 node added, 1 removed, 1 changed")


def test_two_versions_are_held_against_each_other(playground_page: Playground) -> None:
    it = playground_page
    it.open("brief")
    it.page.evaluate(CHANGES)
    expect(it.node("cut")).to_be_visible()
    it.button("Versions").click()
    review = it.root.get_by_role("region", name="Versions")
    expect(review).to_contain_text("1 node added, 1 removed, 1 changed")
    kinds = review.locator(".ab-diff g[data-kind]")
    expect(kinds).to_have_count(3)
    expect(review.locator("ins")).to_have_text("Say {topic}.")
    picture(it, "versions")
    review.get_by_role("button", name="Put back version 3").click()
    expect(it.node("page")).to_be_attached()
    it.expect_that(lambda: "cut" in it.nodes(), False)
    it.page.keyboard.press("Escape")
    expect(review).to_have_count(0)


def test_a_large_graph_is_plates_from_far_and_whole_from_near(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.open("crowd", nodes="400")
    it.root.get_by_role("button", name="Show all").click()
    expect(it.drawn_nodes).to_have_count(400)
    expect(it.root.locator(".ab-plate")).to_have_count(400)
    picture(it, "crowd-all")
    it.root.locator(".ab-zoom").click()
    it.wait_until_still(moves=True)
    expect(it.root.locator(".ab-plate")).to_have_count(0)
    assert it.comes_to(lambda: it.drawn_nodes.count() < 40)
    expect(it.drawn_links.first).to_be_attached()
    picture(it, "crowd-near")
