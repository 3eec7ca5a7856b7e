"""What the tests of formats use: a workbench of their own, in a home of its own."""

from collections.abc import Iterator

import pytest

from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench, workbench


@pytest.fixture(scope="module", autouse=True)
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    before = workbench()
    home = tmp_path_factory.mktemp("home")
    own = Workbench(Settings.from_environment({"AGENTBENCH_HOME": str(home)}))
    use_workbench(own)
    yield own
    own.close()
    use_workbench(before)
