"""Undo and redo: one history of a graph, for Python and the canvas."""

import pytest

from agentbench.domain import edit as edits
from agentbench.domain.errors import EditRefused
from agentbench.domain.history import MOST


def text(graph):
    return graph.to_json()


def test_every_step_is_taken_back_and_done_again(graph):
    steps = [text(graph)]
    first = graph.add("mine.shout", "a", text="x")
    steps.append(text(graph))
    graph.add("mine.shout", "b", text=first)
    steps.append(text(graph))
    first["times"] = 3
    steps.append(text(graph))
    first.set(title="Loud", colour="rose", at=(1, 2), retries=2)
    steps.append(text(graph))
    graph.remove("a")
    steps.append(text(graph))
    for before in reversed(steps[:-1]):
        graph.undo()
        assert text(graph) == before
    for after in steps[1:]:
        graph.redo()
        assert text(graph) == after


def test_nothing_to_undo_or_to_do_again_is_said(graph):
    with pytest.raises(EditRefused, match="nothing to undo"):
        graph.undo()
    with pytest.raises(EditRefused, match="nothing to do again"):
        graph.redo()


def test_a_new_step_ends_what_could_be_done_again(graph):
    graph.add("mine.shout", "a")
    graph.undo()
    graph.add("mine.shout", "b")
    with pytest.raises(EditRefused):
        graph.redo()
    assert list(graph.nodes) == ["b"]


def test_what_is_typed_into_a_field_is_one_step(graph):
    graph.add("mine.shout", "a")
    for value in ("h", "he", "hey"):
        step = edits.SetConstant(id="a", port="text", value=value)
        graph.apply(step, group="typing")
    assert len(graph.history.past) == 2
    graph.undo()
    assert graph.node("a").constants == {}
    graph.redo()
    assert graph.node("a").constants == {"text": "hey"}


def test_what_a_cell_builds_can_be_one_step(graph):
    with graph.one_step("Build it"):
        graph.add("mine.shout", "a")
        graph.add("mine.shout", "b", text=graph["a"])
    assert graph.history.undo_title == "Build it"
    graph.undo()
    assert graph.nodes == {}
    assert graph.history.redo_title == "Build it"


def test_a_refused_edit_leaves_no_step(graph):
    graph.add("mine.shout", "a")
    with pytest.raises(EditRefused):
        graph.apply(
            edits.SetTitle(id="a", title="x"), edits.SetColour(id="a", colour="pink")
        )
    assert graph.history.undo_title == "Add Shout"


def test_the_oldest_steps_go_first(graph):
    for _ in range(MOST + 5):
        graph.add("mine.shout")
    assert len(graph.history.past) == MOST


def test_steps_are_named_for_what_weighs_most(graph):
    first = graph.add("mine.shout", "a")
    graph.add("mine.shout", "b", text=first)
    assert graph.history.undo_title == "Add Shout"
    first["times"] = 2
    assert graph.history.undo_title == "Change times of Shout"
    graph.remove("a", "b")
    assert graph.history.undo_title == "Delete 2 nodes"
