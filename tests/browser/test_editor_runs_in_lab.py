"""What the canvas of a real JupyterLab shows of runs that wait, reuse and leave out."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenNotebook
from tests.browser.editor import LOAD, show
from tests.browser.lab import LabPage

BUILD = """\
import agentbench as ab
graph = ab.new("{name}", blank=True)
draft = graph.add("text.template", "draft", template="Rain again.")
gate = graph.add("human.approve", "gate", value=draft, question="Publish this brief?")
graph.output("sent", gate.approved)
loud = graph.add("text.replace", "loud", text=draft, old="Rain", new="SUN")
spare = graph.add("text.split", "spare", text=loud)
spare.set(disabled=True)
loud.set(bypassed=True, retries=2)
graph.add("data.count", "count", value=draft).set(pinned={{"result": 3}})
graph.add("human.ask", "ask", question="How many copies?")
graph
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_run_that_waits_is_answered_on_the_canvas(
    lab_page: LabPage, open_notebook: OpenNotebook, theme: str
) -> None:
    lab_page.use_theme(dark=theme == "dark")
    notebook = open_notebook(LOAD, BUILD.format(name=f"waits {theme}"))
    editor = show(notebook, 1)
    editor.fold_palette()
    editor.button("Fill the panel").click()
    editor.wait_until_still()
    editor.run()
    editor.wait_until("Waiting")
    expect(editor.state("gate")).to_have_text("Waiting")
    expect(editor.state("spare")).to_have_text("Skipped")
    expect(editor.state("count")).to_have_text("Reused")
    editor.wait_until_still()
    lab_page.screenshot(f"waits-far-{theme}")
    editor.root.get_by_role("button", name="Show all").click()
    editor.wait_until_still(moves=True)
    lab_page.screenshot(f"waits-{theme}")
    inspector = editor.inspect("gate")
    expect(inspector.locator(".ab-question-text")).to_have_text("Publish this brief?")
    inspector.get_by_role("tab", name="Values").click()
    expect(inspector).to_contain_text("The question is about")
    lab_page.screenshot(f"waits-inspector-{theme}")
    editor.node("gate").get_by_role("button", name="Approve", exact=True).click()
    expect(editor.state("gate")).to_have_text("Done")
    inspector = editor.inspect("loud")
    inspector.get_by_role("tab", name="Settings").click()
    expect(inspector.get_by_role("textbox", name="Tries again")).to_have_value("2")
    lab_page.screenshot(f"options-{theme}")
    editor.node("ask").get_by_label("Your answer").fill("12")
    editor.page.keyboard.press("Enter")
    editor.wait_until("Done")
    expect(editor.preview("ask")).to_have_text("12")
    editor.node("draft").get_by_role("button", name="Menu of").click()
    lab_page.screenshot(f"node-menu-{theme}")
    editor.page.keyboard.press("Escape")
    editor.button("Ways to run").click()
    lab_page.screenshot(f"run-menu-{theme}")
    editor.root.get_by_role("menuitem", name="Run only what changed").click()
    editor.wait_until("Waiting")
    expect(editor.state("draft")).to_have_text("Reused")
    lab_page.screenshot(f"reused-{theme}")
    editor.stop()
    editor.wait_until("Stopped")


def test_disabling_by_keys_stays_in_the_canvas(
    lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(LOAD, BUILD.format(name="keys"))
    editor = show(notebook, 1)
    sidebar = editor.page.locator("#jp-left-stack")
    was_open = sidebar.is_visible()
    editor.node("draft").click()
    editor.page.keyboard.press("Control+m")
    expect(editor.node("draft").locator(".ab-node")).to_have_attribute(
        "data-mode", "disabled"
    )
    editor.page.keyboard.press("Control+m")
    editor.page.keyboard.press("Control+b")
    expect(editor.node("draft").locator(".ab-node")).to_have_attribute(
        "data-mode", "bypassed"
    )
    assert sidebar.is_visible() == was_open


SHORT = """\
run = graph.start(options=ab.RunOptions(max_firings=2))
"""


def test_a_run_that_was_cut_short_says_why_beside_its_status(
    lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(LOAD, BUILD.format(name="short"), SHORT)
    editor = show(notebook, 1)
    notebook.run(2)
    editor.wait_until("Stopped")
    expect(editor.root.locator(".ab-run-reason")).to_contain_text("max_firings")
    lab_page.screenshot("cut-short")
