"""Large trees: opened branch by branch, each page small, whatever the whole weighs."""

import json

import pytest

from agentbench.renderers.base.branches import MOST
from tests.renderers.values import VALUES, Account, BadRepr, new_renderers

RENDERERS = new_renderers()


def test_a_branch_is_reached_by_the_places_of_its_members() -> None:
    tree = {f"k{n}": [{"at": n}, {"b", "a"}, Account("ada")] for n in range(1_000)}
    brancher = RENDERERS.brancher(tree)
    assert brancher is not None
    root = brancher.branch(())
    assert (len(root.members), root.total, root.is_list) == (MOST, 1_000, False)
    assert (root.members[0].name, root.members[0].length) == ("k0", 3)
    last = brancher.branch((), 990)
    assert [member.name for member in last.members] == [
        f"k{n}" for n in range(990, 1_000)
    ]
    leaf = brancher.branch((999, 0)).members[0]
    assert (leaf.name, leaf.value, leaf.length) == ("at", 999, -1)
    assert [member.value for member in brancher.branch((5, 1)).members] == ["a", "b"]
    assert brancher.branch((5, 2)).members[0].value == "ada"


@pytest.mark.parametrize("path", [(7, 7), (-1,), (0, 0, 0, 0, 0), (10**9,)])
def test_a_branch_that_there_is_not_is_a_lookup_error(path: tuple[int, ...]) -> None:
    brancher = RENDERERS.brancher([[1], *range(1_000)])
    assert brancher is not None
    with pytest.raises(LookupError):
        brancher.branch(path)


def test_a_small_tree_is_sent_whole() -> None:
    assert RENDERERS.brancher({"a": [1, 2]}) is None
    assert RENDERERS.brancher("a text") is None


def test_pages_are_small_and_the_same_whatever_is_in_them() -> None:
    heavy = ["x" * 10_000_000, [BadRepr()] * 10_000, {1: {2: {3: [4] * 1_000}}}] * 300
    for value in (heavy, VALUES["long list"](), VALUES["recursive list"]() + [0] * 900):
        brancher = RENDERERS.brancher(value)
        assert brancher is not None
        pages = [
            json.dumps([vars(it) for it in brancher.branch(()).members]) for _ in "ab"
        ]
        assert pages[0] == pages[1]
        assert len(pages[0]) < 400_000
