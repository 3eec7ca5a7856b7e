"""What the tests of recordings use: a recorder, and calls that count how often they are made."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from agentbench.domain.redaction import Redaction
from agentbench.domain.replay import Asked, ReplayMode
from agentbench.replay import FolderRecorder


class Far:
    """Something outside that can be asked; counts who came."""

    def __init__(self) -> None:
        self.count = 0

    def gives(self, answer: Any) -> Callable[[], Any]:
        async def live() -> Any:
            self.count += 1
            if isinstance(answer, Exception):
                raise answer
            return answer

        return live

    def streams(self, *parts: Any) -> Callable[[], AsyncIterator[Any]]:
        async def live() -> AsyncIterator[Any]:
            self.count += 1
            for part in parts:
                if isinstance(part, Exception):
                    raise part
                yield part

        return live


@pytest.fixture
def far() -> Far:
    return Far()


@pytest.fixture
def recorder(tmp_path: Path) -> Callable[..., FolderRecorder]:
    """Makes the recorder of one run, on the folder of the test."""

    def make(mode: str, known: Redaction | None = None) -> FolderRecorder:
        folder = tmp_path / "calls"
        return FolderRecorder(folder, ReplayMode(mode), known or Redaction())

    return make


def asked(label: str = "ask", **facts: Any) -> Asked:
    return Asked(kind="tool", label=label, facts=facts)


def files(recorder: FolderRecorder) -> dict[str, bytes]:
    folder = recorder.folder.path
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}
