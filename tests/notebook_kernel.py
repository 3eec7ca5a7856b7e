"""A real kernel, driven as a notebook drives it: cells, comms, interrupts."""

import contextlib
import os
import queue
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager

PATIENCE = 100.0
"""Seconds until what must happen counts as never happening."""


class NotebookKernel:
    """One ipykernel and its client; `widgets` holds the comms by id.

    `heard` are the custom messages of the widget that was asked last.
    """

    def __init__(self, manager: KernelManager) -> None:
        self.manager = manager
        self.client = manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)
        self.widgets: dict[str, dict[str, Any]] = {}
        self.heard: list[dict[str, Any]] = []
        self._watched = ""
        self._rid = 0
        self._outcomes: dict[str, Outcome] = {}

    def run(self, code: str, *, timeout: float = PATIENCE) -> "Outcome":
        """Runs a cell to its end."""
        return self.outcome(self.begin(code), timeout=timeout)

    def begin(self, code: str) -> str:
        """Starts a cell; returns its message id."""
        cell: str = self.client.execute(code)
        self._outcomes[cell] = Outcome()
        return cell

    def outcome(self, cell: str, *, timeout: float = PATIENCE) -> "Outcome":
        """Everything a cell put out, once it has ended."""
        end = time.monotonic() + timeout
        outcome = self._outcomes[cell]
        while time.monotonic() < end:
            if outcome.has_ended:
                return outcome
            self._next(0.2)
        raise TimeoutError(f"The cell did not end in {timeout} s.")

    def wait_for_start(self, cell: str, *, timeout: float = PATIENCE) -> None:
        """Waits until the kernel has begun with a cell."""
        self.see(lambda: self._outcomes[cell].has_begun, timeout=timeout)

    def wait_for_word(self, cell: str, word: str) -> None:
        """Waits until a cell has printed something."""
        self.see(lambda: word in self._outcomes[cell].text)

    def restart(self) -> None:
        """Kills the kernel and starts another in its place, as a front end does."""
        self.manager.restart_kernel(now=True)
        self.client.wait_for_ready(timeout=PATIENCE)
        self.widgets.clear()

    def open_subshell(self) -> str:
        """Has the kernel open a subshell, as JupyterLab does for comms; returns its id."""
        request = self.client.session.msg("create_subshell_request", {})
        self.client.control_channel.send(request)
        reply = self.client.get_control_msg(timeout=PATIENCE)
        subshell: str = reply["content"]["subshell_id"]
        return subshell

    def ask(
        self,
        widget: str,
        *,
        timeout: float = PATIENCE,
        subshell: str = "",
        buffers: Sequence[bytes] = (),
        **request: Any,
    ) -> dict[str, Any]:
        """Sends a request as a view would, with bytes beside it; returns the kernel's reply."""
        self._rid += 1
        self._watched = widget
        content = {"client": "test", "rid": self._rid, **request}
        self.say(widget, content, subshell=subshell, buffers=buffers)
        return self.until(
            lambda m: m.get("kind") == "reply" and m.get("rid") == content["rid"],
            timeout=timeout,
        )

    def say(
        self,
        widget: str,
        content: dict[str, Any],
        *,
        subshell: str = "",
        buffers: Sequence[bytes] = (),
    ) -> None:
        """Sends a widget's message as a view would, and waits for nothing."""
        data = {"method": "custom", "content": content}
        message = self.client.session.msg("comm_msg", {"comm_id": widget, "data": data})
        message["buffers"] = list(buffers)
        if subshell:
            message["header"]["subshell_id"] = subshell
        self.client.shell_channel.send(message)

    def until(self, wanted: Any, *, timeout: float = PATIENCE) -> dict[str, Any]:
        """The first custom message that is wanted, of those heard from now on."""
        end = time.monotonic() + timeout
        start = len(self.heard)
        while time.monotonic() < end:
            self._next(0.1)
            for message in self.heard[start:]:
                if wanted(message):
                    return message
            start = len(self.heard)
        raise TimeoutError("That message did not come.")

    def see(self, wanted: Callable[[], bool], *, timeout: float = PATIENCE) -> None:
        """Takes in messages until something holds."""
        end = time.monotonic() + timeout
        while not wanted():
            assert time.monotonic() < end, "it did not come to that"
            self._next(0.1)

    def updates(self, kind: str) -> list[dict[str, Any]]:
        """Every update of a kind that was heard so far."""
        batches = [m["updates"] for m in self.heard if m.get("kind") == "updates"]
        return [u for batch in batches for u in batch if u["update"] == kind]

    def _next(self, timeout: float) -> None:
        try:
            message = self.client.get_iopub_msg(timeout=timeout)
        except queue.Empty:
            return
        kind, content = message["msg_type"], message["content"]
        if kind == "comm_open":
            self.widgets[content["comm_id"]] = content["data"].get("state", {})
        elif kind == "comm_msg" and content["data"].get("method") == "custom":
            if content["comm_id"] == self._watched:
                self.heard.append(content["data"]["content"])
        elif kind == "comm_msg" and content["data"].get("method") == "update":
            self.widgets.setdefault(content["comm_id"], {}).update(
                content["data"]["state"]
            )
        elif (cell := message["parent_header"].get("msg_id")) in self._outcomes:
            self._outcomes[cell].take(kind, content)


class Outcome:
    """What a cell put out."""

    def __init__(self) -> None:
        self.text = ""
        self.bundles: list[dict[str, Any]] = []
        self.error = ""
        self.has_begun = self.has_ended = False

    def take(self, kind: str, content: dict[str, Any]) -> None:
        """Takes in one message."""
        if kind == "stream":
            self.text += content["text"]
        elif kind in ("execute_result", "display_data"):
            self.bundles.append(content["data"])
        elif kind == "error":
            self.error = "\n".join(content["traceback"])
        elif kind == "execute_input":
            self.has_begun = True
        elif kind == "status":
            self.has_ended = content["execution_state"] == "idle"

    @property
    def editor(self) -> str:
        """The comm of the widget that the cell showed last."""
        mime = "application/vnd.jupyter.widget-view+json"
        return next(b[mime]["model_id"] for b in reversed(self.bundles) if mime in b)


@contextlib.contextmanager
def running_kernel(folder: Path, **environ: str) -> Iterator[NotebookKernel]:
    """A kernel in a folder, with `agentbench` loaded from this checkout."""
    manager = KernelManager(kernel_name="python3")
    manager.kernel_spec.argv[0] = sys.executable
    paths = os.pathsep.join(path for path in sys.path if path)
    manager.start_kernel(
        cwd=str(folder), env={**os.environ, "PYTHONPATH": paths, **environ}
    )
    kernel = NotebookKernel(manager)
    try:
        yield kernel
    finally:
        kernel.client.stop_channels()
        manager.shutdown_kernel(now=True)
