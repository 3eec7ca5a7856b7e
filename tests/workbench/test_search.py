import pytest

from agentbench.workbench.search import search_blocks


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("text.template", "text.template"),
        ("jinja", "text.template"),
        ("csv", "table.read"),
        ("sql", "table.query"),
        ("plot", "chart.plot"),
        ("loop", "logic.step"),
        ("tempalte", "text.template"),
        ("http get", "web.fetch"),
        ("read table", "table.read"),
        ("split", "text.split"),
        ("orchestrator", "ai.agent"),
        ("summarize", "ai.summarise"),
        ("sentiment", "ai.classify"),
        ("embedding", "ai.embed"),
        ("text to speech", "ai.speak"),
    ],
)
def test_people_find_blocks_by_their_own_words(bench, query, first):
    assert search_blocks(bench.blocks, query)[0].id == first


def test_nothing_is_found_for_nonsense(bench):
    assert search_blocks(bench.blocks, "qqqqqqqq") == []
