"""The inspector in a cell: what it shows at once, and what a view may ask of a value."""

import base64
import io
import json
import zipfile

HUGE = "x" * 1_000_000


def place(at):
    return {"node": "", "firing": None, "at": at}


def shown_of(kernel, code):
    """The inspector that a cell shows, and what its view begins with."""
    shown = kernel.run(code)
    assert shown.error == ""
    return shown


def test_values_are_shown_with_their_names_and_stand_in_the_file(kernel):
    shown = shown_of(kernel, "ab.show(1, note='# Hi\\n\\n- a\\n- b', data={'a': [1]})")
    bundle = shown.bundles[-1]
    assert bundle["text/plain"].startswith("value 1\n1\n\nnote\n# Hi")
    assert "<h1>Hi</h1>" in bundle["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_show_returns_nothing_so_that_a_cell_shows_it_once(kernel):
    shown = shown_of(kernel, "ab.show('once')")
    assert len(shown.bundles) == 1


def test_a_way_that_there_is_not_is_refused_with_the_nearest(kernel):
    assert "Did you mean 'table'" in kernel.run("ab.show([], as_='tabel')").error


def test_a_table_is_paged_and_a_text_read_on(kernel):
    code = (
        "import pyarrow as pa\n"
        "ab.show(t=pa.table({'n': range(100_000)}), s='ab' * 500_000)"
    )
    widget = shown_of(kernel, code).editor
    page = kernel.ask(widget, op="page", of=place(0), start=99_990, rows=20)["result"]
    assert [row[0] for row in page["rows"]] == [str(n) for n in range(99_990, 100_000)]
    refused = kernel.ask(widget, op="page", of=place(0), filter="n > x")
    assert not refused["ok"]
    assert "'x' is none" in refused["error"]
    part = kernel.ask(widget, op="read_on", of=place(1), start=999_999)["result"]
    assert (part["text"], part["total"]) == ("b", 1_000_000)
    assert not kernel.ask(widget, op="read_on", of=place(0), start=0)["ok"]
    assert not kernel.ask(widget, op="page", of=place(1))["ok"]
    assert not kernel.ask(widget, op="copy", of=place(9))["ok"]
    assert not kernel.ask(widget, op="dance", of=place(0))["ok"]


def test_a_file_comes_in_parts_and_several_as_an_archive(kernel):
    code = "ab.show(big=bytes(150_000), note='Rain', more='Sun', data={'a': 1})"
    widget = shown_of(kernel, code).editor
    content, part = b"", 0
    while True:
        file = kernel.ask(widget, op="fetch", of=place(0), part=part)["result"]
        content += base64.b64decode(file["data"])
        assert len(json.dumps(file)) < 100_000
        part += 1
        if part == file["parts"]:
            break
    assert (file["filename"], content, part) == ("output.bin", bytes(150_000), 3)
    whole = kernel.ask(widget, op="fetch", of=place(-1))["result"]
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(whole["data"]))) as archive:
        assert sorted(archive.namelist()) == ["big.bin", "texts.txt"]
        assert archive.read("texts.txt").startswith(b"note\n\nRain\n\n---\n\nmore")
    copied = kernel.ask(widget, op="copy", of=place(-1))["result"]["text"]
    assert copied == 'Rain\n\nSun\n\n{\n  "a": 1\n}'


def test_a_value_gets_a_name_that_is_free_or_the_one_that_is_typed(kernel):
    code = "rain = 5\nab.show(rain={'mm': 1}, code='def f():\\n    return 1')"
    widget = shown_of(kernel, code).editor
    given = kernel.ask(widget, op="assign", of=place(0))["result"]
    assert given == {"name": "rain_2", "code": "rain_2"}
    assert shown_of(kernel, "print(rain, rain_2)").text == "5 {'mm': 1}\n"
    assert kernel.ask(widget, op="assign", of=place(0), name="rain")["ok"]
    assert shown_of(kernel, "print(rain)").text == "{'mm': 1}\n"
    opened = kernel.ask(widget, op="assign", of=place(1))["result"]
    assert opened["code"] == "def f():\n    return 1"
    for name in ("not a name", "class", "a.b", "__import__('os')"):
        assert not kernel.ask(widget, op="assign", of=place(0), name=name)["ok"]


def test_an_older_inspector_lets_its_values_go(kernel):
    widget = shown_of(kernel, "ab.show({'a': 1})").editor
    shown_of(kernel, "for _ in range(50): ab.inspector(1)")
    refused = kernel.ask(widget, op="copy", of=place(0))
    assert "run the cell again" in refused["error"]


def test_a_renderer_defined_again_shows_the_next_value(kernel):
    define = "class T: pass\n@ab.renderer(T)\ndef look(t): return 'first'\nab.show(T())"
    assert shown_of(kernel, define).bundles[-1]["text/plain"] == "first"
    again = "@ab.renderer(T)\ndef look(t): return 'second'\nab.show(T())"
    assert shown_of(kernel, again).bundles[-1]["text/plain"] == "second"


def test_values_of_a_firing_are_asked_in_the_editor_too(kernel):
    code = (
        "graph = ab.new('asked', blank=True)\n"
        "node = graph.add('text.template', 'say', template='Hello {{ n }}', n='you')\n"
        "run = graph.run_sync(); graph"
    )
    editor = shown_of(kernel, code).editor
    kernel.ask(editor, op="sync", since=-1)
    shown_of(kernel, "from agentbench.widgets.canvas import follow; follow(graph, run)")
    values = kernel.ask(editor, op="inspect", node="say", firing=None)["result"]["values"]
    given = next(value for value in values if value["side"] == "output")
    of = {"node": "say", "firing": None, "at": given["at"]}
    assert kernel.ask(editor, op="copy", of=of)["result"] == {"text": "Hello you"}
    everything = {**of, "at": -1}
    file = kernel.ask(editor, op="fetch", of=everything)["result"]
    assert base64.b64decode(file["data"]) == b"Hello you"
    assert not kernel.ask(editor, op="copy", of={**of, "at": 40})["ok"]
    assert not kernel.ask(editor, op="copy", of={**of, "node": "nobody"})["ok"]


def test_the_name_of_an_output_is_text_in_the_cell(kernel):
    name = "<img src=x onerror=steal()>"
    code = (
        "graph = ab.new('named', blank=True)\n"
        "node = graph.add('text.template', 'say', template='Hello')\n"
        f"graph.output({name!r}, node)"
    )
    shown_of(kernel, code)
    shown = shown_of(kernel, "%agent run graph --quiet\n%agent run graph")
    headings = [it for it in shown.bundles if it.get("text/plain") == name]
    assert [it.get("text/html") for it in headings] == [
        "<strong>&lt;img src=x onerror=steal()&gt;</strong>"
    ]
    assert not any("<img src=x" in str(it.get("text/markdown")) for it in shown.bundles)


def test_a_tree_is_opened_and_bytes_are_read_page_by_page(kernel):
    code = (
        "ab.show(t={f'k{n}': [{'n': n}] for n in range(2_000)},"
        " b=bytes(range(256)) * 9, s='small')"
    )
    widget = shown_of(kernel, code).editor
    leaf = kernel.ask(widget, op="branch", of=place(0), path=[1_999, 0])["result"]
    assert leaf["members"] == [{"name": "n", "value": 1_999, "length": -1}]
    lost = kernel.ask(widget, op="branch", of=place(0), path=[2_000])
    assert "is not there any more" in lost["error"]
    assert not kernel.ask(widget, op="branch", of=place(2), path=[])["ok"]
    part = kernel.ask(widget, op="read_on", of=place(1), start=300)["result"]
    assert (part["start"], part["total"]) == (288, 2_304)
    assert base64.b64decode(part["data"])[:3] == bytes([32, 33, 34])
    assert not kernel.ask(widget, op="read_on", of=place(0), start=0)["ok"]


SERVER = """\
import http.server, io, threading
from PIL import Image
from agentbench.workbench.workbench import workbench
held = io.BytesIO()
Image.new("RGB", (9, 7), "red").save(held, "PNG")
class Pictures(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if "lost" not in self.path else 404)
        self.end_headers()
        self.wfile.write(held.getvalue() if "good" in self.path else b"<h1>no picture</h1>")
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Pictures)
threading.Thread(target=server.serve_forever, daemon=True).start()
at = f"127.0.0.1:{server.server_port}"
"""


def test_a_picture_is_fetched_by_the_kernel_through_its_one_door(kernel):
    assert kernel.run(SERVER).error == ""
    names = "good.png", "page.png", "lost.png", "good.txt"
    code = f"ab.show(*[f'http://{{at}}/{{name}}' for name in {names}])"
    widget = shown_of(kernel, code).editor
    refused = kernel.ask(widget, op="load_image", of=place(0))
    assert "was not fetched" in refused["error"]  # nobody allowed this host
    kernel.run("workbench().outbound.allow(at)")
    loaded = kernel.ask(widget, op="load_image", of=place(0))["result"]["data"]
    assert base64.b64decode(loaded["image/png"]).startswith(b"\x89PNG")
    for number, why in ((1, "no picture"), (2, "404"), (3, "not the address")):
        told = kernel.ask(widget, op="load_image", of=place(number))
        assert why in told["error"]


def test_late_code_comes_once_and_by_its_name(kernel):
    widget = shown_of(kernel, "ab.show(1)").editor
    for name in ("latex", "mermaid", "graphviz", "vega", "pdf", "plotly", "inspector"):
        code = kernel.ask(widget, op="late", name=name)["result"]
        assert len(code["js"]) > 100_000
        again = kernel.ask(widget, op="late", name=name, has=code["hash"])["result"]
        assert again == {"hash": code["hash"], "js": "", "css": ""}
    for name in ("nothing", "../inspector", "plotly-library.js"):
        assert not kernel.ask(widget, op="late", name=name)["ok"]
