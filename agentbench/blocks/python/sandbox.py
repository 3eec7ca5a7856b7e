"""A program of Python in a jail: a process apart, without files, network or processes."""

import asyncio
import base64
import json
import os
import stat
from pathlib import Path
from typing import Annotated, Any, Literal

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.confined import OutsideWorkspace, Workspace, is_hidden
from agentbench.blocks.base.program import ran
from agentbench.blocks.base.scratch import scratch
from agentbench.domain.context import Context
from agentbench.domain.port import Code
from agentbench.jail import REFUSED, command, lacks

MOST_FILES = 100
MOST_FILE = 5_000_000
MOST_WRITTEN = 100_000_000
"""Bytes that a program may write, in one file and in all."""

ALLOWED = "AGENTBENCH_SANDBOX"
"""The variable that names what else a program may: `network`, `partial`."""


class ProgramFailed(RuntimeError):
    """A program ended with an error, or was ended."""


class NoJail(PermissionError):
    """This system cannot keep a program from something, or was not asked to."""


@block(
    id="python.sandbox",
    title="Run program apart",
    keywords=("code", "execute", "sandbox", "untrusted", "generated", "script", "isolated"),
    effects="writes",
    carries_code=True,
    outputs={
        "main_result": Annotated[dict[str, Any], about("The result in its forms: `text`, `json`, `html`, …")],
        "results": Annotated[list[dict[str, Any]], about("All results: the one, or none.")],
        "response": Annotated[str, about("The result as text.")],
        "stdout": Annotated[str, about("What it printed.")],
        "stderr": Annotated[str, about("What it complained of.")],
        "files": Annotated[list[dict[str, Any]], about("Files it wrote: `path`, `name`, `content`.")],
    },
    examples=[
        example(
            {"code": "print('hi')\nsum(inputs['numbers'])", "inputs": {"numbers": [1, 2]}},
            main_result={"text": "3", "json": 3},
            response="3",
            stdout="hi\n",
        )
    ],
)  # fmt: skip
async def sandbox(
    code: Annotated[Code, about("A program; the value of its last line is the result.")],
    inputs: Annotated[dict[str, Any], about("Plain values: `inputs['name']` in the program.")] = {},  # noqa: B006
    *,
    language: Annotated[Literal["python"], about("Python only.", advanced=True)] = "python",
    setup_commands: Annotated[list[str], about("Not carried out: say what is missing in the environment.", advanced=True)] = [],  # noqa: B006
    timeout: Annotated[float, pydantic.Field(gt=0, le=3600), about("Seconds that it may take.")] = 300,
    memory: Annotated[int, pydantic.Field(ge=64, le=65_536), about("Megabytes that it may use.")] = 1024,
    offline: Annotated[bool, about("Without a network. With one it needs AGENTBENCH_SANDBOX=network.")] = True,
    keep_files: Annotated[bool, about("Put what it wrote into the workspace, under `programs/`.")] = False,
    context: Context,
) -> dict[str, Any]:  # fmt: skip
    """Runs a program of Python in a jail: a process of its own, in an empty folder.

    It reads what Python and the system are made of, and none of your files; it reaches no
    network, starts nothing, and sees no other process. It is bounded in time, memory and
    what it writes, and told nothing of our environment. The system holds it to that, not
    Python. Where the system cannot (other than Linux, or an old one), it does not run
    until AGENTBENCH_SANDBOX=partial says that it may all the same.
    """
    allowed = _allowed(offline=offline, setup_commands=setup_commands)
    with scratch("agentbench-program-") as place:
        folder, answer, spare = place / "work", place / "answer.json", place / "tmp"
        for made_here in (folder, spare):
            made_here.mkdir()
        orders = {
            "code": code,
            "inputs": inputs,
            "answer": str(answer),
            "folders": [str(folder), str(spare)],
            "memory": memory * 1_000_000,
            "seconds": int(timeout) + 1,
            "file": MOST_WRITTEN,
            "network": not offline,
            "is_partial": "partial" in allowed,
        }
        ended = await ran(
            command(),
            folder,
            timeout=timeout,
            given=json.dumps(orders),
            more={"TMPDIR": str(spare)},
            within=(place, MOST_WRITTEN),
        )
        if ended.is_late:
            raise ProgramFailed(f"The program was ended after {timeout:g} s.")
        if ended.is_large:
            raise ProgramFailed(
                f"The program was ended: it wrote more than {MOST_WRITTEN} bytes or"
                " too many files."
            )
        made = await asyncio.to_thread(_answer_in, answer)
        is_refused = ended.code == REFUSED and "missing" in made
        # Looked at again: a program may end like that, too, to be let out.
        if is_refused and (missing := await asyncio.to_thread(lacks, command())):
            raise NoJail(_not_jailed(missing))
        if ended.code:
            raise ProgramFailed(_why(ended.code, ended.err))
        files = await asyncio.to_thread(_files_in, folder)
    if keep_files:
        workspace = Workspace(context.workspace)
        for file in files:
            data = base64.b64decode(file.pop("data"))
            base = f"programs/{context.run_id}-{context.node}-{context.firing}"
            file["path"] = await asyncio.to_thread(
                workspace.write, f"{base}/{file['path']}", data
            )
    for file in files:
        file.pop("data", None)
    return {
        **({"main_result": made, "response": made["text"]} if made else {}),
        "results": [made] if made else [],
        "stdout": ended.out,
        "stderr": ended.err,
        "files": files,
    }


def _allowed(*, offline: bool, setup_commands: list[str]) -> list[str]:
    """What programs may here besides, once that is all that this one asks for."""
    if setup_commands:
        raise ValueError(
            "'setup_commands' are not carried out here: install what is missing in this"
            f" environment yourself ({setup_commands[0]!r:.80})."
        )
    allowed = os.environ.get(ALLOWED, "").lower().replace(",", " ").split()
    if not offline and "network" not in allowed:
        raise NoJail(
            "'offline' is off, and a program with a network reaches this machine and its"
            f" neighbours too. If you want that, start with {ALLOWED}=network."
        )
    return allowed


def _not_jailed(missing: list[str]) -> str:
    return (
        "The program was not run: this machine cannot keep it from"
        f" {', nor from '.join(map(str, missing))}. Run agentbench in a container of its"
        f" own, or start with {ALLOWED}=partial to run programs as they are."
    )


def _why(code: int, said: str) -> str:
    tail = "\n".join(said.strip().splitlines()[-12:])
    if "MemoryError" in tail:
        return f"The program needed more memory than it may have.\n{tail}"
    how = f"by signal {-code}" if code < 0 else f"with code {code}"
    return f"The program ended {how}.\n{tail}".strip()


def _answer_in(place: Path) -> dict[str, Any]:
    try:
        if place.stat().st_size > MOST_FILE:
            return {"text": "(the result is too large to be given)"}
        found = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    is_answer = isinstance(found.get("text"), str) or "missing" in found
    return found if is_answer else {}


def _files_in(folder: Path) -> list[dict[str, Any]]:
    """The plain files that a program left; links and what is hidden are left out."""
    found: list[dict[str, Any]] = []
    kept = Workspace(folder)
    for path in sorted(folder.rglob("*")):
        facts = path.lstat()
        if not stat.S_ISREG(facts.st_mode) or len(found) >= MOST_FILES:
            continue
        if facts.st_size > MOST_FILE:
            continue
        name = path.relative_to(folder).as_posix()
        if is_hidden(name):
            continue
        try:
            data = kept.read(name)
        except OutsideWorkspace:
            continue  # it has another name, or a link is on the way
        try:
            content = data.decode()
        except UnicodeDecodeError:
            content = base64.b64encode(data).decode()
        found.append(
            {
                "path": name,
                "name": path.name,
                "content": content,
                "data": base64.b64encode(data).decode(),
            }
        )
    return found
