"""What is particular to MemoryStore; its promises are held in the conformance tests."""

from agentbench.stores.memory import MemoryStore
from tests.stores.samples import record


def test_two_stores_in_memory_are_apart() -> None:
    one, other = MemoryStore("memory:"), MemoryStore("memory:")
    one.create_run(record()).result()
    assert other.runs() == []
    assert one.url == other.url == "memory:"
