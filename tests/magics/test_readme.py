"""The README's example, run as a reader would run it."""

import re
import shutil
from pathlib import Path

from tests.notebook_kernel import running_kernel

ROOT = Path(__file__).parents[2]


def test_the_twenty_lines_run_as_one_cell(tmp_path):
    shutil.copytree(ROOT / "notebooks" / "data", tmp_path / "data")
    text = (ROOT / "README.md").read_text()
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL)[1]
    assert len([line for line in code.splitlines() if line.strip()]) <= 21
    with running_kernel(tmp_path, AGENTBENCH_HOME=str(tmp_path / "h")) as kernel:
        shown = kernel.run(code, timeout=60)
        assert shown.error == ""
        assert "24 hot days: 04 August" in kernel.run("print(run['summary'])").text
        assert shown.editor
    assert (tmp_path / "hot-days.agent.json").is_file()
