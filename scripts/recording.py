"""Records notebooks again: runs them with a real model server, and keeps what it says.

    python scripts/recording.py notebooks/05-research-brief.ipynb ...

The model is the small one that the tests use (`scripts/weights.py`), served over HTTP by
llama.cpp; the pages that a notebook reads are served from `notebooks/data/pages`. Calls
that did not change leave their files as they were.
"""

import contextlib
import functools
import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

SCRIPTS = Path(__file__).parent
PAGES = SCRIPTS.parent / "notebooks" / "data" / "pages"
PORT = 8765
"""Where the pages are: the address stands in the notebook, and in its recordings."""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files, without a word and without a clock in its answers."""

    def log_message(self, *args: object) -> None:
        pass

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(0)


@contextlib.contextmanager
def pages() -> Iterator[None]:
    """Serves the pages."""
    serves = functools.partial(Quiet, directory=str(PAGES))
    with http.server.ThreadingHTTPServer(("127.0.0.1", PORT), serves) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


@contextlib.contextmanager
def model() -> Iterator[str]:
    """Serves the model; gives its base URL."""
    weights = [sys.executable, str(SCRIPTS / "weights.py")]
    found = subprocess.run(weights, check=True, capture_output=True, text=True)
    command = [sys.executable, str(SCRIPTS / "model_server.py"), found.stdout.strip()]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as server:
        url = next(line for line in server.stdout or () if line.startswith("http"))
        yield f"{url.strip()}/v1"
        server.kill()


def execute(notebooks: list[str], **environ: str) -> None:
    """Executes the notebooks in place."""
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "notebook"]
    command += ["--execute", "--inplace"]
    command += ["--ExecutePreprocessor.store_widget_state=False"]
    command += ["--ExecutePreprocessor.record_timing=False", *notebooks]
    subprocess.run(command, check=True, env=os.environ | environ)


def record(notebooks: list[str]) -> None:
    """Executes the notebooks, recording every call; then again, as they will be replayed."""
    with pages(), model() as url:
        execute(
            notebooks,
            AGENTBENCH_REPLAY="record",
            AGENTBENCH_MODEL_SERVERS=f"smol={url}",
            AGENTBENCH_TOOLS_BY_SCHEMA="smol",
            AGENTBENCH_ALLOWED_HOSTS=f"127.0.0.1:{PORT}",
        )
    execute(notebooks, AGENTBENCH_OFFLINE="1")


if __name__ == "__main__":
    record(sys.argv[1:])
