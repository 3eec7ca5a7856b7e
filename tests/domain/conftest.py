import pytest

from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.domain.registry import BlockRegistry
from agentbench.workbench.plugins import Plugins
from tests.kernels import with_samples


def shout(text: str, times: int = 1, title: str = "") -> str:
    """Says it loud."""
    return text.upper() * times


@pytest.fixture(scope="session")
def blocks() -> BlockRegistry:
    registry = with_samples(Plugins().blocks())
    registry.register(FunctionBlock(shout, id="mine.shout"))
    return registry


@pytest.fixture
def graph(blocks):
    return Graph("sample", "A sample.", blocks=blocks)
