"""Graphs and runs: the drawing, and the text that tests compare."""

import base64
import re
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest

from agentbench.domain.graph import Graph
from agentbench.domain.run import Failure, FiringStatus, RunStatus
from agentbench.renderers.graph import draw_graph, palette
from tests.renderers.values import BLOCKS, EndedRun, chain, new_graph, new_renderers

RENDERERS = new_renderers()
TEXT = """\
news: 4 nodes, 2 links
  page    web.fetch       Fetch
  remark  values.note     Note
  short   text.summarise  Summarise
  rows    table.make      Make
  page.result -> short.text (sticky)
  short.result -> rows.text"""


def _root(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def _words(svg: str) -> list[str]:
    return [e.text or "" for e in _root(svg).iter() if e.tag.endswith("}text")]


def _of_class(svg: str, name: str) -> list[ElementTree.Element]:
    return [e for e in _root(svg).iter() if name in e.get("class", "").split()]


def test_a_graph_reads_as_nodes_and_links() -> None:
    assert RENDERERS.render(new_graph()).data["text/plain"] == TEXT


def test_the_text_does_not_depend_on_the_order_of_building() -> None:
    graph = Graph("news", blocks=BLOCKS)
    for id, block in (("remark", "values.note"), ("rows", "table.make")):
        graph.add(block, id)
    graph.add("text.summarise", "short")
    graph.add("web.fetch", "page")
    assert graph["short"].first_output >> graph["rows"].text
    assert graph["page"].first_output >> graph["short"].text
    assert RENDERERS.render(graph).data["text/plain"] == TEXT


def test_the_picture_carries_itself_and_survives_without_trust() -> None:
    html = RENDERERS.render(new_graph()).data["text/html"]
    found = re.search(r'<img alt="([^"]*)" [^>]*base64,([^"]+)">', html)
    assert found
    assert found[1] == "news: 4 nodes, 2 links"
    assert _root(base64.b64decode(found[2]).decode()).tag.endswith("svg")


def test_the_drawing_has_a_card_a_row_and_a_curve_for_everything() -> None:
    svg = draw_graph(new_graph())
    assert {"Fetch", "web.fetch", "words", "40", "result"} <= set(_words(svg))
    assert len(_of_class(svg, "ab-card")) >= 3
    assert len(_of_class(svg, "ab-link")) == 2
    assert len(_of_class(svg, "ab-sticky")) == 1
    assert len(_of_class(svg, "ab-type-table-line")) == 1


def test_the_drawing_has_no_script_no_address_and_no_outside_font() -> None:
    svg = draw_graph(new_graph(), {"page": "failed"})
    tags = {element.tag.rpartition("}")[2] for element in _root(svg).iter()}
    assert tags <= {"svg", "title", "style", "path", "rect", "circle", "text"}
    assert re.findall(r"href|url\(|@import|@font-face", svg) == []


def test_the_same_graph_gives_the_same_drawing() -> None:
    assert draw_graph(new_graph()) == draw_graph(new_graph())


def test_a_status_is_a_word_and_a_mark() -> None:
    svg = draw_graph(new_graph(), {"page": ("completed", 12), "short": "failed"})
    assert "Done \N{MULTIPLICATION SIGN} 12" in _words(svg)
    assert "Failed" in _words(svg)
    assert len(_of_class(svg, "ab-mark")) == 2
    assert len(_of_class(svg, "ab-status-failed-line")) == 1


@pytest.mark.parametrize("status", sorted({*FiringStatus, *RunStatus}))
def test_every_status_can_be_drawn(status: str) -> None:
    svg = draw_graph(new_graph(), {"page": status})
    assert len(_of_class(svg, f"ab-status-{status}")) == 1


def test_hostile_words_stay_words() -> None:
    graph = Graph('</svg><script>"&\x00', blocks=BLOCKS)
    graph.add("web.fetch", "a", url="<b>\ud800]]>").set(
        title="<script>alert(1)</script>"
    )
    graph.add("values.note", "n", text="-->\x08<img onerror=x>")
    svg = draw_graph(graph)
    assert "<script" not in svg
    assert any("alert(1)" in word for word in _words(svg))
    assert 'alt="&lt;/svg&gt;' in RENDERERS.render(graph).data["text/html"]


def test_long_words_are_cut_to_fit_their_card() -> None:
    graph = new_graph()
    graph["page"].set(title="W" * 300)
    title = _of_class(draw_graph(graph), "ab-title")[0].text or ""
    assert title.endswith("…")
    assert len(title) < 20


def test_a_link_back_passes_below_the_cards() -> None:
    graph = chain(4)
    first, *_, last = [graph[id] for id in graph.nodes if id != "fetch"]
    assert last.result >> first.text
    svg = draw_graph(graph)
    cards = [e for e in _of_class(svg, "ab-card") if e.tag.endswith("rect")]
    lowest = max(float(e.get("y", 0)) + float(e.get("height", 0)) for e in cards)
    ways = [e.get("d", "") for e in _of_class(svg, "ab-link")]
    back = [float(n) for way in ways for n in re.findall(r"V(\S+?)Q", way)]
    assert len(back) == 1
    assert back[0] >= lowest


def test_an_unknown_block_is_drawn_as_such() -> None:
    known = new_graph()
    graph = Graph("lost", blocks=type(BLOCKS)())
    graph._nodes, graph._links = dict(known.nodes), {k.key: k for k in known.links}
    svg = draw_graph(graph)
    assert "web.fetch (unknown block)" in _words(svg)
    assert len(_of_class(svg, "ab-link")) == 2
    assert "(unknown block)" in RENDERERS.render(graph).data["text/plain"]


def test_a_dark_drawing_differs_from_a_light_one_and_auto_has_both() -> None:
    light, dark = (draw_graph(new_graph(), theme=theme) for theme in ("light", "dark"))
    auto = draw_graph(new_graph())
    assert palette.CARD.light in light
    assert palette.CARD.dark in dark
    assert palette.CARD.dark not in light
    assert "prefers-color-scheme:dark" in auto


def test_a_graph_of_many_nodes_is_drawn_without_ports() -> None:
    svg = draw_graph(chain(260))
    assert len(_of_class(svg, "ab-title")) == 260
    assert _of_class(svg, "ab-dot") == []
    assert len(RENDERERS.render(chain(260)).data["text/html"]) < 900_000


def test_a_graph_of_very_many_nodes_is_text_that_counts() -> None:
    shown = RENDERERS.render(chain(1_100)).data
    assert set(shown) == {"text/plain"}
    assert "… 800 more nodes" in shown["text/plain"]


def test_cards_do_not_overlap() -> None:
    cards = _of_class(draw_graph(chain(30)), "ab-card")
    boxes = [e for e in cards if e.tag.endswith("rect")]
    places = {(e.get("x"), e.get("y")) for e in boxes}
    assert len(places) == len(boxes) == 30


# ---- runs ------------------------------------------------------------------------


def test_a_run_reads_as_status_outputs_and_failures_only() -> None:
    failure = Failure(
        node="page", firing=1, error="HttpError", message="404 at 0x7f00aa11"
    )
    run = EndedRun({"brief": ["two\nlines"], "n": list(range(9)), "empty": []}, failure)
    assert RENDERERS.render(run).data["text/plain"].split("\n") == [
        "news: failed",
        "  brief = 'two\\nlines'",
        "  n = 0, 1, 2, 3, 4, … (9 values)",
        "  empty = (nothing)",
        "  failed: page: HttpError: 404",
    ]


def test_a_run_shows_its_graph_with_the_statuses() -> None:
    html = RENDERERS.render(EndedRun({})).data["text/html"]
    found = re.search(r'base64,([^"]+)"', html)
    assert found
    words = _words(base64.b64decode(found[1]).decode())
    assert "Done \N{MULTIPLICATION SIGN} 3" in words
    assert html.endswith("<pre>news: completed</pre>")


def test_a_run_without_a_graph_is_text() -> None:
    run: Any = EndedRun({"n": [1]})
    del run.graph
    assert RENDERERS.render(run).data == {"text/plain": "news: completed\n  n = 1"}


# ---- colours ---------------------------------------------------------------------


def _light(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [
        p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tone", [*palette.TYPES.values(), *palette.FAMILIES.values()])
def test_every_colour_stands_out_from_its_card(tone: palette.Tone) -> None:
    assert _contrast(tone.light, palette.CARD.light) >= 3
    assert _contrast(tone.dark, palette.CARD.dark) >= 3


@pytest.mark.parametrize("tone", palette.STATUSES.values())
def test_every_status_word_can_be_read(tone: palette.Tone) -> None:
    assert _contrast(tone.light, palette.ON_ACCENT.light) >= 4.5
    assert _contrast(tone.dark, palette.ON_ACCENT.dark) >= 4.5


@pytest.mark.parametrize("words", [palette.TEXT, palette.TEXT_2, palette.TEXT_3])
def test_every_word_on_a_card_can_be_read(words: palette.Tone) -> None:
    assert _contrast(words.light, palette.CARD.light) >= 4.5
    assert _contrast(words.dark, palette.CARD.dark) >= 4.5


def test_what_is_not_run_is_told_and_dimmed() -> None:
    graph = new_graph()
    graph["page"].set(disabled=True)
    graph["short"].set(bypassed=True)
    graph["rows"].set(pinned={"result": []})
    shown = draw_graph(graph)
    below = [words for words in _words(shown) if " · " in words]
    assert below == [
        "web.fetch · disabled",
        "text.summarise · bypassed",
        "table.make · pinned",
    ]
    assert shown.count('<g opacity=".5">') == 1
