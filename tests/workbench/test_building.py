"""A cell that builds a graph may run again: the same graph, and nothing of others is lost."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agentbench.domain import cell
from agentbench.domain.errors import EditRefused
from agentbench.domain.graph import Graph
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench

Code = Callable[[Graph], object]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    made = Workbench(Settings(home=tmp_path, store_url="memory:", redis_url="local:"))
    yield made
    made.close()


def run(bench: Workbench, code: Code, id: str = "one") -> Graph:
    """Runs a cell that says `graph = ab.new("brief")` and then the code."""
    cell.begin(id)
    try:
        graph = bench.agents.new("brief")
        code(graph)
    except BaseException:
        cell.end(is_well=False)
        raise
    cell.end(is_well=True)
    return graph


def build(graph: Graph, template: str = "{{ topic }}!") -> None:
    topic = graph.input("topic", "rain", type="text")
    text = graph.add("text.template", template=template, topic=topic)
    loud = graph.add("text.replace", "loud", old="!")
    text >> loud
    graph.add("text.template", template="second")
    graph.output("said", loud)


def said(graph: Graph) -> tuple[object, list[str]]:
    return (
        {id: (node.block, dict(node.constants)) for id, node in graph.nodes.items()},
        sorted(map(str, graph.links)),
    )


def test_a_cell_run_again_gives_the_same_graph_in_one_step(bench: Workbench) -> None:
    graph = run(bench, build)
    first = said(graph)
    assert run(bench, build) is graph
    assert said(graph) == first
    run(bench, lambda it: build(it, "{{ topic }}?"))
    assert graph.node("template").constants["template"] == "{{ topic }}?"
    assert graph.history.undo_title == "Run the cell again"
    graph.undo()
    assert said(graph) == first


def test_what_the_canvas_did_stays_and_what_the_code_dropped_goes(
    bench: Workbench,
) -> None:
    graph = run(bench, build)
    graph["template"].set(at=(500, 90), title="Mine")
    graph["loud"]["new"] = "!!"
    extra = graph.add("text.template", template="{{ x }}")
    graph["loud"] >> extra
    run(bench, lambda it: it.add("text.replace", "loud", text="a", old="!"))
    assert sorted(graph.nodes) == ["loud", "template-3"]
    assert graph.node("loud").constants == {"text": "a", "old": "!", "new": "!!"}
    assert list(map(str, graph.links)) == ["loud.result -> template-3.x"]
    graph.undo()
    assert graph.node("template").position == (500, 90)
    assert graph.node("template").title == "Mine"


def test_a_cell_that_fails_takes_nothing_away(bench: Workbench) -> None:
    graph = run(bench, build)
    first = said(graph)

    def fails(graph: Graph) -> None:
        graph.input("topic", "rain", type="text")
        raise ValueError("a slip")

    with pytest.raises(ValueError, match="a slip"):
        run(bench, fails)
    assert said(graph) == first
    run(bench, build)
    assert said(graph) == first


def test_another_cell_adds_and_twice_in_one_cell_is_refused(bench: Workbench) -> None:
    graph = run(bench, build)
    run(bench, lambda it: it.add("text.template", template="third"), "two")
    assert graph.node("template-3").constants == {"template": "third"}
    assert len(graph.nodes) == 6
    with pytest.raises(EditRefused, match="already a node 'loud'"):
        run(bench, lambda it: [it.add("text.replace", "loud") for _ in "ab"], "three")


def test_another_block_under_the_same_name_takes_its_place(bench: Workbench) -> None:
    graph = run(bench, build)
    graph["loud"].set(at=(7, 8))

    def other(graph: Graph) -> None:
        topic = graph.input("topic", "rain", type="text")
        graph.output(
            "said", graph.add("text.template", "loud", template="{{ t }}", t=topic)
        )

    run(bench, other)
    assert graph.node("loud").block == "text.template"
    assert graph.node("loud").position == (7, 8)
    assert sorted(map(str, graph.links)) == [
        "loud.result -> said.value",
        "topic.value -> loud.t",
    ]


def test_a_saved_agent_is_built_again_by_another_kernel(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path, store_url=f"sqlite:///{tmp_path}/kept.db", redis_url="local:"
    )
    first = Workbench(settings)
    graph = run(first, build)
    before = said(graph)
    first.save(graph)
    first.close()
    second = Workbench(settings)
    try:
        again = run(second, build, "another id")
        assert again is not graph
        assert said(again) == before
        assert again.is_saved or said(second.agents.kept(again)[0]) == before
    finally:
        second.close()
