import pytest

from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench
from tests.kernels import with_samples


@pytest.fixture
def bench(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = Workbench(
        Settings(home=tmp_path / "home", store_url="memory:", redis_url="local:")
    )
    with_samples(made.blocks)
    use_workbench(made)
    yield made
    made.close()
