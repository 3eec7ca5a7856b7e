import importlib.metadata
import sys

import pytest

from agentbench.workbench.plugins import Plugins

PLUGIN = """
from agentbench.domain.function_block import FunctionBlock

def hello() -> str:
    \"\"\"Says hello.\"\"\"
    return "hello"

block = FunctionBlock(hello, id="friends.hello")
"""


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A package of somebody else's with one good and one broken entry point."""
    (tmp_path / "friends_blocks.py").write_text(PLUGIN)
    info = tmp_path / "friends-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: friends\nVersion: 1.0\n"
    )
    (info / "entry_points.txt").write_text(
        "[agentbench.blocks]\ngood = friends_blocks:block\nbad = nowhere_at_all:block\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    sys.modules.pop("friends_blocks", None)


def test_blocks_of_other_packages_are_found_and_a_broken_one_is_reported(
    installed, caplog
):
    assert importlib.metadata.version("friends") == "1.0"
    plugins = Plugins()
    blocks = plugins.blocks()
    assert "friends.hello" in blocks
    assert "text.template" in blocks
    assert len(plugins.faults) == 1
    assert "nowhere_at_all" in plugins.faults[0]
