"""A workbench with the demo server allowed, for a whole module: a start takes a second."""

import sys
from pathlib import Path

import pytest

from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench

DEMO = Path(__file__).with_name("demo_server.py")
COMMAND = [sys.executable, str(DEMO)]


def new_bench(home: Path, **settings: object) -> Workbench:
    made = Workbench(
        Settings(home=home, store_url="memory:", redis_url="local:", **settings)
    )
    use_workbench(made)
    return made


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    made = new_bench(tmp_path_factory.mktemp("home"))
    made.mcp.add("demo", command=COMMAND, allow=True)
    yield made
    made.close()


@pytest.fixture
def fresh(tmp_path):
    made = new_bench(tmp_path / "home")
    yield made
    made.close()
