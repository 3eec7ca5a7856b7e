"""A real JupyterLab in a real browser, as small as a test needs it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Error, Locator, Page

ARTIFACTS = Path(__file__).parent.parent.parent / "test-artifacts"
SCREENSHOTS = ARTIFACTS / "screenshots"
TOKEN = "browser-tests"
APPEARS_WITHIN = 120.0
KERNEL_WITHIN = 90.0
"""Seconds in which a kernel starts, or a page of JupyterLab loads."""
NO_NEWS = {"fetchNews": "false", "checkForUpdates": False}
PLAIN = {"@jupyterlab/apputils-extension:notification": NO_NEWS}
OWN_OPTIONS = {
    "jupyterlab": (
        "--LabApp.expose_app_in_browser=True",
        "--LabApp.extension_manager=readonly",
    ),
    "notebook": ("--expose-app-in-browser",),
}
KERNELSPEC = {"name": "python3", "display_name": "Python 3", "language": "python"}
PANEL = "window.jupyterapp.shell.currentWidget"


@dataclass(frozen=True)
class Lab:
    """A running server: where it is, and the folder that it shows."""

    url: str
    root: Path
    log: Path


@contextmanager
def running_lab(
    root: Path,
    *,
    env: Mapping[str, str] | None = None,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    app: str = "jupyterlab",
) -> Iterator[Lab]:
    """Serves `root`, with settings by plug-in id (`package:plugin`), until the block ends.

    `app` is JupyterLab, or `notebook` for Notebook 7.

    Everything that Jupyter keeps goes into a folder beside the root.
    """
    private = root.with_name(root.name + ".jupyter")
    _write_settings(private / "settings", {**PLAIN, **(settings or {})})
    port, log = free_port(), private / "server.log"
    lab = Lab(f"http://127.0.0.1:{port}", root, log)
    with log.open("w") as output:
        process = subprocess.Popen(
            _command(root, port, app),
            env={**os.environ, **_private_folders(private), **(env or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait_until_up(process, lab)
            yield lab
        finally:
            _stop(process)


def write_notebook(path: Path, cells: Sequence[str]) -> Path:
    """Writes a notebook of code cells."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in cells],
        metadata={"kernelspec": KERNELSPEC},
    )
    nbformat.write(notebook, path)
    return path


class LabPage:
    """One browser page with JupyterLab in it."""

    def __init__(self, page: Page, lab: Lab) -> None:
        self.page = page
        self.lab = lab
        self.errors: list[str] = []
        """What our own code on the page has thrown."""
        self._loads = 0
        page.set_default_timeout(1000 * KERNEL_WITHIN)
        page.on("pageerror", self._note)

    def load(self, path: str = "") -> None:
        """Loads JupyterLab afresh, in a workspace of its own."""
        self._loads += 1
        tree = f"/tree/{path}" if path else ""
        workspace = f"{self.lab.url}/lab/workspaces/test-{self._loads}{tree}"
        self.page.goto(f"{workspace}?token={TOKEN}&reset")
        self.page.wait_for_function("() => window.jupyterapp")
        self.page.evaluate("() => window.jupyterapp.started.then(() => true)")
        self._wait_for_splash()

    def open(self, path: str, *, with_kernel: bool = True) -> "Notebook":
        """Opens a notebook of the root folder and waits until its kernel is idle."""
        kernel = {"shouldStart": with_kernel}
        self.command(
            "docmanager:open", path=path, factory="Notebook", kernelPreference=kernel
        )
        self.page.wait_for_function(
            f"path => {PANEL}?.context?.path === path && {PANEL}.context.isReady",
            arg=path,
        )
        notebook = Notebook(self, path)
        if with_kernel:
            notebook.wait_until_idle()
        return notebook

    def command(self, name: str, **arguments: Any) -> None:
        """Executes a command of JupyterLab's own and waits until it is done."""
        self.page.evaluate(
            "async ([name, args]) => { await window.jupyterapp.commands.execute(name, args) }",
            [name, arguments],
        )

    def use_theme(self, *, dark: bool) -> None:
        """Switches the whole page."""
        theme = "JupyterLab Dark" if dark else "JupyterLab Light"
        self.command("apputils:change-theme", theme=theme)
        self.page.wait_for_function(
            "light => document.body.dataset.jpThemeLight === light",
            arg="false" if dark else "true",
        )
        self._wait_for_splash()

    def screenshot(self, name: str, *, of: Locator | None = None) -> Path:
        """Keeps a picture of the page, or of one thing on it, for people to look at."""
        path = SCREENSHOTS / f"{name}.png"
        (of or self.page).screenshot(path=path)
        return path

    def _note(self, error: Error) -> None:
        # A widget's code comes from a blob; what JupyterLab throws is not ours to mend.
        if "blob:" in (error.stack or ""):
            self.errors.append(error.stack or error.message)

    def _wait_for_splash(self) -> None:
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")


class Notebook:
    """An open notebook: runs its cells and reads what they put out."""

    def __init__(self, lab_page: LabPage, path: str) -> None:
        self.lab_page = lab_page
        self.page = lab_page.page
        self.path = path

    def run(self, index: int, *, wait: bool = True) -> list[dict[str, Any]]:
        """Runs one cell and returns its outputs; without waiting, those so far."""
        self._evaluate(
            """async (panel, [index, wait]) => {
                panel.content.deselectAll();
                panel.content.activeCellIndex = index;
                const ran = window.jupyterapp.commands.execute('notebook:run-cell');
                if (wait) await ran;
            }""",
            [index, wait],
        )
        return self.outputs(index)

    def run_all(self) -> None:
        """Runs every cell, from the first to the last or to one that fails."""
        self.lab_page.command("notebook:run-all-cells")

    def outputs(self, index: int) -> list[dict[str, Any]]:
        """What a cell put out, in nbformat's words."""
        outputs: list[dict[str, Any]] = self._evaluate(
            "(panel, index) => panel.content.widgets[index].model.outputs.toJSON()",
            index,
        )
        return outputs

    def text(self, index: int) -> str:
        """What a cell printed and showed, as plain text; an error with its name first."""
        return "".join(map(_plain, self.outputs(index))).rstrip("\n")

    def cell(self, index: int) -> Locator:
        """A cell on the page, scrolled into view."""
        self._evaluate(
            "async (panel, index) => { await panel.content.scrollToItem(index) }", index
        )
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell").nth(
            index
        )

    def count(self) -> int:
        """How many cells there are."""
        count: int = self._evaluate("panel => panel.content.widgets.length")
        return count

    def errors(self) -> list[str]:
        """The errors of all cells that failed."""
        cells = range(self.count())
        outputs = [one for index in cells for one in self._outputs_of(index)]
        return [_plain(one) for one in outputs if one["output_type"] == "error"]

    def restart(self) -> None:
        """Restarts the kernel, as its menu entry does."""
        self._evaluate("async panel => { await panel.sessionContext.restartKernel() }")
        self.wait_until_idle()

    def shut_down(self) -> None:
        """Shuts the kernel down, as its menu entry does."""
        self._evaluate("async panel => { await panel.sessionContext.shutdown() }")

    def start_kernel(self) -> None:
        """Starts a kernel where there is none any more."""
        self._evaluate(
            """async panel => {
                await panel.sessionContext.changeKernel({name: "python3"})
            }"""
        )
        self.wait_until_idle()

    def interrupt(self) -> None:
        """Interrupts the kernel, as its menu entry does."""
        self.lab_page.command("notebook:interrupt-kernel")

    def save(self) -> None:
        """Writes the notebook to its file."""
        self._evaluate("async panel => { await panel.context.save() }")

    def close(self) -> None:
        """Ends the kernel and drops the notebook, saved or not."""
        self._evaluate(
            """async panel => {
                if (panel.sessionContext.session) await panel.sessionContext.shutdown();
                panel.context.model.dirty = false;
                panel.close();
            }"""
        )

    def wait_until_idle(self) -> None:
        """Waits until the kernel is connected and has nothing to do."""
        self.page.wait_for_function(
            f"""() => {{
                const kernel = {PANEL}?.sessionContext?.session?.kernel;
                return kernel?.connectionStatus === 'connected' && kernel.status === 'idle';
            }}"""
        )

    def _outputs_of(self, index: int) -> list[dict[str, Any]]:
        code = self._evaluate(
            "(panel, index) => panel.content.widgets[index].model.type === 'code'",
            index,
        )
        return self.outputs(index) if code else []

    def _evaluate(self, function: str, argument: Any = None) -> Any:
        return self.page.evaluate(
            f"argument => ({function})({PANEL}, argument)", argument
        )


def _plain(output: Mapping[str, Any]) -> str:
    if output["output_type"] == "error":
        return f"{output['ename']}: {output['evalue']}\n"
    if output["output_type"] == "stream":
        return _joined(output["text"])
    return _joined(output["data"].get("text/plain", "")) + "\n"


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _command(root: Path, port: int, app: str) -> list[str]:
    as_root = ["--allow-root"] if os.geteuid() == 0 else []
    options = (
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={root}",
        f"--IdentityProvider.token={TOKEN}",
        *OWN_OPTIONS[app],
    )
    return [sys.executable, "-m", app, "--no-browser", *as_root, *options]


def _private_folders(private: Path) -> dict[str, str]:
    return {
        "IPYTHONDIR": str(private / "ipython"),
        "JUPYTER_CONFIG_DIR": str(private / "config"),
        "JUPYTER_DATA_DIR": str(private / "data"),
        "JUPYTER_RUNTIME_DIR": str(private / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(private / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(private / "workspaces"),
        # Cells may start `agentbench` or `python` by name, as in an active environment.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }


def _write_settings(folder: Path, settings: Mapping[str, Mapping[str, Any]]) -> None:
    for plugin, values in settings.items():
        path = folder / f"{plugin.replace(':', '/')}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_up(process: "subprocess.Popen[bytes]", lab: Lab) -> None:
    status = f"{lab.url}/api/status?token={TOKEN}"
    until = time.monotonic() + APPEARS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(status, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not come up:\n{lab.log.read_text()}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    for polite in (signal.SIGINT, signal.SIGTERM):
        if process.poll() is None:
            process.send_signal(polite)
            time.sleep(0.3)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
