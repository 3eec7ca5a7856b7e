import pytest

from agentbench.domain.errors import DuplicateName, UnknownBlock
from agentbench.domain.registry import BlockRegistry, Registry


def test_a_registry_is_filled_when_somebody_first_looks():
    asked = []

    def fill():
        asked.append(1)
        return ["a", "b"]

    registry = Registry("letter", str, fill)
    assert not asked
    assert list(registry) == ["a", "b"]
    assert len(registry) == 2
    assert asked == [1]


def test_a_double_is_refused_unless_it_replaces():
    registry = Registry("letter", str.lower, lambda: ["a"])
    with pytest.raises(DuplicateName, match="already a letter named 'a'"):
        registry.register("A")
    heard = []
    registry.listen(heard.append)
    assert registry.register("A", replace=True) == "A"
    assert (list(registry), heard) == (["A"], ["A"])


def test_an_unknown_block_is_named():
    with pytest.raises(UnknownBlock, match="There is no block 'x'"):
        BlockRegistry().block("x")
