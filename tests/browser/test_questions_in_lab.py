"""Questions of every kind in a real JupyterLab: on nodes, and on the card of a run."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenNotebook
from tests.browser.editor import LOAD, show
from tests.browser.lab import LabPage

BUILD = """\
import agentbench as ab
graph = ab.new("questions", blank=True)
draft = "Rain again.\\nSun later."
graph.add("human.approve", "gate", value=draft, question="Publish this brief?")
graph.output("text", graph.add("human.edit", "edit", value=draft))
cities = ["Oslo", "Rome", "Lima"]
graph.output("cities", graph.add("human.choose", "choose", options=cities, several=True))
form = {
    "type": "object",
    "properties": {
        "to": {"type": "string", "title": "Send to"},
        "copies": {"type": "integer", "default": 1},
    },
    "required": ["to"],
}
graph.add("human.ask", "send", question="Where does it go?", form=form)
graph
"""
CARD = "ab.run(ab.waiting()[0].run)\n"


def test_questions_are_answered_in_fields_and_on_the_card(
    lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    lab_page.use_theme(dark=False)
    notebook = open_notebook(LOAD, BUILD, CARD)
    editor = show(notebook, 1)
    editor.fold_palette()
    editor.button("Fill the panel").click()
    editor.run()
    editor.wait_until("Waiting")
    editor.root.get_by_role("button", name="Show all").click()
    editor.wait_until_still(moves=True)
    lab_page.screenshot("questions-light")
    lab_page.use_theme(dark=True)
    lab_page.screenshot("questions-dark")

    text = editor.node("edit").locator(".ab-question textarea")
    expect(text).to_have_value("Rain again.\nSun later.")
    text.fill("Sun.")
    editor.node("edit").get_by_role("button", name="Answer", exact=True).click()
    expect(editor.state("edit")).to_have_text("Done")
    inspector = editor.inspect("send")
    lab_page.screenshot("questions-form-dark")
    choose = editor.node("choose")
    choose.get_by_role("button", name="Lima").click()
    choose.get_by_role("button", name="Oslo").click()
    expect(choose.get_by_role("button", name="Answer with 2")).to_be_visible()
    answer = inspector.get_by_role("button", name="Answer", exact=True)
    expect(answer).to_be_disabled()
    inspector.get_by_role("textbox", name="Send to").fill("Ada")
    inspector.get_by_role("textbox", name="Send to").press("Tab")
    answer.click()
    expect(editor.state("send")).to_have_text("Done")
    editor.button("Back into the notebook").click()

    notebook.run(2)
    card = notebook.cell(2)
    expect(card.locator(".ab-run-wait")).to_have_count(2)
    card.locator(".ab-run-wait").first.scroll_into_view_if_needed()
    lab_page.screenshot("questions-card-dark")
    gate = card.locator(".ab-run-wait", has_text="Publish this brief?")
    gate.get_by_label("Comment").fill("Fine.")
    gate.get_by_role("button", name="Approve").click()
    expect(card.locator(".ab-run-wait")).to_have_count(1)
    card.get_by_label("Your answer").fill('["Oslo", "Nowhere"]')
    card.get_by_role("button", name="Answer").click()
    expect(card.get_by_role("alert")).to_contain_text("1: It takes")
    card.get_by_label("Your answer").fill('["Oslo", "Lima"]')
    card.get_by_role("button", name="Answer").click()
    expect(card.locator(".ab-run-line")).to_contain_text("questions: completed")
