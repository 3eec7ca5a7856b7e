import pytest

from agentbench.domain.graph import Graph
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench
from tests.kernels import with_samples


@pytest.fixture
def lease():
    """Seconds: those of users, which no stall of a busy machine ends."""
    return 30.0


@pytest.fixture(params=["memory and local", "sqlite and valkey"])
def bench(request, tmp_path, lease):
    is_real = request.param == "sqlite and valkey"
    made = Workbench(
        Settings(
            home=tmp_path,
            store_url=f"sqlite:///{tmp_path}/bench.db" if is_real else "memory:",
            redis_url="" if is_real else "local:",
            lease=lease,
        )
    )
    with_samples(made.blocks)
    use_workbench(made)
    yield made
    made.close()


@pytest.fixture
def graph(bench):
    return Graph("sample", blocks=bench.blocks)
