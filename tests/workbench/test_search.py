"""People find blocks by their own words: a set of queries that must go on to work."""

import pytest

from agentbench.domain.port import Port
from agentbench.workbench.search import fitting, search_blocks

FIRST = [
    ("text.template", "text.template"), ("jinja", "text.template"), ("sql", "table.query"),
    ("plot", "chart.plot"), ("loop", "logic.step"), ("tempalte", "text.template"),
    ("read table", "table.read"), ("split", "text.split"), ("orchestrator", "ai.agent"),
    ("summarize", "ai.summarise"), ("sentiment", "ai.classify"), ("embedding", "ai.embed"),
    ("text to speech", "ai.speak"), ("slack", "slack.send"), ("rss", "web.feed"),
    ("wikipedia", "web.wikipedia"), ("base64", "encode.base64"), ("uuid", "encode.id"),
    ("sha256", "encode.hash"), ("xml", "formats.parse_xml"), ("append to list", "lists.add"),
    ("flatten", "lists.flatten"), ("calculator", "math.operate"), ("switch", "logic.switch"),
    ("word count", "text.count"), ("today", "time.date"),
    ("github issue", "github.issue"), ("weather", "web.weather"), ("calcuator", "math.operate"),
    ("group by", "lists.group"), ("spreadsheet google", "sheets.read"), ("telegram", "telegram.send"),
    ("average", "math.statistics"), ("timezone", "time.zone"),
    ("random sample", "lists.sample"), ("delete file", "files.delete"), ("coalesce", "logic.first_filled"),
    ("list keys", "dictionaries.keys"), ("loop over list", "logic.step"),
]  # fmt: skip
AMONG = [
    ("web page", "web.read_page"), ("if else", "logic.condition"),
    ("csv", "table.read"), ("csv", "formats.parse_csv"), ("http get", "web.fetch"), ("http", "web.request"),
    ("regex", "text.match"), ("regular expression", "text.regex"), ("scrape", "web.read_page"),
    ("notion", "notion.search"), ("save", "files.write"), ("emial", "mail.send"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "first"), FIRST)
def test_people_find_blocks_by_their_own_words(bench, query, first):
    assert [block.id for block in search_blocks(bench.blocks, query)][:1] == [first]


@pytest.mark.parametrize(("query", "wanted"), AMONG)
def test_what_several_blocks_do_is_among_the_first(bench, query, wanted):
    assert wanted in [block.id for block in search_blocks(bench.blocks, query)[:4]]


def test_nothing_is_found_for_nonsense(bench):
    assert search_blocks(bench.blocks, "qqqqqqqq") == []


def test_a_category_and_types_narrow_it_down(bench):
    found = search_blocks(bench.blocks, category="lists")
    assert {block.family for block in found} == {"lists"}
    tables = {block.id for block in search_blocks(bench.blocks, takes="table")}
    assert {"table.rows", "chart.plot"} <= tables
    assert "text.split" not in tables
    made = search_blocks(bench.blocks, "rows", gives="table", category="table")
    assert made[0].id == "table.from_rows"
    with pytest.raises(ValueError, match="names no type"):
        search_blocks(bench.blocks, takes="<nonsense>")


def test_blocks_are_found_by_the_port_that_they_fit(bench):
    numbers = Port(name="numbers", annotation=list[float])
    fitted = {block.id for block in fitting(bench.blocks, numbers, "input")}
    assert "math.statistics" in fitted
    assert "math.round" not in fitted


def test_the_order_is_the_same_each_time(bench):
    for query in ("list", "text", "date", ""):
        once, twice = (
            [block.id for block in search_blocks(bench.blocks, query)] for _ in range(2)
        )
        assert once == twice
