"""The graph editor in a cell of a real JupyterLab: composing, running, looking, both ways."""

from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.editor import LOAD, Editor, box_of, editor_under, middle, show
from tests.browser.lab import LabPage

COMPOSED = """\
graph = ab.open("composed")
for link in sorted(graph.links):
    print(f"{link.source}.{link.output} -> {link.target}.{link.input}")
for id, node in sorted(graph.nodes.items()):
    print(id, node.block, node.constants)
"""
WHAT_WAS_COMPOSED = """\
split.result -> count.value
template.result -> split.text
count data.count {}
split text.split {}
template text.template {'template': 'rain,sun,snow'}"""


def test_agent_is_composed_run_and_saved_on_a_blank_canvas(
    lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(LOAD, '%agent new "composed"', COMPOSED)
    editor = show(notebook, 1)
    editor.drag_in("Count", 560, 330)
    editor.drag_in("Split text", 330, 200)
    editor.add("Fill in template")
    expect(editor.drawn_nodes).to_have_count(3)
    lab_page.screenshot("compose-blocks")
    editor.link("template.result", "split.text")
    expect(editor.drawn_links).to_have_count(1)  # nodes grow smaller when it comes
    editor.link("split.result", "count.value")
    expect(editor.drawn_links).to_have_count(2)
    editor.field("template", "template").fill("rain,sun,snow")
    editor.run()
    editor.wait_until("Done")
    expect(editor.state("count")).to_have_text("Done")
    expect(editor.preview("count")).to_have_text("3")
    editor.node("count").locator(".ab-node-title").click()
    expect(editor.value("result")).to_have_text("3")
    expect(editor.value("value")).to_contain_text("snow")
    lab_page.screenshot("compose-inspector")
    notebook.run(2)
    assert notebook.text(2) == WHAT_WAS_COMPOSED
    editor.save()
    expect(editor.saved).to_have_text("version 1")


def test_saved_agent_opens_in_another_kernel(open_notebook: OpenNotebook) -> None:
    build = (
        'graph = ab.new("kept")\n'
        'graph.add("text.template", "hello", template="Good day") >>'
        ' graph.add("text.split", "words")\n'
        "graph.save()"
    )
    first = open_notebook(LOAD, build)
    first.run_all()
    editor = show(open_notebook(LOAD, '%agent open "kept"'), 1)
    expect(editor.drawn_nodes).to_have_count(2)
    expect(editor.drawn_links).to_have_count(1)
    expect(editor.field("hello", "template")).to_have_value("Good day")
    expect(editor.saved).to_have_text("version 1")


def test_edit_in_python_shows_on_the_canvas_at_once(
    open_notebook: OpenNotebook,
) -> None:
    notebook = open_notebook(
        LOAD,
        'graph = ab.new("from python"); graph',
        'hello = graph.add("text.template", "hello", template="Hi")',
        'hello["template"] = "Bye"',
    )
    editor = show(notebook, 1)
    expect(editor.drawn_nodes).to_have_count(0)
    notebook.run(2)
    expect(editor.field("hello", "template")).to_have_value("Hi")
    notebook.run(3)
    expect(editor.field("hello", "template")).to_have_value("Bye")


def test_block_made_in_a_cell_is_in_the_palette_at_once(
    open_notebook: OpenNotebook,
) -> None:
    notebook = open_notebook(
        LOAD,
        'graph = ab.new("own blocks"); graph',
        "@ab.block\ndef greet(name: str) -> str: return 'Hi ' + name",
        "@ab.block\ndef greet(name: str, place: str) -> str: return name + place",
    )
    editor = show(notebook, 1)
    expect(editor.block("Greet")).to_have_count(0)
    notebook.run(2)
    editor.add("Greet")
    expect(editor.handle("greet", "name", "input")).to_be_visible()
    expect(editor.handle("greet", "place", "input")).to_have_count(0)
    notebook.run(3)
    expect(editor.handle("greet", "place", "input")).to_be_visible()


SHOWN = """\
import altair, pandas
from IPython.display import HTML, Markdown
from PIL import Image

FRAME = pandas.DataFrame({"city": ["Seattle", "Oslo"], "rain": [950, 763]})

@ab.block
def table() -> pandas.DataFrame: return FRAME

@ab.block
def chart() -> altair.Chart:
    return altair.Chart(FRAME).mark_bar().encode(x="rain", y="city")

@ab.block
def page() -> Markdown: return Markdown("# Heading\\nand **bold**")

@ab.block
def picture() -> Image.Image: return Image.new("RGB", (40, 20), "teal")

@ab.block
def html() -> HTML: return HTML("<em>in italics</em>")

@ab.block
def tree() -> dict: return {"rain": {"mm": 950}}

graph = ab.new("shown")
for number, made in enumerate((table, chart, page, picture, html, tree)):
    node = graph.add(made, made.id.split(".")[1])
    node.set(at=(number % 3 * 320, number // 3 * 340))
graph
"""


def test_inspector_shows_values_as_jupyter_does(
    lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    editor = show(open_notebook(LOAD, SHOWN), 1)
    editor.run()
    editor.wait_until("Done")
    expect(shown(editor, "table").locator("th", has_text="city")).to_be_visible()
    lab_page.screenshot("inspector-table", of=editor.root)
    chart = shown(editor, "chart").frame_locator("iframe")
    expect(chart.locator("canvas, svg").first).to_be_visible()
    lab_page.screenshot("inspector-chart", of=editor.root)
    expect(shown(editor, "page").locator("h1")).to_contain_text("Heading")
    picture = shown(editor, "picture").locator("img")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)")
    page = shown(editor, "html").frame_locator("iframe")
    expect(page.get_by_text("in italics")).to_be_visible()
    expect(shown(editor, "tree")).to_contain_text("mm")
    lab_page.screenshot("inspector-json", of=editor.root)


def shown(editor: Editor, node: str) -> Locator:
    """What the inspector shows of a node's result."""
    block = editor.inspect(node).locator(".ab-inspector-block")
    expect(block).to_have_text(f"mine.{node}")
    return editor.value("result")


NUMBER = """\
@ab.block
def double(number: float) -> float: return 2 * number

graph = ab.new("refusing")
graph.add("text.template", "words", template="two")
graph.add(double, "double")
graph
"""


def test_refused_link_shows_the_reason(open_notebook: OpenNotebook) -> None:
    editor = show(open_notebook(LOAD, NUMBER), 1)
    editor.link("words.result", "double.number")
    expect(editor.toast).to_contain_text("gives text")
    expect(editor.toast).to_contain_text("takes number")
    expect(editor.drawn_links).to_have_count(0)


GREETING = """\
graph = ab.new("greeting")
graph.add("text.template", "hello", template="Good day, {{ who }}",
          who=graph.input("who", type="text"))
graph
"""


def test_run_form_asks_for_the_inputs(
    lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    editor = show(open_notebook(LOAD, GREETING), 1)
    editor.run()
    form = editor.root.get_by_role("dialog")
    form.get_by_role("button", name="Run").click()
    expect(form).to_contain_text("This is needed.")
    lab_page.screenshot("run-form")
    form.get_by_label("who").fill("Ada")
    form.get_by_label("who").press("Enter")
    editor.wait_until("Done")
    expect(form).to_have_count(0)
    expect(editor.preview("hello")).to_have_text("Good day, Ada")


def test_two_views_of_one_graph_stay_in_step(open_notebook: OpenNotebook) -> None:
    build = (
        'graph = ab.new("seen twice")\n'
        'graph.add("text.template", "a", template="one")\n'
        'graph.add("text.template", "b", template="two")\n'
        "graph"
    )
    notebook = open_notebook(LOAD, build, "graph")
    second = show(notebook, 2)
    first = editor_under(notebook, 1)
    first.field("a", "template").fill("three")
    expect(second.field("a", "template")).to_have_value("three")
    first.node("b").locator(".ab-node-title").click()
    first.page.keyboard.press("Delete")
    expect(first.node("b")).to_have_count(0)
    expect(second.node("b")).to_have_count(0)
    expect(second.node("a")).to_be_visible()
    # The cell run again gives what its code says, not another pair of nodes.
    again = show(notebook, 1)
    expect(again.drawn_nodes).to_have_count(2)
    expect(again.field("a", "template")).to_have_value("one")


def test_keys_in_the_editor_do_nothing_to_the_notebook(
    lab_page: LabPage, open_notebook: OpenNotebook
) -> None:
    build = 'graph = ab.new("keys")\ngraph.add("text.template", "a")\ngraph'
    notebook = open_notebook(LOAD, build, "")
    editor = show(notebook, 1)
    before = notebook.count()
    places = [editor.canvas.locator(".react-flow__pane"), editor.field("a", "template")]
    for place in places:
        place.click(position={"x": 9, "y": 9})
        for key in ("a", "b", "d", "d", "Shift+Enter", "Delete", "Control+b"):
            lab_page.page.keyboard.press(key)
    assert notebook.count() == before
    assert lab_page.page.evaluate("() => !jupyterapp.shell.leftCollapsed")
    expect(editor.node("a")).to_be_visible()
    editor.node("a").locator(".ab-node-title").click()
    lab_page.page.keyboard.press("Delete")
    expect(editor.node("a")).to_have_count(0)
    assert notebook.count() == before


def test_wheel_over_the_canvas_scrolls_the_notebook(
    open_notebook: OpenNotebook,
) -> None:
    build = 'graph = ab.new("wheel")\ngraph.add("text.template", "a")\ngraph'
    notebook = open_notebook(LOAD, build, "print('down\\n' * 80)")
    notebook.run(2)
    editor = show(notebook, 1)
    before = box_of(editor.root)["y"]
    zoom = editor.root.locator(".ab-zoom").inner_text()
    editor.page.mouse.move(*middle(editor.canvas))
    editor.page.mouse.wheel(0, 60)
    editor.page.wait_for_function(
        "([editor, y]) => editor.getBoundingClientRect().y <= y - 50",
        arg=[editor.root.element_handle(), before],
    )
    assert editor.root.locator(".ab-zoom").inner_text() == zoom


def test_the_clipboard_and_undo_work_beside_the_notebooks_own(
    open_notebook: OpenNotebook,
) -> None:
    build = (
        'graph = ab.new("copied")\n'
        'graph.add("text.template", "a", template="x").set(at=(0, 0))\n'
        'graph.add("text.template", "b", template="{{ x }}", x=graph["a"]).set(at=(300, 0))\n'
        "graph"
    )
    notebook = open_notebook(LOAD, build, "print(sorted(graph.nodes))")
    editor = show(notebook, 1)
    page = editor.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    editor.root.focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    expect(editor.toast.last).to_contain_text("Copied 2 nodes")
    page.keyboard.press("Control+v")
    expect(editor.drawn_nodes).to_have_count(4)
    page.keyboard.press("Control+z")
    expect(editor.drawn_nodes).to_have_count(2)
    page.keyboard.press("Control+Shift+z")
    expect(editor.drawn_nodes).to_have_count(4)
    notebook.run(2)
    assert notebook.text(2).strip() == "['a', 'a-2', 'b', 'b-2']"
    assert notebook.count() == 3
    editor.root.focus()
    page.keyboard.press("Control+f")
    expect(page.get_by_role("dialog", name="Search in the graph")).to_be_visible()
    expect(page.locator(".jp-DocumentSearch-overlay")).to_have_count(0)
    # What was copied is text: another notebook takes it, with a kernel of its own.
    other = open_notebook(
        LOAD, 'graph = ab.new("pasted"); graph', "print(*graph.links)"
    )
    there = show(other, 1)
    there.root.focus()
    page.keyboard.press("Control+v")
    expect(there.drawn_nodes).to_have_count(2)
    expect(there.drawn_links).to_have_count(1)
    other.run(2)
    assert other.text(2) == "a.result -> b.x"
