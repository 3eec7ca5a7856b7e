import pytest

import agentbench as ab
from agentbench.domain.errors import BlockDefinitionError


def test_a_decorated_function_is_a_block_at_once(bench):
    @ab.block
    def double(number: int) -> int:
        """Doubles."""
        return 2 * number

    assert double(4) == 8
    assert bench.blocks.block("mine.double") is double
    graph = ab.Graph("x")
    graph.output("n", graph.add(double, number=21))
    assert graph.run_sync()["n"] == 42


def test_defining_a_block_again_changes_its_nodes(bench):
    def make(sign):
        @ab.block
        def signed(number: int) -> int:
            return sign * number

        return signed

    graph = ab.Graph("x")
    graph.output("n", graph.add(make(1), number=1))
    make(-1)
    assert graph.run_sync()["n"] == -1


def test_a_function_that_cannot_be_a_block_says_why(bench):
    with pytest.raises(BlockDefinitionError, match=r"bad\(\) cannot be made a block"):

        @ab.block
        def bad(*values): ...


def test_a_renderer_of_ones_own_is_used(bench):
    class Money:
        pass

    @ab.renderer(Money)
    def show_money(value):
        """Money as text."""
        return "a fortune"

    assert bench.render(Money()).data["text/plain"] == "a fortune"


def test_runs_are_listed_newest_first_and_found_by_id(bench):
    graph = ab.Graph("listed")
    graph.output("n", graph.add("test.add", left=1))
    first, second = graph.run_sync(), graph.run_sync()
    assert [record.id for record in ab.runs("listed")] == [second.id, first.id]
    assert ab.run(first.id).outputs == {"n": [1]}


def test_a_run_of_a_live_constant_works_and_its_graph_is_kept_in_words(bench):
    graph = ab.Graph("live")
    graph.output(
        "same", graph.add("test.is_lock", thing=__import__("threading").Lock())
    )
    assert graph.run_sync()["same"] is True


def test_large_values_are_kept_apart_and_come_back(bench):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"n": range(5000)})
    graph = ab.Graph("big")
    graph.output("frame", graph.add("values.constant", value=frame))
    run = graph.run_sync()
    run.peek = None  # as in any other kernel
    pandas.testing.assert_frame_equal(ab.run(run.id)["frame"], frame)
