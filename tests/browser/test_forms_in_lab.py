"""Forms in a real JupyterLab: in a cell of their own, in the inspector, before a run."""

import ast
import base64
import io
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas
import PIL.Image
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import ROOT, OpenNotebook
from tests.browser.editor import (
    COMES_WITHIN,
    LOAD,
    RUNS_WITHIN,
    editor_under,
    show,
)
from tests.browser.lab import LabPage, Notebook

AXE = ROOT / "widgets" / "node_modules" / "axe-core" / "axe.min.js"

TRIP = '''\
import agentbench as ab
from typing import Annotated, Literal
from pydantic import BaseModel, Field

class Mail(BaseModel):
    by: Literal["mail"] = "mail"
    to: str = Field(description="Who gets it.", min_length=3)

class Post(BaseModel):
    by: Literal["post"] = "post"
    street: str
    express: bool = False

class Stop(BaseModel):
    city: str
    nights: Annotated[int, Field(ge=1, le=30)] = 1
    sleeps: Literal["tent", "hotel", "train", "with friends", "not at all"] = "hotel"

CODE = "for city in stops:\\\\n    print(city)  # each of them"

class Trip(BaseModel):
    """Where it goes, and how one hears of it."""
    name: str = Field(description="What people call it.", examples=["Summer"])
    budget: Annotated[float, Field(gt=0)] = 500
    pace: Literal["slow", "brisk"] = "slow"
    day: str = Field("2026-08-01", json_schema_extra={"format": "date"})
    colour: str = Field("#2563eb", json_schema_extra={"format": "color"})
    stops: list[Stop] = Field([], description="In the order of the journey.")
    news: Annotated[Mail | Post, Field(discriminator="by")] = Mail(to="Ada")
    tags: list[str] = []
    limits: dict[str, int] = {}
    code: str = Field("", json_schema_extra={"format": "code", "language": "python"})
    ticket: int = 0

form = ab.form(Trip)
form.value = {"code": CODE.replace("\\\\n", chr(10)), "ticket": 9007199254740993}
form
'''

AGENT = """\
graph = ab.new("weather letter", blank=True)
city = graph.add("agent.input", "city", name="city", type="choice", choices=["Oslo", "Rome"])
people = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"name": {"type": "string"}, "copies": {"type": "integer", "maximum": 9}},
        "required": ["name"],
    },
}
readers = graph.add("agent.input", "readers", name="readers", schema=people)
paper = graph.add("agent.input", "paper", name="paper", type="file", default="", description="What it is printed on.")
graph.output("city", city)
graph.output("readers", readers)
form = graph.form()
form
"""


def complaints(of: Locator) -> list[str]:
    """What axe finds wrong for people who do not see, or not well."""
    of.page.add_script_tag(path=str(AXE))
    found: list[dict[str, Any]] = of.evaluate(
        """async it => (await axe.run(it, {runOnly: ['wcag2a', 'wcag2aa']})).violations"""
    )
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]} {one['nodes'][0]['failureSummary'][:300]}"
        for one in found
    ]


def value_of(notebook: Notebook, cell: int) -> Any:
    notebook.run(cell)
    return json.loads(notebook.text(cell))


def comes_to(notebook: Notebook, cell: int, wanted: dict[str, Any]) -> None:
    """Waits until the form has these values: what is typed rests before it is sent."""
    end = time.monotonic() + COMES_WITHIN
    while True:
        value = value_of(notebook, cell)
        found = {name: value.get(name) for name in wanted}
        if found == wanted:
            return
        if time.monotonic() > end:
            pytest.fail(f"{found!r} instead of {wanted!r}")
        notebook.page.wait_for_timeout(100)


def test_a_form_in_a_cell(lab_page: LabPage, open_notebook: OpenNotebook) -> None:
    lab_page.use_theme(dark=False)
    notebook = open_notebook(
        LOAD,
        TRIP,
        "import json\nv = form.value\n"
        "print(json.dumps(v if isinstance(v, dict) else v.model_dump()))\n",
    )
    notebook.run(0)
    notebook.run(1)
    form = notebook.cell(1).locator(".ab-agent-form")
    field = lambda name: form.locator(f'[data-port="{name}"]').first  # noqa: E731
    expect(form.get_by_role("heading", name="Trip")).to_be_visible()
    code = field("code").locator(".cm-content")
    expect(code).to_contain_text("each of them")
    expect(code.locator("span").first).to_have_text("for")

    # What is wrong is said where it is, as one types.
    budget = form.get_by_role("textbox", name="Budget")
    budget.fill("-5")
    budget.blur()
    expect(field("budget")).to_contain_text("More than 0.")
    budget.fill("750,5")
    to = form.get_by_role("textbox", name="To", exact=True)
    to.fill("Al")
    expect(field("to")).to_contain_text("at least 3 characters")
    to.fill("Alma")
    expect(field("to").locator(".ab-field-problem")).to_have_count(0)

    # A block of cells of a spreadsheet becomes rows, each cell as its column has it.
    form.get_by_role("button", name="Add a row").click()
    first = form.get_by_label("City, row 1")
    first.evaluate(
        """it => {
            const data = new DataTransfer();
            data.setData('text/plain', 'City\\tSleeps\\tNights\\nOslo\\ttent\\t2\\nRome\\ttrain\\t40\\n');
            it.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
        }"""
    )
    expect(form.get_by_label("Sleeps, row 2")).to_be_visible()
    expect(field("stops")).to_contain_text("at most 30")
    form.get_by_label("Nights, row 2").fill("4")
    form.get_by_label("Nights, row 2").press("Tab")
    expect(field("stops").locator(".ab-field-problem")).to_have_count(0)

    for number, tag in enumerate(("north", "sea"), 1):
        form.get_by_role("button", name="Add to Tags").click()
        row = field("tags").get_by_role("textbox").nth(number - 1)
        expect(row).to_be_focused()
        lab_page.page.keyboard.type(tag)
        expect(row).to_have_value(tag)
    lab_page.page.keyboard.press("Alt+ArrowUp")
    expect(field("tags").get_by_role("textbox").first).to_have_value("sea")
    form.get_by_role("button", name="Add to Limits").click()
    key = field("limits").get_by_role("textbox").first
    expect(key).to_be_focused()
    lab_page.page.keyboard.type("coffee")
    expect(key).to_have_value("coffee")
    form.get_by_role("textbox", name="Limits 1", exact=True).fill("3")
    form.get_by_label("Name", exact=True).fill("Fjords")
    form.get_by_role("textbox", name="Ticket").fill("9007199254740995")
    code.click()
    lab_page.page.keyboard.press("Control+End")
    lab_page.page.keyboard.type("\nprint()")
    form.get_by_role("radio", name="brisk").check()
    assert complaints(form) == []
    form.evaluate("it => it.scrollIntoView()")
    lab_page.screenshot("form-light")
    lab_page.use_theme(dark=True)
    form.evaluate("it => it.scrollIntoView()")
    lab_page.screenshot("form-dark")
    assert complaints(form) == []
    field("tags").scroll_into_view_if_needed()
    field("ticket").scroll_into_view_if_needed()
    lab_page.screenshot("form-dark-below")

    wanted = {
        "stops": [
            {"city": "Oslo", "nights": 2, "sleeps": "tent"},
            {"city": "Rome", "nights": 4, "sleeps": "train"},
        ],
        "budget": 750.5,
        "pace": "brisk",
        "tags": ["sea", "north"],
        "limits": {"coffee": 3},
        "news": {"by": "mail", "to": "Alma"},
        "ticket": 9007199254740995,
        "code": "for city in stops:\n    print(city)  # each of them\n    print()",
    }
    comes_to(notebook, 2, wanted)
    # The other kind of news begins empty; what the first held comes back with it.
    kind = form.get_by_role("combobox", name="News, kind")
    kind.select_option("Post")
    form.get_by_role("textbox", name="Street").fill("Ringgata 1")
    form.get_by_role("textbox", name="Street").blur()
    post = {"by": "post", "street": "Ringgata 1", "express": False}
    comes_to(notebook, 2, {"news": post})
    kind.select_option("Mail")
    expect(form.get_by_role("textbox", name="To", exact=True)).to_have_value("Alma")


def test_an_agent_is_run_from_its_form(
    lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    lab_page.use_theme(dark=False)
    notebook = open_notebook(
        LOAD,
        "import agentbench as ab\n" + AGENT,
        "print(form.value['paper'])\n",
        'graph.add("web.fetch", "sheet", url="https://api.github.com/")\n'
        'graph.add("python.expression", "count", code="[n for n in range(3)]  # each")\n'
        'graph.add("ai.generate", "tell", prompt="Well?", model="a:b")\ngraph\n',
    )
    notebook.run(0)
    notebook.run(1)
    form = notebook.cell(1).locator(".ab-agent-form")
    form.get_by_role("button", name="Run").click()
    expect(form.get_by_text("This is needed.")).to_have_count(2)
    form.get_by_role("radio", name="Rome").check()
    form.get_by_role("button", name="Add a row").click()
    form.get_by_label("name, row 1").fill("Ada")
    form.get_by_label("copies, row 1").fill("10")
    form.get_by_label("copies, row 1").press("Tab")
    expect(form.locator('[data-port="readers"]')).to_contain_text("At most 9.")
    form.get_by_label("copies, row 1").fill("2")
    # A file of several parts arrives byte for byte.
    data = bytes(range(256)) * 5000
    form.locator("input[type=file]").set_input_files(
        {"name": "a paper.bin", "mimeType": "application/octet-stream", "buffer": data}
    )
    path = form.get_by_role("textbox", name="paper", exact=True)
    expect(path).to_have_value(re.compile(r"/files/\w+/a paper\.bin$"))
    form.get_by_role("button", name="Run").click()
    # The first run of a kernel imports what runs it.
    line = form.locator(".ab-agent-form-line")
    expect(line).to_contain_text("Done", timeout=1000 * RUNS_WITHIN)
    results = form.get_by_role("region", name="Results")
    expect(results).to_contain_text("Rome")
    form.evaluate("it => it.scrollIntoView()")
    lab_page.screenshot("form-agent-light")
    notebook.run(2)
    assert Path(notebook.text(2).strip()).read_bytes() == data

    # The dialog of the canvas remembers what the agent was given, wherever that was.
    editor = show(notebook, 3)
    editor.fold_palette()
    editor.button("Fill the panel").click()
    editor.run()
    dialog = editor.root.get_by_role("dialog", name="Run with")
    expect(dialog.get_by_role("radio", name="Rome")).to_be_checked()
    expect(dialog.get_by_label("copies, row 1")).to_have_value("2")
    lab_page.screenshot("form-run-dialog-light")
    assert complaints(dialog) == []
    lab_page.use_theme(dark=True)
    lab_page.screenshot("form-run-dialog-dark")
    dialog.get_by_role("button", name="Close").click()

    # A credential is chosen by its name, and added where it is missing.
    inspector = editor.inspect("sheet")
    credential = inspector.locator('[data-port="credential"]')
    advanced = inspector.get_by_role("button", name="Advanced")
    expect(credential.or_(advanced).first).to_be_visible()
    if not credential.is_visible():
        advanced.click()
    credential.get_by_role("button", name="Add a credential").click()
    new = credential.get_by_role("group", name="New credential")
    new.get_by_label("Name").fill("github")
    new.get_by_label("Secret").fill("canary-typed-into-a-form")
    lab_page.screenshot("form-credential-dark")
    new.get_by_role("button", name="Keep").click()
    named = credential.get_by_role("combobox", name="credential")
    expect(named).to_have_value("github")
    expect(credential).to_contain_text("sent only to")
    assert complaints(inspector) == []
    lab_page.screenshot("form-inspector-dark")
    assert "typed-into-a-form" not in lab_page.page.content()

    # On a node code is a picture in colour; a press opens the editor over the canvas.
    editor.inspect("count")
    editor.node("count").focus()
    lab_page.page.keyboard.press(".")
    editor.wait_until_still()
    preview = editor.node("count").locator(".ab-field-preview")
    expect(preview.locator(".tok-keyword").first).to_have_text("for")
    lab_page.screenshot("forms-on-nodes-dark")
    preview.click()
    large = editor.root.get_by_role("dialog", name="Code")
    lines = large.locator(".cm-content")
    expect(lines).to_be_focused()
    lab_page.page.keyboard.press("Control+End")
    lab_page.page.keyboard.type(" # end")
    lab_page.screenshot("forms-code-large-dark")
    lab_page.use_theme(dark=False)
    lab_page.screenshot("forms-code-large-light")
    assert complaints(large) == []
    lines.focus()
    lab_page.page.keyboard.press("Escape")
    lab_page.page.keyboard.press("Escape")
    expect(large).to_have_count(0)
    expect(preview).to_be_focused()
    expect(preview).to_contain_text("# end")
    editor.button("Back into the notebook").click()


FILES = """\
import io, pathlib
from agentbench.domain.port import Image, Table

pathlib.Path("given").mkdir(exist_ok=True)
pathlib.Path("given/there.csv").write_text("n\\n1\\n2\\n3\\n")

@ab.block(id="files.tally")
def tally(rows: Table) -> int:
    "How many rows."
    return len(rows)

@ab.block(id="files.measure")
def measure(picture: Image) -> list[int]:
    "Its size."
    return list(picture.size)

graph = ab.new("files on nodes", blank=True)
for at, name in enumerate(("excel", "parquet", "path")):
    graph.output(f"of_{name}", graph.add(tally, name))
graph.output("size", graph.add(measure, "pasted"))
given = graph.add("agent.input", "given", name="given", type="table")
graph.output("of_run", graph.add(tally, "counted", rows=given))
place = graph.add("agent.input", "place", name="place", type="folder", default="nowhere")
graph.output("place", place)
graph
"""

# Drops or pastes a file where it is called: the name of the event, of the file, its bytes.
HAND_OVER = """(it, [event, name, data]) => {
    const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0))
    const transfer = new DataTransfer()
    transfer.items.add(new File([bytes], name))
    const more = {bubbles: true, cancelable: true}
    it.dispatchEvent(event === "paste"
        ? new ClipboardEvent("paste", {clipboardData: transfer, ...more})
        : new DragEvent(event, {dataTransfer: transfer, ...more}))
}"""


def _hand_over(field: Locator, event: str, name: str, data: bytes) -> None:
    field.evaluate(HAND_OVER, [event, name, base64.b64encode(data).decode()])


def _bytes(write: Callable[[io.BytesIO], Any]) -> bytes:
    out = io.BytesIO()
    write(out)
    return out.getvalue()


def test_files_are_given_to_nodes_and_to_a_run(
    lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    """By path, chosen, dropped and pasted; as Excel, Parquet, CSV and a picture."""
    frame = pandas.DataFrame({"n": [1, 2]})
    lab_page.use_theme(dark=False)
    notebook = open_notebook(
        LOAD, FILES, "print(graph.to_json())\n", "graph\n",
        "print({name: value[0] for name, value in ab.run(ab.runs()[0].id).wait().outputs.items()})\n",
    )  # fmt: skip
    editor = show(notebook, 1)
    editor.fold_palette()
    editor.button("Fill the panel").click()

    # Onto the node itself; into the inspector; as a path, of those that there are.
    excel = _bytes(lambda out: frame.to_excel(out, index=False))
    editor.inspect("excel")
    editor.node("excel").focus()
    lab_page.page.keyboard.press(".")  # fields are drawn from near
    field = editor.node("excel").get_by_role("group", name="rows")
    _hand_over(field, "drop", "two rows.xlsx", excel)
    expect(field).to_contain_text("two rows.xlsx")
    editor.wait_until_still()
    lab_page.screenshot("forms-files-on-nodes-light")
    inspector = editor.inspect("parquet")
    rows = inspector.locator('[data-port="rows"]')
    expect(rows).not_to_contain_text("two rows.xlsx")
    inspector.locator("input[type=file]").set_input_files(
        {
            "name": "two rows.parquet",
            "mimeType": "application/octet-stream",
            "buffer": _bytes(frame.to_parquet),
        }
    )
    expect(rows).to_contain_text("two rows.parquet")
    inspector = editor.inspect("path")
    expect(rows).not_to_contain_text("two rows.parquet")
    path = inspector.get_by_label("rows, path of a file")
    path.fill("given/not there.csv")
    expect(rows).to_contain_text("which is not there")
    assert complaints(inspector) == []
    lab_page.screenshot("forms-file-of-a-node-light")
    path.fill("given/there.csv")
    expect(rows.locator(".ab-field-problem")).to_have_count(0)
    expect(rows.locator('option[value="given/there.csv"]')).to_have_count(1)
    inspector = editor.inspect("pasted")
    picture = inspector.get_by_role("group", name="picture")
    png = _bytes(lambda out: PIL.Image.new("RGB", (7, 5), "teal").save(out, "PNG"))
    _hand_over(picture, "paste", "clip.png", png)
    expect(picture.locator("img")).to_be_visible()
    expect(picture).to_contain_text("clip.png")
    lab_page.use_theme(dark=True)
    lab_page.screenshot("forms-picture-of-a-node-dark")
    lab_page.use_theme(dark=False)
    inspector = editor.inspect("place")
    expect(inspector.locator('[data-port="default"]')).to_contain_text("is no folder")
    inspector.get_by_label("default", exact=True).fill("given")
    expect(inspector.locator(".ab-field-problem")).to_have_count(0)

    # What a document says of them is a line each, the same on every machine.
    notebook.run(2)
    kept = notebook.text(2)
    assert '"$file": "given/there.csv"' in kept
    for name in ("two rows.xlsx", "two rows.parquet", "clip.png"):
        assert re.search(rf'"\$upload": "[0-9a-f]{{20}}/{name}"', kept)

    editor.run()
    dialog = editor.root.get_by_role("dialog", name="Run with")
    asked = dialog.get_by_role("group", name="given")
    _hand_over(asked, "drop", "one row.csv", b"n\n1\n")
    expect(asked).to_contain_text("one row.csv")
    dialog.get_by_role("button", name="Run", exact=True).click()
    editor.wait_until("Done")
    editor.button("Back into the notebook").click()
    # Another view, which remembers nothing itself, offers the same again.
    notebook.run(3)
    other = editor_under(notebook, 3)
    other.run()
    again = other.root.get_by_role("dialog", name="Run with")
    expect(again.get_by_role("group", name="given")).to_contain_text("one row.csv")
    again.get_by_role("button", name="Run", exact=True).click()
    # A node tells what it did in the runs before; one of them is shown by a click.
    expect(other.button("2 runs")).to_be_visible()
    inspector = other.inspect("counted")
    inspector.get_by_role("tab", name="Values").click()
    inspector.get_by_role("button", name="History").click()
    runs = inspector.locator(".ab-node-past-run")
    expect(runs).to_have_count(2)
    expect(runs.first).to_have_attribute("aria-pressed", "true")
    runs.last.click()
    expect(runs.last).to_have_attribute("aria-pressed", "true")
    expect(runs.first).to_have_attribute("aria-pressed", "false")
    runs.last.scroll_into_view_if_needed()
    lab_page.screenshot("inspector-history-light")
    notebook.run(4)
    assert ast.literal_eval(notebook.text(4)) == {
        "of_excel": 2, "of_parquet": 2, "of_path": 3, "size": [7, 5], "of_run": 1, "place": "given",
    }  # fmt: skip
