"""Programs run apart, bounded, and end with all they started; the shell is off."""

import os
import shlex
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from agentbench.blocks.python.sandbox import ProgramFailed, sandbox
from agentbench.blocks.python.statements import run
from agentbench.blocks.shell import CommandFailed, ShellIsOff
from agentbench.blocks.shell import run as shell_run


async def test_the_last_line_is_the_result_in_all_its_forms(fire: Any) -> None:
    code = "class T:\n    def _repr_html_(self):\n        return '<b>t</b>'\nT()"
    given = await fire(sandbox, code=code)
    assert given["main_result"][0]["html"] == "<b>t</b>"
    assert given["results"][0] == given["main_result"]


async def test_a_program_without_a_result_gives_none(fire: Any) -> None:
    given = await fire(sandbox, code="x = 1")
    assert (given["results"], "main_result" in given) == ([[]], False)


async def test_what_it_writes_comes_back_and_links_do_not(
    fire: Any, context: Any
) -> None:
    code = (
        "open('a.txt', 'w').write('hi')\nimport os\nos.symlink('/etc/hostname', 'link')"
    )
    given = await fire(sandbox, code=code, keep_files=True)
    [file] = given["files"][0]
    assert (file["name"], file["content"]) == ("a.txt", "hi")
    assert (context.folder / file["path"]).read_text() == "hi"


async def test_a_program_sees_no_secret_of_ours(fire: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-1")
    given = await fire(sandbox, code="import os\nsorted(os.environ.values())")
    assert "canary" not in given["response"][0]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("def", "SyntaxError"),
        ("x = bytearray(10**10)", "more memory"),
        ("import os\nos.kill(os.getpid(), 9)", "by signal 9"),
        ("import os\nos._exit(3)", "with code 3"),
    ],
)
async def test_a_program_that_fails_says_why(fire: Any, code: str, reason: str) -> None:
    with pytest.raises(ProgramFailed, match=reason):
        await fire(sandbox, code=code, memory=512)


@pytest.mark.parametrize("ends", ["time.sleep(600)", "while True: pass"])
async def test_a_program_that_hangs_is_ended(fire: Any, ends: str) -> None:
    start = time.monotonic()
    with pytest.raises(ProgramFailed, match="ended after 1 s"):
        await fire(sandbox, code=f"import time\n{ends}", timeout=1)
    assert time.monotonic() - start < 20


async def test_a_command_is_ended_with_what_it_started(
    fire: Any, monkeypatch: Any, context: Any
) -> None:
    monkeypatch.setenv("AGENTBENCH_ALLOW_SHELL", "1")
    place = context.folder / "pid"
    inner = "import time; time.sleep(600)"
    code = (
        "import subprocess, sys, time; "
        f"child = subprocess.Popen([sys.executable, '-c', {inner!r}]); "
        f"open({str(place)!r}, 'w').write(str(child.pid)); time.sleep(600)"
    )
    with pytest.raises(CommandFailed, match="ended after 2 s"):
        await fire(
            shell_run, command=shlex.join([sys.executable, "-c", code]), timeout=2
        )
    child = int(place.read_text())
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{child}/stat").read_text().split()[2]  # noqa: ASYNC240
        except (FileNotFoundError, ProcessLookupError):
            return
        if state == "Z":
            return
        os.sched_yield()
    pytest.fail("what it had started lives on")


async def test_what_is_no_python_is_said_before_anything_runs(fire: Any) -> None:
    with pytest.raises(ValueError, match="no Python in line 2"):
        await fire(run, code="x = 1\ndef")


async def test_setup_commands_are_not_carried_out(fire: Any) -> None:
    with pytest.raises(ValueError, match="not carried out"):
        await fire(sandbox, code="1", setup_commands=["rm -rf /"])


async def test_t36_the_shell_is_off(fire: Any, monkeypatch: Any, context: Any) -> None:
    monkeypatch.delenv("AGENTBENCH_ALLOW_SHELL", raising=False)
    with pytest.raises(ShellIsOff, match="AGENTBENCH_ALLOW_SHELL=1"):
        await fire(shell_run, command="touch canary")
    assert not (context.folder / "canary").exists()


async def test_no_shell_reads_a_command(
    fire: Any, monkeypatch: Any, context: Any
) -> None:
    monkeypatch.setenv("AGENTBENCH_ALLOW_SHELL", "1")
    given = await fire(shell_run, command="echo a; touch canary $HOME")
    assert given["stdout"] == ["a; touch canary $HOME\n"]
    assert not (context.folder / "canary").exists()
    with pytest.raises(CommandFailed, match="ended with code 1"):
        await fire(shell_run, command="false")


def test_what_carries_code_says_so() -> None:
    from agentbench.workbench.plugins import Plugins

    carriers = {block.id for block in Plugins().blocks() if block.carries_code}
    assert {
        "python.expression",
        "python.run",
        "python.sandbox",
        "shell.run",
    } <= carriers
